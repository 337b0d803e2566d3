package web_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/web"

	"simpul/hooks/testkit/check"
)

func blank(w *testkit.World, collection string, fields map[string]any) *core.Record {
	w.Helper()
	c := check.Must(w.App.FindCachedCollectionByNameOrId(collection))
	r := core.NewRecord(c)
	r.Load(fields)
	return r
}

func file(w *testkit.World, name string, content []byte) *filesystem.File {
	w.Helper()
	f := check.Must(filesystem.NewFileFromBytes(content, name))
	return f
}

// TestPocketBasesOwnErrorsBecomeSentences saves records that PocketBase itself
// refuses and looks for our sentence at the field.
func TestPocketBasesOwnErrorsBecomeSentences(t *testing.T) {
	w := world(t)
	type row = map[string]any
	w.Make("deliveries", "kind", "account", "key", "sudah-ada", "due_at", "2026-12-01 01:00:00.000Z", "state", "held")
	png := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), make([]byte, 11<<20)...)
	task := func(field string, value any) row {
		return row{"programme": w.Kopi.Id, "title": "x", "organisation": w.Agency.Id, "accountable": w.Initiator.Id, field: value}
	}
	for name, of := range map[string]struct {
		collection string
		fields     row
		field, key string
	}{
		"nothing typed":       {"stages", row{"programme": w.Kopi.Id, "position": 1}, "name", "problem.needed"},
		"too long":            {"stages", row{"programme": w.Kopi.Id, "position": 1, "name": strings.Repeat("x", 201)}, "name", "problem.too_long"},
		"no such record":      {"stages", row{"programme": "tidakadaprogram", "position": 1, "name": "x"}, "programme", "problem.not_a_choice"},
		"no such code":        {"holidays", row{"on": "2027-01-01", "name": "x", "kind": "lost"}, "kind", "problem.not_a_choice"},
		"no address":          {"suppressions", row{"email": "x", "reason": "bounced"}, "email", "problem.not_an_address"},
		"no link":             {"organisations", row{"name": "x", "helix": "media", "website": "x"}, "website", "problem.not_a_link"},
		"part of a whole":     {"stages", row{"programme": w.Kopi.Id, "name": "x", "position": 1.5}, "position", "problem.not_whole"},
		"far too much":        {"stages", row{"programme": w.Kopi.Id, "name": "x", "position": 1e9}, "position", "problem.too_large"},
		"there already":       {"deliveries", row{"kind": "account", "key": "sudah-ada", "due_at": "2026-12-01 01:00:00.000Z", "state": "held"}, "key", "problem.already_there"},
		"address taken":       {"users", row{"email": "partner@example.org", "password": testkit.Password, "name": "x"}, "email", "problem.already_there"},
		"a short password":    {"users", row{"email": "baru@example.org", "password": "pendek", "name": "x"}, "password", "problem.too_short"},
		"not a picture":       {"tasks", task("files", file(w, "foto.png", []byte("bukan gambar"))), "files", "problem.wrong_file"},
		"too large a picture": {"tasks", task("files", file(w, "foto.png", png)), "files", "problem.too_big_file"},
	} {
		err := w.App.Save(blank(w, of.collection, of.fields))
		form := web.NewForm(sent("en", url.Values{}), "account", web.Text("email"))
		if !form.AddErrors(err) {
			t.Errorf("%s: %v was not taken", name, err)
			continue
		}
		if len(form.Problems) != 1 || form.Problems[0].Field != of.field || form.Problems[0].Key != of.key {
			t.Errorf("%s: %v, want %s at %s", name, form.Problems, of.key, of.field)
		}
		for _, m := range form.Mistakes() {
			if strings.Contains(m.Text, "{{") || strings.Contains(m.Text, "<no value>") || strings.Contains(m.Text, "⟦") {
				t.Errorf("%s: says %q", name, m.Text)
			}
		}
	}
}

func TestTakeLeavesOtherErrorsAlone(t *testing.T) {
	form := web.NewForm(sent("id", url.Values{}), "account", web.Text("email"))
	for _, err := range []error{nil, errors.New("disk full"), access.ErrRefused, lang.Problems(nil).Err()} {
		if form.AddErrors(err) || !form.OK() {
			t.Errorf("%v was taken for a mistake of the reader", err)
		}
	}
	var problems lang.Problems
	problems.Add("email", "problem.needed")
	if !form.AddErrors(problems.Err()) || form.OK() || form.Field("email").Error == "" {
		t.Error("our own problems were not taken")
	}
	if !form.AddErrors(access.Invalid("other", "problem.too_long", "n", 5)) || len(form.Mistakes()) != 2 || form.Mistakes()[1].Field != "" {
		t.Errorf("a problem at no control: %v", form.Mistakes())
	}
}

func TestAFormFillsARecordAndIsFilledFromOne(t *testing.T) {
	w := world(t)
	inputs := func() []*web.Input {
		return []*web.Input{web.Text("title"), web.Long("details"), web.Date("due_on"), web.Codes("urgency", "normal", "urgent"),
			web.Number("position"), web.Check("nothing_of_ours"), web.Hidden("once")}
	}
	typed := url.Values{"title": {" Jadwal "}, "details": {"satu\r\ndua"}, "due_on": {"10/12/2026"}, "urgency": {"urgent"}, "position": {"1.500"}, "once": {"kunci"}, "state": {"done"}}
	form := web.NewForm(sent("id", typed), "tasks", inputs()...)
	if err := form.Read(sent("id", typed)); err != nil || !form.OK() {
		t.Fatal(err, form.Problems)
	}
	r := blank(w, "tasks", nil)
	form.Into(r)
	for field, want := range map[string]string{"title": "Jadwal", "details": "satu\ndua", "due_on": "2026-12-10", "urgency": "urgent", "position": "1500", "once": "kunci", "state": ""} {
		check.Equal(t, field, r.GetString(field), want)
	}
	shown := web.NewForm(sent("id", nil), "tasks", inputs()...).From(r)
	for name, want := range map[string]string{"title": "Jadwal", "due_on": "2026-12-10", "urgency": "urgent", "position": "1.500", "nothing_of_ours": ""} {
		check.Equal(t, name+" is shown", shown.Value(name), want)
	}
	if once := shown.Value("once"); once == "kunci" || len(once) != 24 {
		t.Errorf("an edit form carries the key %q of another", once)
	}
	if form.Number("position") != 1500 || form.Number("title") != 0 {
		t.Error("numbers are not told")
	}
}

func TestAControlThatDoesNotExistShows(t *testing.T) {
	form := web.NewForm(sent("id", nil), "account", web.Text("email"))
	if f := form.Field("emial"); f.Label != "⟦emial⟧" || f.Kind != "text" {
		t.Errorf("%+v", f)
	}
	if fields := form.Fields(); len(fields) != 1 || fields[0].Name != "email" || fields[0].Label != lang.T("id", "account.email") {
		t.Errorf("%+v", fields)
	}
}

func TestChoicesAreMarkedAndWordedInTheReadersLanguage(t *testing.T) {
	form := web.NewForm(sent("en", nil), "users", web.Codes("language", "id", "en"), web.Choice("position", options)).Set("language", "en").Set("position", "a")
	got := form.Field("language").Options
	if len(got) != 2 || got[0].Chosen || !got[1].Chosen || got[1].Label != "English" {
		t.Errorf("%+v", got)
	}
	if chosen := form.Field("position").Options; !chosen[0].Chosen || chosen[1].Chosen || options[0].Chosen {
		t.Errorf("%+v", chosen)
	}
}
