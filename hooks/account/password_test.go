package account_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"simpul/hooks/testkit"
)

func TestSigningInByPassword(t *testing.T) {
	w := testkit.New(t)
	for _, address := range []string{partner, "admin@example.org", "Initiator@Example.org", "COORDINATOR@EXAMPLE.ORG"} {
		c := w.As(nil)
		r := c.Post("/sign-in", "email", address, "password", testkit.Password).Want(http.StatusSeeOther)
		if to := r.Header.Get("Location"); to != "/" {
			t.Errorf("%s is led to %s", address, to)
		}
		isSomebody(t, c, strings.ToLower(address))
	}
	if n := len(messages(w, partner)); n != 0 {
		t.Errorf("%d letters were written", n)
	}
}

func TestAWrongPasswordIsToldWithoutTellingWhoIsKnown(t *testing.T) {
	w := testkit.New(t)
	var first string
	for _, of := range [][2]string{{partner, "salah"}, {partner, testkit.Password + " "}, {partner, strings.ToUpper(testkit.Password)},
		{"stranger@example.org", testkit.Password}, {"admin@example.org", "salah"}, {"disabled@example.org", testkit.Password}} {
		c := w.As(nil)
		r := c.Post("/sign-in", "email", of[0], "password", of[1]).Want(http.StatusUnprocessableEntity)
		says(t, r, ".field .error", "account.problem_password")
		if email, _ := r.Doc().Find("#email").Attr("value"); email != of[0] {
			t.Errorf("the address comes back as %q", email)
		}
		if strings.Contains(r.Body, of[1]) {
			t.Errorf("%s: the password comes back", of[0])
		}
		if _, open := r.Doc().Find("details").Attr("open"); !open {
			t.Error("the password's place is closed")
		}
		body := strings.ReplaceAll(r.Body, of[0], "X")
		if first == "" {
			first = body
		}
		if body != first {
			t.Errorf("%s gets another page", of[0])
		}
		isSomebody(t, c, "")
	}
}

func TestAPasswordKeepsItsSpaces(t *testing.T) {
	w := testkit.New(t)
	r := w.Fresh(w.Partner)
	r.SetPassword("  dua spasi di depan")
	if err := w.App.Save(r); err != nil {
		t.Fatal(err)
	}
	w.As(nil).Post("/sign-in", "email", partner, "password", "dua spasi di depan").Want(http.StatusUnprocessableEntity)
	c := w.As(nil)
	c.Post("/sign-in", "email", " "+partner+" ", "password", "  dua spasi di depan").Want(http.StatusSeeOther)
	isSomebody(t, c, partner)
}

func TestEveryMistakeOnTheSignInPageGetsItsSentence(t *testing.T) {
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
	if w.Count("deliveries") != 0 {
		t.Error("a letter was written all the same")
	}
}

func TestSigningInLeadsOnlyToPagesOfThisHub(t *testing.T) {
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

func TestWhoIsSignedInNeedNotSignInAgain(t *testing.T) {
	w := testkit.New(t)
	for path, want := range map[string]string{
		"/sign-in": "/", "/sign-in?next=%2Fprogrammes": "/programmes", "/sign-in?next=%2F%2Fevil.example": "/", "/sign-in?next=https:evil": "/",
	} {
		if to := w.As(w.Partner).Get(path).Want(http.StatusSeeOther).Header.Get("Location"); to != want {
			t.Errorf("%s leads to %s, want %s", path, to, want)
		}
	}
}

func TestAnAddressBelongsToOnePersonHoweverItIsWritten(t *testing.T) {
	w := testkit.New(t)
	body := map[string]any{"email": "Partner@Example.org", "password": testkit.Password, "passwordConfirm": testkit.Password, "name": "Kembar"}
	r := w.As(w.Administrator).API(http.MethodPost, "/api/collections/users/records", body).Want(http.StatusBadRequest)
	if data, _ := r.JSON()["data"].(map[string]any); data["email"] == nil {
		t.Errorf("%s", r.Body)
	}
}
