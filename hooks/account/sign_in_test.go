package account_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

func TestSignIn_Code_SignsIn(t *testing.T) {
	w := testkit.New(t)
	c := asked(w, partner)
	c.Get("/sign-in/code").Want(http.StatusOK)
	row := letter(w, partner, 1)
	check.Same(t, "the letter", []string{row.GetString("state"), row.GetString("user"), row.GetString("language")}, []string{"held", w.Partner.Id, "id"})
	check.Equal(t, "the letter is useful", row.GetDateTime("useful_until_at").Time().Sub(row.GetDateTime("due_at").Time()), 10*time.Minute)
	typed := code(w, partner, 1)
	check.That(t, strings.HasPrefix(row.GetString("subject"), typed), "the subject %q does not begin with the code", row.GetString("subject"))
	check.Equal(t, "leads", c.Post("/sign-in/code", "code", typed).Want(http.StatusSeeOther).Header.Get("Location"), "/")
	isSomebody(t, c, partner)
	check.Same(t, "the sign-in pages' cookies are kept", []string{c.Cookie("code"), c.Cookie("next")}, []string{"", ""})
	check.That(t, w.Fresh(w.Partner).ValidatePassword(testkit.Password), "the code replaced the password")
}

// What is answered must not tell who is known here.
func TestSignIn_UnknownAddress_SameAnswer(t *testing.T) {
	w := testkit.New(t)
	secret := regexp.MustCompile(`code=[a-z0-9]{15};`)
	var first *testkit.Response
	for _, address := range []string{partner, "stranger@example.org", "disabled@example.org", "admin@example.org", "PARTNER@example.org"} {
		r := w.As(nil).Post("/sign-in", "email", address, "next", "/programmes")
		for i, c := range r.Header["Set-Cookie"] {
			r.Header["Set-Cookie"][i] = secret.ReplaceAllString(c, "code=X;")
		}
		if first == nil {
			first = r
			continue
		}
		check.Equal(t, address+": status", r.Status, first.Status)
		check.Equal(t, address+": status", r.Body, first.Body)
		check.Same(t, address+" (-known +this):\n", r.Header, first.Header)
	}
	letter(w, partner, 1)
	for _, nobody := range []string{"stranger@example.org", "disabled@example.org", "admin@example.org"} {
		check.Equal(t, nobody, len(messages(w, nobody)), 0)
	}
}

func TestSignIn_WrongCode_SameAnswer(t *testing.T) {
	w := testkit.New(t)
	known, unknown := asked(w, partner), asked(w, "stranger@example.org")
	right := code(w, partner, 1)
	for range 6 {
		a, b := known.Post("/sign-in/code", "code", wrong(right)), unknown.Post("/sign-in/code", "code", wrong(right))
		check.That(t, a.Status == http.StatusUnprocessableEntity && a.Status == b.Status && a.Body == b.Body, "known %d, unknown %d", a.Status, b.Status)
		says(t, a, ".field .error", "account.problem_code")
	}
}

// wrong is another code than the right one.
func wrong(right string) string {
	if right == "000000" {
		return "111111"
	}
	return "000000"
}

func TestSignIn_FiveWrongCodes_CodeInvalid(t *testing.T) {
	w := testkit.New(t)
	c := asked(w, partner)
	right := code(w, partner, 1)
	for range 5 {
		c.Post("/sign-in/code", "code", wrong(right)).Want(http.StatusUnprocessableEntity)
	}
	c.Post("/sign-in/code", "code", right).Want(http.StatusUnprocessableEntity)
	isSomebody(t, c, "")
	other := asked(w, "other-partner@example.org")
	other.Post("/sign-in/code", "code", code(w, "other-partner@example.org", 1)).Want(http.StatusSeeOther)
	isSomebody(t, other, "other-partner@example.org")
}

func TestSignIn_CodeWithSpaces_Accepted(t *testing.T) {
	for _, between := range []string{" ", "-", "  ", ". "} {
		w := testkit.New(t)
		c := asked(w, partner)
		right := code(w, partner, 1)
		c.Post("/sign-in/code", "code", " "+right[:3]+between+right[3:]+" ").Want(http.StatusSeeOther)
		isSomebody(t, c, partner)
	}
}

func TestSignIn_ExpiredCode_Refused(t *testing.T) {
	w := testkit.New(t)
	c := asked(w, partner)
	right := code(w, partner, 1)
	age(w, 11*time.Minute)
	says(t, c.Post("/sign-in/code", "code", right).Want(http.StatusUnprocessableEntity), ".field .error", "account.problem_code")
	isSomebody(t, c, "")
}

func TestSignIn_CodeAfterNineMinutes_Accepted(t *testing.T) {
	w := testkit.New(t)
	c := asked(w, partner)
	right := code(w, partner, 1)
	age(w, 9*time.Minute)
	c.Post("/sign-in/code", "code", right).Want(http.StatusSeeOther)
	isSomebody(t, c, partner)
}

// age makes every code older.
func age(w *testkit.World, by time.Duration) {
	w.Helper()
	created := time.Now().UTC().Add(-by).Format("2006-01-02 15:04:05.000Z")
	check.Must(w.App.DB().Update("_otps", dbx.Params{"created": created}, nil).Execute())
}

func TestSignIn_CodeReusedOrOtherBrowser_Refused(t *testing.T) {
	w := testkit.New(t)
	c := asked(w, partner)
	right := code(w, partner, 1)
	thief := asked(w, "stranger@example.org")
	thief.Post("/sign-in/code", "code", right).Want(http.StatusUnprocessableEntity)
	isSomebody(t, thief, "")
	before := c.Cookie("code")
	c.Post("/sign-in/code", "code", right).Want(http.StatusSeeOther)
	again := w.As(nil)
	again.SetCookie("code", before)
	again.Post("/sign-in/code", "code", right).Want(http.StatusUnprocessableEntity)
	isSomebody(t, again, "")
}

func TestSignIn_SecondCode_FirstStaysValid(t *testing.T) {
	w := testkit.New(t)
	first := asked(w, partner)
	one := code(w, partner, 1)
	second := asked(w, partner)
	two := code(w, partner, 2)
	first.Post("/sign-in/code", "code", one).Want(http.StatusSeeOther)
	second.Post("/sign-in/code", "code", two).Want(http.StatusSeeOther)
	isSomebody(t, first, partner)
	isSomebody(t, second, partner)
}

func TestSignIn_CodePageWithoutRequest_Redirected(t *testing.T) {
	w := testkit.New(t)
	c := w.As(nil)
	check.Equal(t, "leads", c.Get("/sign-in/code").Want(http.StatusSeeOther).Header.Get("Location"), "/sign-in")
	says(t, c.Follow(c.Post("/sign-in/code", "code", "123456")), ".flash", "account.code_again")
	waiting := asked(w, partner)
	for _, typed := range []string{"", "   ", strings.Repeat("1", 21), "\x00"} {
		r := waiting.Post("/sign-in/code", "code", typed).Want(http.StatusUnprocessableEntity)
		check.That(t, r.Text(".field .error") != "", "%q: nothing is said", typed)
	}
}

func TestSignIn_Password_SignsIn(t *testing.T) {
	w := testkit.New(t)
	for _, address := range []string{partner, "admin@example.org", "Initiator@Example.org", "COORDINATOR@EXAMPLE.ORG"} {
		c := w.As(nil)
		r := c.Post("/sign-in", "email", address, "password", testkit.Password).Want(http.StatusSeeOther)
		check.Equal(t, address+" is led", r.Header.Get("Location"), "/")
		isSomebody(t, c, strings.ToLower(address))
	}
	check.Equal(t, "value", len(messages(w, partner)), 0)
}

func TestSignIn_WrongPassword_SameAnswer(t *testing.T) {
	w := testkit.New(t)
	var first string
	for _, of := range [][2]string{{partner, "salah"}, {partner, testkit.Password + " "}, {partner, strings.ToUpper(testkit.Password)},
		{"stranger@example.org", testkit.Password}, {"admin@example.org", "salah"}, {"disabled@example.org", testkit.Password}} {
		c := w.As(nil)
		r := c.Post("/sign-in", "email", of[0], "password", of[1]).Want(http.StatusUnprocessableEntity)
		says(t, r, ".field .error", "account.problem_password")
		check.Equal(t, "the address comes back", r.Doc().Find("#email").AttrOr("value", ""), of[0])
		check.Lacks(t, of[0]+": the password comes back", r.Body, of[1])
		if _, open := r.Doc().Find("details").Attr("open"); !open {
			t.Error("the password's place is closed")
		}
		body := strings.ReplaceAll(r.Body, of[0], "X")
		if first == "" {
			first = body
		}
		check.Equal(t, of[0]+" gets another page", body, first)
		isSomebody(t, c, "")
	}
}

func TestSignIn_PasswordWithSpaces_Kept(t *testing.T) {
	w := testkit.New(t)
	r := w.Fresh(w.Partner)
	r.SetPassword("  dua spasi di depan")
	check.NoError(t, w.App.Save(r))
	w.As(nil).Post("/sign-in", "email", partner, "password", "dua spasi di depan").Want(http.StatusUnprocessableEntity)
	c := w.As(nil)
	c.Post("/sign-in", "email", " "+partner+" ", "password", "  dua spasi di depan").Want(http.StatusSeeOther)
	isSomebody(t, c, partner)
}

func TestSignIn_InvalidInput_Explained(t *testing.T) {
	w := testkit.New(t)
	for typed, key := range map[string]string{
		"":                                "problem.needed",
		"   ":                             "problem.needed",
		"partner":                         "problem.not_an_address",
		"Partner <partner@example.org>":   "problem.not_an_address",
		"a@b@c":                           "problem.not_an_address",
		"partner@example.org\x00":         "problem.unreadable",
		"partner\xff@example.org":         "problem.unreadable",
		"3374010112900001@example.org":    "problem.sixteen_digits",
		strings.Repeat("x", 200) + "@x.y": "problem.too_long",
	} {
		r := w.As(nil).Post("/sign-in", "email", typed, "next", "/programmes").Want(http.StatusUnprocessableEntity)
		says(t, r, ".field .error", key, "label", "Alamat email", "n", 200)
		if next, _ := r.Doc().Find(`input[name="next"]`).Attr("value"); next != "/programmes" {
			t.Errorf("%q: the way back is lost: %q", typed, next)
		}
	}
	check.Equal(t, "a letter was written all the same", w.Count("deliveries"), 0)
}

func TestSignIn_ForeignNext_Ignored(t *testing.T) {
	w := testkit.New(t)
	long := "/programmes?q=" + strings.Repeat("x", 900)
	n := 0
	for next, want := range map[string]string{
		"/programmes/kopi/tasks?state=todo&organisation=a;b": "/programmes/kopi/tasks?state=todo&organisation=a;b",
		`/programmes?q="dua kata", tiga`:                     `/programmes?q="dua kata", tiga`,
		long:                                                 long,
		"/" + strings.Repeat("x", 1001):                      "/",
		"":                                                   "/",
		"https://evil.example/":                              "/",
		"//evil.example":                                     "/",
		"/\\evil.example":                                    "/",
		"javascript:alert(1)":                                "/",
		"/\r\nSet-Cookie: a=b":                               "/",
	} {
		byPassword := w.As(nil).Post("/sign-in", "email", partner, "password", testkit.Password, "next", next).Want(http.StatusSeeOther)
		n++ // PocketBase takes five codes of one person in three minutes
		address := fmt.Sprintf("orang-%d@example.org", n)
		w.Make("users", "email", address, "password", testkit.Password, "name", "Orang", "verified", true)
		byCode := asked(w, address, "next", next).Post("/sign-in/code", "code", code(w, address, 1))
		for way, r := range map[string]*testkit.Response{"password": byPassword, "code": byCode} {
			if to := r.Header.Get("Location"); to != want {
				t.Errorf("by %s, %.40q leads to %.40q, want %.40q", way, next, to, want)
			}
		}
	}
}

func TestSignIn_AlreadySignedIn_Redirected(t *testing.T) {
	w := testkit.New(t)
	for path, want := range map[string]string{
		"/sign-in": "/", "/sign-in?next=%2Fprogrammes": "/programmes", "/sign-in?next=%2F%2Fevil.example": "/", "/sign-in?next=https:evil": "/",
	} {
		check.Equal(t, path, w.As(w.Partner).Get(path).Want(http.StatusSeeOther).Header.Get("Location"), want)
	}
}

func TestSignIn_AddressCase_OnePerson(t *testing.T) {
	w := testkit.New(t)
	body := map[string]any{"email": "Partner@Example.org", "password": testkit.Password, "passwordConfirm": testkit.Password, "name": "Kembar"}
	r := w.As(w.Administrator).API(http.MethodPost, "/api/collections/users/records", body).Want(http.StatusBadRequest)
	if data, _ := r.JSON()["data"].(map[string]any); data["email"] == nil {
		t.Errorf("%s", r.Body)
	}
}

// An office has one address for all of its people.
func TestRateLimit_ThirtyPeopleOneOffice_Allowed(t *testing.T) {
	w := testkit.New(t)
	limited(w)
	for i := range 30 {
		address := fmt.Sprintf("orang-%d@example.org", i)
		w.Make("users", "email", address, "password", testkit.Password, "name", "Orang", "verified", true)
		c := w.As(nil)
		c.Get("/sign-in").Want(http.StatusOK)
		c.Post("/sign-in", "email", address).Want(http.StatusSeeOther)
		c.Post("/sign-in/code", "code", code(w, address, 1)).Want(http.StatusSeeOther)
		isSomebody(t, c, address)
	}
}

// from sends a sign-in from an address of the network.
func from(c *testkit.Client, address string, fields url.Values) *testkit.Response {
	req := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(fields.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.RemoteAddr = address
	return c.Do(req)
}

func TestRateLimit_WrongPasswords_Stopped(t *testing.T) {
	w := testkit.New(t)
	limited(w)
	guess := url.Values{"email": {partner}, "password": {"salah"}}
	for range 30 {
		from(w.As(nil), "198.51.100.7:1000", guess).Want(http.StatusUnprocessableEntity)
	}
	right := url.Values{"email": {partner}, "password": {testkit.Password}}
	for _, language := range lang.Languages {
		c := w.As(nil)
		c.SetCookie("language", language)
		c.Header.Set("X-Forwarded-For", "203.0.113.9")
		r := from(c, "198.51.100.7:1001", right).Want(http.StatusTooManyRequests)
		check.Equal(t, "titled", r.Text("h1"), lang.T(language, "page.error_429_title"))
		check.Contains(t, "says", r.Text("main"), lang.T(language, "page.error_429_text"))
		check.Lacks(t, "says", r.Body, "rate limit rule")
	}
	from(w.As(nil), "203.0.113.9:1000", right).Want(http.StatusSeeOther)
}

func TestRateLimit_CodesAndLinks_Stopped(t *testing.T) {
	w := testkit.New(t)
	limited(w)
	for path, allowed := range map[string]int{"/sign-in": 30, "/sign-in/reset": 10} {
		for i := range allowed {
			if r := w.As(nil).Post(path, "email", "stranger@example.org"); r.Status != http.StatusSeeOther {
				t.Fatalf("%s: request %d answers %d", path, i, r.Status)
			}
		}
		w.As(nil).Post(path, "email", "stranger@example.org").Want(http.StatusTooManyRequests)
	}
}

func TestRateLimit_API_CountedApart(t *testing.T) {
	w := testkit.New(t)
	limited(w)
	wrong := map[string]string{"identity": partner, "password": "salah"}
	for i := range 60 {
		if r := w.As(nil).API(http.MethodPost, "/api/collections/users/auth-with-password", wrong); r.Status != http.StatusBadRequest {
			t.Fatalf("guess %d answers %d", i, r.Status)
		}
	}
	w.As(nil).API(http.MethodPost, "/api/collections/users/auth-with-password", wrong).Want(http.StatusTooManyRequests)
	w.As(nil).Post("/sign-in", "email", partner, "password", testkit.Password).Want(http.StatusTooManyRequests)
}

// Behind a proxy everybody would share its address, were the header that it
// sets not believed, also by what the page asks of the API.
func TestRateLimit_TrustedProxy_CountedByClient(t *testing.T) {
	w := testkit.New(t)
	limited(w)
	settings := check.Must(w.App.Settings().Clone())
	settings.TrustedProxy.Headers = []string{"X-Real-IP"}
	check.NoError(t, w.App.Save(settings))
	guess := url.Values{"email": {partner}, "password": {"salah"}}
	for _, visitor := range []string{"203.0.113.1", "203.0.113.2", "203.0.113.3"} {
		c := w.As(nil)
		c.Header.Set("X-Real-IP", visitor)
		for i := range 30 {
			if r := from(c, "10.0.0.1:1000", guess); r.Status != http.StatusUnprocessableEntity {
				t.Fatalf("%s: guess %d answers %d", visitor, i, r.Status)
			}
		}
		from(c, "10.0.0.1:1000", guess).Want(http.StatusTooManyRequests)
	}
}

// Messages are written beside the answer, so a look at the ledger could come too
// early: what counts is for whom PocketBase is let on to write one.
func TestSignIn_DisabledUser_NoMail(t *testing.T) {
	w := testkit.New(t)
	var codes, links []string
	w.App.OnRecordRequestOTPRequest("users").BindFunc(func(e *core.RecordCreateOTPRequestEvent) error {
		if e.Record != nil {
			codes = append(codes, e.Record.Email())
		}
		return e.Next()
	})
	w.App.OnRecordRequestPasswordResetRequest("users").BindFunc(func(e *core.RecordRequestPasswordResetRequestEvent) error {
		links = append(links, e.Record.Email())
		return e.Next()
	})
	for _, address := range []string{"disabled@example.org", partner} {
		w.As(nil).Post("/sign-in", "email", address).Want(303)
		w.As(nil).Post("/sign-in/reset", "email", address).Want(303)
	}
	letter(w, partner, 2) // both are on their way until then
	for what, sent := range map[string][]string{"codes": codes, "links": links} {
		check.That(t, len(sent) == 1 && sent[0] == partner, "%s go to %v", what, sent)
	}
}
