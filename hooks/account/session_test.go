package account_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
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

const partner = "partner@example.org"

// messages are the rows of the ledger to one address, oldest first.
func messages(w *testkit.World, address string) []*core.Record {
	w.Helper()
	found := []*core.Record{}
	check.NoError(w, w.App.RecordQuery("deliveries").AndWhere(dbx.HashExp{"email": address, "kind": "account"}).OrderBy("_rowid_").All(&found))
	return found
}

// message waits for the nth message to an address: PocketBase writes it beside
// the answer, so that the time taken does not tell who is known.
func letter(w *testkit.World, address string, n int) *core.Record {
	w.Helper()
	for range 200 {
		if found := messages(w, address); len(found) >= n {
			return found[n-1]
		}
		time.Sleep(25 * time.Millisecond)
	}
	w.Fatalf("no letter %d to %s", n, address)
	return nil
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// code reads the code out of the nth message to an address.
func code(w *testkit.World, address string, n int) string {
	w.Helper()
	found := sixDigits.FindString(letter(w, address, n).GetString("text_body"))
	if found == "" {
		w.Fatalf("no code in the letter to %s", address)
	}
	return found
}

// asked is a guest's browser that asked for a code.
func asked(w *testkit.World, address string, more ...string) *testkit.Client {
	w.Helper()
	c := w.As(nil)
	r := c.Post("/sign-in", append([]string{"email", address}, more...)...).Want(http.StatusSeeOther)
	if to := r.Header.Get("Location"); to != "/sign-in/code" {
		w.Fatalf("asking for a code leads to %s", to)
	}
	return c
}

// isSomebody asserts who is signed in, "" for nobody.
func isSomebody(t *testing.T, c *testkit.Client, email string) {
	t.Helper()
	r := c.Get("/me")
	if email == "" {
		check.Equal(t, "/me", r.Status, http.StatusSeeOther)
		return
	}
	check.Equal(t, "/me", r.Status, http.StatusOK)
	check.Equal(t, "/me", r.Text(".page-head .quiet"), email)
}

// says asserts a sentence of the catalogue; before it may stand a word for
// those who cannot see that it is red.
func says(t *testing.T, r *testkit.Response, selector, key string, args ...any) {
	t.Helper()
	if got, want := r.Text(selector), lang.T("id", key, args...); !strings.HasSuffix(got, want) {
		t.Errorf("%s says %q, want %q", selector, got, want)
	}
}

// limited switches the hub's real rate limits on.
func limited(w *testkit.World) {
	w.Helper()
	settings := check.Must(w.App.Settings().Clone())
	settings.RateLimits.Enabled = true
	check.NoError(w, w.App.Save(settings))
}

func TestSignOut_Browser_Cleared(t *testing.T) {
	w := testkit.New(t)
	here, there := w.As(w.Partner), w.As(w.Partner)
	r := here.Post("/sign-out").Want(http.StatusSeeOther)
	check.Same(t, "leads", []string{r.Header.Get("Location"), here.Cookie("simpul")}, []string{"/sign-in", ""})
	check.Equal(t, "the browser is told to clear", r.Header.Get("Clear-Site-Data"), `"cache", "storage"`)
	says(t, here.Follow(r), ".flash", "account.signed_out")
	isSomebody(t, here, "")
	isSomebody(t, there, partner)
	w.As(nil).Post("/sign-out").Want(http.StatusSeeOther)
}

func TestSignOutEverywhere_Sessions_End(t *testing.T) {
	w := testkit.New(t)
	for address, person := range map[string]*core.Record{partner: w.Partner, "admin@example.org": w.Administrator} {
		here, there := w.As(person), w.As(person)
		path := "/api/collections/programmes/records/" + w.Kopi.Id
		there.API(http.MethodGet, path, nil).Want(http.StatusOK)
		r := here.Post("/me/sign-out-everywhere").Want(http.StatusSeeOther)
		says(t, here.Follow(r), ".flash", "users.signed_out_everywhere")
		isSomebody(t, here, "")
		isSomebody(t, there, "")
		if status := there.API(http.MethodGet, path, nil).Status; status == http.StatusOK {
			t.Errorf("%s: a token over the API still works", address)
		}
		again := w.As(nil)
		again.Post("/sign-in", "email", address, "password", testkit.Password).Want(http.StatusSeeOther)
		isSomebody(t, again, address)
	}
	w.As(nil).Post("/me/sign-out-everywhere").Want(http.StatusUnauthorized)
	isSomebody(t, w.As(w.OtherPartner), "other-partner@example.org")
}

func TestSignOut_GetRequest_Refused(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Partner)
	for _, path := range []string{"/sign-out", "/me/sign-out-everywhere", "/me/language", "/me/theme"} {
		c.Get(path).Want(http.StatusNotFound)
	}
	isSomebody(t, c, partner)
}

func TestPreferences_Guest_InCookies(t *testing.T) {
	w := testkit.New(t)
	c := w.As(nil)
	r := c.Post("/me/language", "value", "en", "back", "/sign-in?next=%2Fme").Want(http.StatusSeeOther)
	check.Equal(t, "leads", r.Header.Get("Location"), "/sign-in?next=%2Fme")
	kept := r.Header.Get("Set-Cookie")
	check.Contains(t, "the cookie", kept, "language=en", "Path=/", "Max-Age=31536000", "HttpOnly", "SameSite=Lax")
	check.Equal(t, "the page is titled", c.Get("/sign-in").Text("h1"), "Sign in")
	for theme, want := range map[string]string{"dark": "dark", "light": "light", "auto": ""} {
		c.Post("/me/theme", "value", theme, "back", "/sign-in").Want(http.StatusSeeOther)
		check.Equal(t, theme, c.Get("/sign-in").Doc().Find("html").AttrOr("data-theme", ""), want)
	}
}

func TestSetLanguage_User_Saved(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Partner)
	c.Post("/me/language", "value", "en", "back", "/me").Want(http.StatusSeeOther)
	check.Equal(t, "stored", w.Fresh(w.Partner).GetString("language"), "en")
	check.Equal(t, "on another device the page is titled", w.As(w.Partner).Get("/me").Text("h1"), "My account")
	admin := w.As(w.Administrator)
	admin.Post("/me/language", "value", "en", "back", "/me").Want(http.StatusSeeOther)
	check.Equal(t, "an administrator's page is titled", admin.Get("/me").Text("h1"), "My account")
}

func TestPreferences_Unknown_Refused(t *testing.T) {
	w := testkit.New(t)
	for path, values := range map[string][]string{"/me/language": {"", "xx", "EN", "id\x00"}, "/me/theme": {"", "pink", "dark;"}} {
		for _, value := range values {
			r := w.As(w.Partner).Post(path, "value", value, "back", "/").Want(http.StatusBadRequest)
			check.That(t, strings.Contains(r.Body, "<h1>"), "%s %q: no page", path, value)
		}
	}
	check.Equal(t, "the language", w.Fresh(w.Partner).GetString("language"), "id")
	for _, back := range []string{"https://evil.example", "//evil.example", "", "/\\evil"} {
		for _, path := range []string{"/me/theme", "/me/language"} {
			value := map[string]string{"/me/theme": "dark", "/me/language": "id"}[path]
			check.Equal(t, path, w.As(nil).Post(path, "value", value, "back", back).Want(http.StatusSeeOther).Header.Get("Location"), "/")
		}
	}
}

// onATask gives the world a task for the partner to work on.
func onATask(t *testing.T) *testkit.World {
	t.Helper()
	w := testkit.New(t)
	w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwal home visit", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
	return w
}

// TestAPI_Password_SignsIn does over HTTP what PocketBase's clients do.
func TestAPI_Password_SignsIn(t *testing.T) {
	w := onATask(t)
	c := w.As(nil)
	r := c.API(http.MethodPost, "/api/collections/users/auth-with-password",
		map[string]string{"identity": partner, "password": testkit.Password}).Want(http.StatusOK)
	if cookies := r.Header["Set-Cookie"]; len(cookies) > 0 {
		t.Errorf("the API sets %v", cookies)
	}
	answer := r.JSON()
	person, _ := answer["record"].(map[string]any)
	check.That(t, person["email"] == partner && person["id"] == w.Partner.Id, "signed in as %v", person)
	for _, hidden := range []string{"password", "tokenKey", "disabled", "may_create_programmes"} {
		if _, shown := person[hidden]; shown {
			t.Errorf("%s is shown", hidden)
		}
	}
	token, _ := answer["token"].(string)
	for name, header := range map[string]string{"bare": token, "as a bearer": "Bearer " + token} {
		c.Header.Set("Authorization", header)
		items, _ := c.API(http.MethodGet, "/api/collections/programmes/records?sort=name&skipTotal=1", nil).Want(http.StatusOK).JSON()["items"].([]any)
		check.Equal(t, name, len(items), 1)
	}
	c.Header.Set("Authorization", token[:len(token)-3])
	if items, _ := c.API(http.MethodGet, "/api/collections/programmes/records", nil).JSON()["items"].([]any); len(items) != 0 {
		t.Errorf("a broken token lists %d programmes", len(items))
	}
}

func TestAPI_Code_SignsIn(t *testing.T) {
	w := testkit.New(t)
	c := w.As(nil)
	id := c.API(http.MethodPost, "/api/collections/users/request-otp", map[string]string{"email": partner}).Want(http.StatusOK).JSON()["otpId"]
	r := c.API(http.MethodPost, "/api/collections/users/auth-with-otp", map[string]any{"otpId": id, "password": code(w, partner, 1)}).Want(http.StatusOK)
	check.That(t, r.JSON()["token"] != "", "no token")
}

func TestAPI_DisabledUser_Refused(t *testing.T) {
	w := testkit.New(t)
	w.As(nil).API(http.MethodPost, "/api/collections/users/auth-with-password",
		map[string]string{"identity": "disabled@example.org", "password": testkit.Password}).Want(http.StatusForbidden)
}

func TestAPI_PocketBaseSDK_Works(t *testing.T) {
	w := onATask(t)
	server := httptest.NewServer(w.Handler)
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "node", filepath.Join("testdata", "sdk.mjs"), server.URL, partner, testkit.Password).Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			t.Fatalf("%v; has make tools been run?\n%s", err, failed.Stderr)
		}
		t.Fatalf("%v; make tools installs it", err)
	}
	got := map[string]any{}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want := map[string]any{
		"guest": 0.0, "wrong": 400.0, "person": partner, "valid": true,
		"programmes": []any{"kopi"}, "owner": "Dinas Sosial Kota Semarang",
		"state": "in_progress", "retitled": 404.0, "settings": 403.0, "refreshed": true, "after": 0.0,
	}
	check.Same(t, "what the client saw", got, want)
}
