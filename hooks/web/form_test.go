package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/web"

	"simpul/hooks/testkit/check"
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

// TestEveryKindOfInputSaysWhatIsWrongAndKeepsWhatWasTyped sends every kind of
// input missing, too long, wrong, unreadable, with an identity number, and right.
func TestEveryKindOfInputSaysWhatIsWrongAndKeepsWhatWasTyped(t *testing.T) {
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
		if field.Error != "" || len(form.Mistakes()) != 0 {
			t.Errorf("%s: %q, want nothing wrong", what, field.Error)
		}
		return
	}
	language := what[strings.LastIndexByte(what, ' ')+1:]
	sentence := lang.T(language, want[1], "label", lang.T(language, "account.email"), "n", field.Max)
	check.Equal(t, what, field.Error, sentence)
	if m := form.Mistakes(); len(m) != 1 || m[0].Text != sentence || m[0].Field != "email" {
		t.Errorf("%s: the summary says %v", what, m)
	}
}

func TestLengthIsCountedInCharactersNotBytes(t *testing.T) {
	for typed, fits := range map[string]bool{"kopié": true, "🤝🤝🤝🤝🤝": true, "kopi é": false, "🤝🤝🤝🤝🤝🤝": false} {
		if form := read(t, "id", web.Text("email").Max(5), typed); form.OK() != fits {
			t.Errorf("%q: %v, want fits %v", typed, form.Problems, fits)
		}
	}
}

func TestAnEmptyInputThatIsNotNeededIsFine(t *testing.T) {
	for name, k := range kinds() {
		form := read(t, "id", k.make(), "")
		if !form.OK() {
			t.Errorf("%s: %v", name, form.Problems)
		}
		if optional := form.Field("email").Optional; optional == slices.Contains([]string{"check", "hidden", "password", "new"}, name) {
			t.Errorf("%s: marked as optional: %v", name, optional)
		}
	}
}
