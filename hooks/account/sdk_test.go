package account_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// onATask gives the world a task for the partner to work on.
func onATask(t *testing.T) *testkit.World {
	t.Helper()
	w := testkit.New(t)
	w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwal home visit", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
	return w
}

// TestOtherProgramsSignInOverTheAPI does over HTTP what PocketBase's clients do.
func TestOtherProgramsSignInOverTheAPI(t *testing.T) {
	w := onATask(t)
	c := w.As(nil)
	r := c.API(http.MethodPost, "/api/collections/users/auth-with-password",
		map[string]string{"identity": partner, "password": testkit.Password}).Want(http.StatusOK)
	if cookies := r.Header["Set-Cookie"]; len(cookies) > 0 {
		t.Errorf("the API sets %v", cookies)
	}
	answer := r.JSON()
	person, _ := answer["record"].(map[string]any)
	if person["email"] != partner || person["id"] != w.Partner.Id {
		t.Errorf("signed in as %v", person)
	}
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

func TestOtherProgramsSignInByCode(t *testing.T) {
	w := testkit.New(t)
	c := w.As(nil)
	id := c.API(http.MethodPost, "/api/collections/users/request-otp", map[string]string{"email": partner}).Want(http.StatusOK).JSON()["otpId"]
	r := c.API(http.MethodPost, "/api/collections/users/auth-with-otp", map[string]any{"otpId": id, "password": code(w, partner, 1)}).Want(http.StatusOK)
	if r.JSON()["token"] == "" {
		t.Error("no token")
	}
}

func TestADisabledPersonDoesNotSignInOverTheAPI(t *testing.T) {
	w := testkit.New(t)
	w.As(nil).API(http.MethodPost, "/api/collections/users/auth-with-password",
		map[string]string{"identity": "disabled@example.org", "password": testkit.Password}).Want(http.StatusForbidden)
}

func TestPocketBasesOwnClientWorks(t *testing.T) {
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
