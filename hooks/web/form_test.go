package web_test

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
	"simpul/hooks/web"
)

// sent is a request that sends a form in a language.
func sent(language string, fields url.Values) *core.RequestEvent {
	e := &core.RequestEvent{}
	e.Request = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(fields.Encode()))
	e.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	e.Request.AddCookie(&http.Cookie{Name: "language", Value: language})
	e.Response = httptest.NewRecorder()
	return e
}

// kind is one kind of input with what can go wrong with it. Empty words mean
// that nothing is wrong.
type kind struct {
	make        func() *web.Input
	good, wrong string
	wrongKey    string
	tooLong     int    // the least number of characters that is too long
	sixteenKey  string // for sixteen digits in a row
	picked      bool   // from a list, not typed
}

func (k kind) missingKey() string {
	if k.picked {
		return "problem.choose"
	}
	return "problem.needed"
}

func (k kind) tooLongKey() string {
	if k.picked {
		return k.wrongKey
	}
	return "problem.too_long"
}

var options = []web.Option{{Value: "a", Label: "Satu"}, {Value: "b", Label: "Dua"}}

func kinds() map[string]kind {
	const name = "email" // words stand under account.email
	digits := "problem.sixteen_digits"
	return map[string]kind{
		"text":     {make: func() *web.Input { return web.Text(name) }, good: "Jadwal 2 kunjungan", tooLong: 201, sixteenKey: digits},
		"short":    {make: func() *web.Input { return web.Text(name).Max(20) }, good: "Jadwal", tooLong: 21, sixteenKey: digits},
		"long":     {make: func() *web.Input { return web.Long(name) }, good: "- [ ] @Puskesmas: jadwal\n- lagi", tooLong: 20001, sixteenKey: digits},
		"date":     {make: func() *web.Input { return web.Date(name) }, good: "10 Desember 2026", wrong: "31/02/2026", wrongKey: "problem.not_a_date", tooLong: 41, sixteenKey: digits},
		"time":     {make: func() *web.Input { return web.Time(name) }, good: "09.30", wrong: "25:00", wrongKey: "problem.not_a_time", tooLong: 11, sixteenKey: "problem.too_long"},
		"quantity": {make: func() *web.Input { return web.Quantity(name) }, good: "2,5", wrong: "banyak", wrongKey: "problem.not_a_number", tooLong: 21, sixteenKey: digits},
		"below 0":  {make: func() *web.Input { return web.Quantity(name) }, good: "0", wrong: "-3", wrongKey: "problem.not_a_number", tooLong: 21, sixteenKey: digits},
		"number":   {make: func() *web.Input { return web.Number(name) }, good: "-2,5", wrong: "--3", wrongKey: "problem.not_a_number", tooLong: 21, sixteenKey: digits},
		"money":    {make: func() *web.Input { return web.Money(name) }, good: "1,5 juta", wrong: "Rp 0,5", wrongKey: "problem.not_money", tooLong: 31, sixteenKey: digits},
		"check":    {make: func() *web.Input { return web.Check(name) }, good: "on", tooLong: 11, sixteenKey: "problem.too_long"},
		"hidden":   {make: func() *web.Input { return web.Hidden(name) }, good: "3374010112900001", tooLong: 201},
		"email":    {make: func() *web.Input { return web.Email(name) }, good: "nama@instansi.go.id", wrong: "Nama <nama@instansi.go.id>", wrongKey: "problem.not_an_address", tooLong: 201, sixteenKey: digits},
		"password": {make: func() *web.Input { return web.Password(name) }, good: " kata sandi ", tooLong: 201},
		"new":      {make: func() *web.Input { return web.NewPassword(name) }, good: "kalimat baru ", tooLong: 72},
		"code":     {make: func() *web.Input { return web.Code(name) }, good: "123 456", tooLong: 13, sixteenKey: "problem.too_long"},
		"choice":   {make: func() *web.Input { return web.Choice(name, options) }, good: "b", wrong: "c", wrongKey: "problem.not_a_choice", picked: true, tooLong: 201, sixteenKey: digits},
		"cards":    {make: func() *web.Input { return web.Codes(name, "goods", "money").Cards() }, good: "goods", wrong: "gold", wrongKey: "problem.not_a_choice", picked: true, tooLong: 201, sixteenKey: digits},
	}
}

// TestForm_EachInput_ErrorsAndKeepsInput sends every kind of
// input missing, too long, wrong, unreadable, with an identity number, and right.
func TestForm_EachInput_ErrorsAndKeepsInput(t *testing.T) {
	for name, k := range kinds() {
		long := strings.Repeat("x", k.tooLong)
		cases := map[string][3]string{ // what is sent, the key of the sentence, what is shown again
			"missing":       {"", k.missingKey(), ""},
			"too long":      {long, k.tooLongKey(), long},
			"NUL":           {"a\x00b", "problem.unreadable", "ab"},
			"invalid UTF-8": {"a\xffb", "problem.unreadable", "ab"},
			"an identity":   {"3374010112900001", k.sixteenKey, "3374010112900001"},
			"right":         {k.good, "", k.good},
		}
		if k.wrong != "" {
			cases["wrong"] = [3]string{k.wrong, k.wrongKey, k.wrong}
		}
		if name != "password" && name != "new" {
			cases["with spaces around"] = [3]string{"  " + k.good + " \r\n", "", k.good}
		}
		for what, c := range cases {
			for _, language := range lang.Languages {
				said(t, name+" "+what+" "+language, read(t, language, k.make().Need(), c[0]), c)
			}
		}
	}
}

// read sends one value to a form of one input.
func read(t *testing.T, language string, input *web.Input, value string) *web.Form {
	t.Helper()
	e := sent(language, url.Values{"email": {value}})
	form := web.NewForm(e, "account", input)
	check.NoError(t, form.Read(e))
	return form
}

// said checks the sentence at the field and the value that is shown again.
func said(t *testing.T, what string, form *web.Form, want [3]string) {
	t.Helper()
	field := form.Field("email")
	check.Equal(t, what+": OK", form.OK(), (want[1] == ""))
	check.Equal(t, what+": shown again", field.Value, want[2])
	if want[1] == "" {
		check.Equal(t, what, field.Error, "")
		check.Equal(t, what, len(form.Mistakes()), 0)
		return
	}
	language := what[strings.LastIndexByte(what, ' ')+1:]
	sentence := lang.T(language, want[1], "label", lang.T(language, "account.email"), "n", field.Max)
	check.Equal(t, what, field.Error, sentence)
	if m := form.Mistakes(); len(m) != 1 || m[0].Text != sentence || m[0].Field != "email" {
		t.Errorf("%s: the summary says %v", what, m)
	}
}

func TestForm_MaxLength_CountsCharacters(t *testing.T) {
	for typed, fits := range map[string]bool{"kopié": true, "🤝🤝🤝🤝🤝": true, "kopi é": false, "🤝🤝🤝🤝🤝🤝": false} {
		if form := read(t, "id", web.Text("email").Max(5), typed); form.OK() != fits {
			t.Errorf("%q: %v, want fits %v", typed, form.Problems, fits)
		}
	}
}

func TestForm_OptionalEmpty_Accepted(t *testing.T) {
	for name, k := range kinds() {
		form := read(t, "id", k.make(), "")
		check.That(t, form.OK(), "%s: %v", name, form.Problems)
		if optional := form.Field("email").Optional; optional == slices.Contains([]string{"check", "hidden", "password", "new"}, name) {
			t.Errorf("%s: marked as optional: %v", name, optional)
		}
	}
}

// gift is a form of every kind of input that a stored gift fills.
func gift(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "contributions", web.Seen(), web.Text("item"), web.Quantity("quantity"), web.Money("value_idr"),
		web.Date("given_on"), web.Codes("kind", "goods", "money"), web.Long("note"))
}

func TestForm_CheckConflict_ComparesMeaning(t *testing.T) {
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
		check.NoError(t, form.Read(e))
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
		check.That(t, strings.Join(got, "|") == strings.Join(want, "|"), "%s: says %q, want %q", name, got, want)
		check.Equal(t, name+": seen", form.Value("seen"), r.GetString("updated"))
		check.Equal(t, name+": seen", form.Value(c.field), c.typed)
	}
}

// Somebody who goes back and sends the same once more is not in anybody's way,
// however it is typed; a form with a mistake in it is not taken for that.
func TestForm_CheckConflict_SameValues_None(t *testing.T) {
	w := testkit.New(t)
	r := w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Forum.Id, "kind", "goods", "item", "Sembako", "quantity", 1500,
		"unit", "package", "given_on", "2026-11-10", "stage", "delivered", "value_idr", 1500000, "value_basis", "invoice", "logged_by", w.OtherPartner.Id)
	for typed, overtaken := range map[string]bool{"10/11/2026": false, "2026-11-10": false, "2026-11-09": true, "kemarin": true} {
		e := sent("id", url.Values{"seen": {"2026-01-01 00:00:00.000Z"}, "item": {"Sembako "}, "quantity": {"1500"}, "value_idr": {"1,5 juta"},
			"given_on": {typed}, "kind": {"goods"}})
		form := gift(e)
		check.NoError(t, form.Read(e))
		check.That(t, form.CheckConflict(gift(e).From(r)) == overtaken && form.OK() != overtaken, "given on %q: %v", typed, form.Problems)
	}
}

func TestForm_CheckConflict_CurrentState_None(t *testing.T) {
	w := testkit.New(t)
	r := w.Fresh(w.Kopi)
	e := sent("id", url.Values{"seen": {r.GetString("updated")}, "name": {"Nama baru"}})
	form := web.NewForm(e, "programmes", web.Seen(), web.Text("name"))
	check.NoError(t, form.Read(e))
	check.That(t, !form.CheckConflict(web.NewForm(e, "programmes", web.Seen(), web.Text("name")).From(r)) && form.OK(), "%v", form.Problems)
}

func TestForm_ConflictLongText_Shortened(t *testing.T) {
	w := testkit.New(t)
	w.Kopi.Set("summary", strings.Repeat("é", 500))
	e := sent("id", url.Values{"seen": {"x"}, "summary": {"pendek"}})
	form := web.NewForm(e, "programmes", web.Seen(), web.Long("summary"))
	check.NoError(t, form.Read(e))
	form.CheckConflict(web.NewForm(e, "programmes", web.Seen(), web.Long("summary")).From(w.Kopi))
	if got := form.Field("summary").Error; !strings.HasSuffix(got, strings.Repeat("é", 120)+"…") {
		t.Errorf("says %q", got)
	}
}

// What is picked from a list is not filled in.
func TestForm_EmptyChoice_AsksToChoose(t *testing.T) {
	for language, want := range map[string]string{"id": "Pilih “Alamat email” dulu.", "en": "Please choose “Email address”."} {
		for name, input := range map[string]*web.Input{"choice": web.Choice("email", options), "cards": web.Codes("email", "a").Cards(), "file": web.File("email")} {
			form := read(t, language, input.Need(), "")
			check.Equal(t, name, form.Field("email").Error, want)
		}
	}
}

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

// TestAddErrors_PocketBase_Translated saves records that PocketBase itself
// refuses and looks for our sentence at the field.
func TestAddErrors_PocketBase_Translated(t *testing.T) {
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
			check.Lacks(t, name, m.Text, "{{", "<no value>", "⟦")
		}
	}
}

func TestAddErrors_OtherError_Returned(t *testing.T) {
	form := web.NewForm(sent("id", url.Values{}), "account", web.Text("email"))
	for _, err := range []error{nil, errors.New("disk full"), access.ErrRefused, lang.Problems(nil).Err()} {
		check.That(t, !form.AddErrors(err) && form.OK(), "%v was taken for a mistake of the reader", err)
	}
	var problems lang.Problems
	problems.Add("email", "problem.needed")
	check.That(t, form.AddErrors(problems.Err()) && !form.OK() && form.Field("email").Error != "", "our own problems were not taken")
	if !form.AddErrors(access.Invalid("other", "problem.too_long", "n", 5)) || len(form.Mistakes()) != 2 || form.Mistakes()[1].Field != "" {
		t.Errorf("a problem at no control: %v", form.Mistakes())
	}
}

func TestForm_Record_BothWays(t *testing.T) {
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
	check.Equal(t, "numbers are not told", form.Number("position"), 1500)
	check.Equal(t, "numbers are not told", form.Number("title"), 0)
}

func TestForm_UnknownControl_Shown(t *testing.T) {
	form := web.NewForm(sent("id", nil), "account", web.Text("email"))
	if f := form.Field("emial"); f.Label != "⟦emial⟧" || f.Kind != "text" {
		t.Errorf("%+v", f)
	}
	if fields := form.Fields(); len(fields) != 1 || fields[0].Name != "email" || fields[0].Label != lang.T("id", "account.email") {
		t.Errorf("%+v", fields)
	}
}

func TestForm_Choices_MarkedAndTranslated(t *testing.T) {
	form := web.NewForm(sent("en", nil), "users", web.Codes("language", "id", "en"), web.Choice("position", options)).Set("language", "en").Set("position", "a")
	got := form.Field("language").Options
	check.That(t, len(got) == 2 && !got[0].Chosen && got[1].Chosen && got[1].Label == "English", "%+v", got)
	if chosen := form.Field("position").Options; !chosen[0].Chosen || chosen[1].Chosen || options[0].Chosen {
		t.Errorf("%+v", chosen)
	}
}

// uploaded is a request that sends a form with one file, none for no name.
func uploaded(t *testing.T, name string, content []byte) *core.RequestEvent {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	check.NoError(t, w.WriteField("email", "a@example.org"))
	part := check.Must(w.CreateFormFile("photo", name))
	check.Must(part.Write(content))
	check.NoError(t, w.Close())
	e := &core.RequestEvent{}
	e.Request = httptest.NewRequest(http.MethodPost, "/", &body)
	e.Request.Header.Set("Content-Type", w.FormDataContentType())
	e.Response = httptest.NewRecorder()
	return e
}

func TestUpload_File_ReadWithOtherInputs(t *testing.T) {
	e := uploaded(t, "foto rapat.jpg", []byte("isi foto"))
	form := web.NewForm(e, "account", web.Email("email").Need(), web.File("photo").Need())
	if err := form.Read(e); err != nil || !form.OK() {
		t.Fatal(err, form.Problems)
	}
	file := form.Upload("photo")
	if file == nil || file.OriginalName != "foto rapat.jpg" || file.Size != 8 {
		t.Fatalf("%+v", file)
	}
	r, err := file.Reader.Open()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	check.That(t, err == nil && string(content) == "isi foto" && r.Close() == nil, "%q, %v", content, err)
	check.That(t, form.Value("email") == "a@example.org" && form.Upload("email") == nil, "the other input was not read")
}

func TestUpload_Empty_None(t *testing.T) {
	for _, need := range []bool{true, false} {
		input := web.File("photo")
		if need {
			input.Need()
		}
		e := uploaded(t, "foto.jpg", nil) // what browsers send when nothing was chosen
		form := web.NewForm(e, "account", web.Email("email"), input)
		check.NoError(t, form.Read(e))
		if form.OK() == need || form.Upload("photo") != nil {
			t.Errorf("needed %v: %v, %v", need, form.Problems, form.Upload("photo"))
		}
	}
}
