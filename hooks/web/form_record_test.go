package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/web"
)

// gift is a form of every kind of input that a stored gift fills.
func gift(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "contributions", web.Seen(), web.Text("item"), web.Quantity("quantity"), web.Money("value_idr"),
		web.Date("given_on"), web.Codes("kind", "goods", "money"), web.Long("note"))
}

func TestWhatWasTypedIsComparedByItsMeaning(t *testing.T) {
	w := testkit.New(t)
	r := w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Forum.Id, "kind", "goods", "item", "Sembako", "quantity", 1500,
		"unit", "package", "given_on", "2026-11-10", "stage", "delivered", "value_idr", 1500000, "value_basis", "invoice", "logged_by", w.OtherPartner.Id)
	same := url.Values{"item": {"Sembako "}, "quantity": {"1500"}, "value_idr": {"1,5 juta"}, "given_on": {"10/11/2026"}, "kind": {"goods"}}
	for name, c := range map[string]struct {
		field, typed, says string
	}{
		"another text":         {"item", "Beras", "Sembako"},
		"another quantity":     {"quantity", "20", "1.500"},
		"another value":        {"value_idr", "2 juta", "1.500.000"},
		"another day":          {"given_on", "2026-11-11", "10 Nov 2026"},
		"another choice":       {"kind", "money", "Barang"},
		"a text where none is": {"note", "Dari gudang", ""},
	} {
		fields := url.Values{"seen": {"2026-01-01 00:00:00.000Z"}}
		for field, values := range same {
			fields[field] = values
		}
		fields.Set(c.field, c.typed)
		e := sent("id", fields)
		form := gift(e)
		if err := form.Read(e); err != nil {
			t.Fatal(err)
		}
		if !form.CheckConflict(gift(e).From(r)) || form.OK() {
			t.Fatalf("%s: an older form is taken", name)
		}
		want := []string{lang.T("id", "problem.changed_meanwhile")}
		label := lang.T("id", "contributions."+c.field)
		switch {
		case c.says != "":
			want = append(want, lang.T("id", "problem.stored_now", "label", label, "value", c.says))
		case c.field == "note":
			want = append(want, lang.T("id", "problem.stored_empty", "label", label))
		}
		got := []string{}
		for _, m := range form.Mistakes() {
			got = append(got, m.Text)
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: says %q, want %q", name, got, want)
		}
		if form.Value("seen") != r.GetString("updated") || form.Value(c.field) != c.typed {
			t.Errorf("%s: seen %q, typed %q", name, form.Value("seen"), form.Value(c.field))
		}
	}
}

// Somebody who goes back and sends the same once more is not in anybody's way,
// however it is typed; a form with a mistake in it is not taken for that.
func TestWhatIsStoredAlreadyIsNotOvertaken(t *testing.T) {
	w := testkit.New(t)
	r := w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Forum.Id, "kind", "goods", "item", "Sembako", "quantity", 1500,
		"unit", "package", "given_on", "2026-11-10", "stage", "delivered", "value_idr", 1500000, "value_basis", "invoice", "logged_by", w.OtherPartner.Id)
	for typed, overtaken := range map[string]bool{"10/11/2026": false, "2026-11-10": false, "2026-11-09": true, "kemarin": true} {
		e := sent("id", url.Values{"seen": {"2026-01-01 00:00:00.000Z"}, "item": {"Sembako "}, "quantity": {"1500"}, "value_idr": {"1,5 juta"},
			"given_on": {typed}, "kind": {"goods"}})
		form := gift(e)
		if err := form.Read(e); err != nil {
			t.Fatal(err)
		}
		if form.CheckConflict(gift(e).From(r)) != overtaken || form.OK() == overtaken {
			t.Errorf("given on %q: %v", typed, form.Problems)
		}
	}
}

func TestAFormOnTheStoredStateIsNotOvertaken(t *testing.T) {
	w := testkit.New(t)
	r := w.Fresh(w.Kopi)
	e := sent("id", url.Values{"seen": {r.GetString("updated")}, "name": {"Nama baru"}})
	form := web.NewForm(e, "programmes", web.Seen(), web.Text("name"))
	if err := form.Read(e); err != nil {
		t.Fatal(err)
	}
	if form.CheckConflict(web.NewForm(e, "programmes", web.Seen(), web.Text("name")).From(r)) || !form.OK() {
		t.Errorf("%v", form.Problems)
	}
}

func TestALongTextIsQuotedShort(t *testing.T) {
	w := testkit.New(t)
	w.Kopi.Set("summary", strings.Repeat("é", 500))
	e := sent("id", url.Values{"seen": {"x"}, "summary": {"pendek"}})
	form := web.NewForm(e, "programmes", web.Seen(), web.Long("summary"))
	if err := form.Read(e); err != nil {
		t.Fatal(err)
	}
	form.CheckConflict(web.NewForm(e, "programmes", web.Seen(), web.Long("summary")).From(w.Kopi))
	if got := form.Field("summary").Error; !strings.HasSuffix(got, strings.Repeat("é", 120)+"…") {
		t.Errorf("says %q", got)
	}
}

// What is picked from a list is not filled in.
func TestAnEmptyChoiceAsksToChoose(t *testing.T) {
	for language, want := range map[string]string{"id": "Pilih “Alamat email” dulu.", "en": "Please choose “Email address”."} {
		for name, input := range map[string]*web.Input{"choice": web.Choice("email", options), "cards": web.Codes("email", "a").Cards(), "file": web.File("email")} {
			form := read(t, language, input.Need(), "")
			if got := form.Field("email").Error; got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}
