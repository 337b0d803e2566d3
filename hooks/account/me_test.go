package account_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// settings are a whole form of /me, with changes as name, value pairs.
func settings(changes ...string) []string {
	form := map[string]string{"name": "Bu Sri", "position": "Bidan", "language": "id", "time_zone": "Asia/Makassar", "mail_frequency": "daily",
		"send_at": "07.30", "weekend_off": "on", "paused_until_on": ""}
	for i := 0; i+1 < len(changes); i += 2 {
		form[changes[i]] = changes[i+1]
	}
	out := []string{}
	for name, value := range form {
		out = append(out, name, value)
	}
	return out
}

func TestSaveMe_Settings_Saved(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Partner)
	kinds := offered(c.Get("/me").Want(http.StatusOK))
	if len(kinds) < 2 {
		t.Fatalf("only %v can be muted", kinds)
	}
	sent := append(settings("paused_until_on", "24 Desember 2026"), "muted_kinds", kinds[0], "muted_kinds", kinds[1], "muted_kinds", "no_such_kind")
	says(t, c.Follow(c.Post("/me", sent...)), ".flash", "users.saved")
	r := w.Fresh(w.Partner)
	got := map[string]string{}
	for _, f := range []string{"name", "position", "language", "time_zone", "mail_frequency", "send_at", "weekend_off", "paused_until_on"} {
		got[f] = r.GetString(f)
	}
	want := map[string]string{"name": "Bu Sri", "position": "Bidan", "language": "id", "time_zone": "Asia/Makassar",
		"mail_frequency": "daily", "send_at": "07:30", "weekend_off": "true", "paused_until_on": "2026-12-24"}
	check.Same(t, "kept", got, want)
	check.Same(t, "muted", r.GetStringSlice("muted_kinds"), kinds[:2])
	again := c.Get("/me").Doc()
	check.Equal(t, "number of elements", again.Find(`input[name="muted_kinds"][checked]`).Length(), 2)
	check.Equal(t, "the form", again.Find("#name").AttrOr("value", ""), "Bu Sri")
	c.Post("/me", settings()...).Want(http.StatusSeeOther)
	check.Equal(t, "value", len(w.Fresh(w.Partner).GetStringSlice("muted_kinds")), 0)
}

// offered are the kinds of reminders that the page offers to mute.
func offered(r *testkit.Response) (kinds []string) {
	r.Doc().Find(`input[name="muted_kinds"]`).Each(func(_ int, box *goquery.Selection) {
		kind, _ := box.Attr("value")
		kinds = append(kinds, kind)
	})
	return kinds
}

func TestSaveMe_Invalid_KeepsInput(t *testing.T) {
	w := testkit.New(t)
	before := w.Fresh(w.Partner)
	for name, of := range map[string]struct{ field, value, key string }{
		"no name":            {"name", "", "problem.needed"},
		"a name too long":    {"name", strings.Repeat("x", 201), "problem.too_long"},
		"an identity":        {"position", "3374010112900001", "problem.sixteen_digits"},
		"no language":        {"language", "", "problem.choose"},
		"a foreign language": {"language", "fr", "problem.not_a_choice"},
		"a foreign zone":     {"time_zone", "Europe/Paris", "problem.not_a_choice"},
		"no such frequency":  {"mail_frequency", "hourly", "problem.not_a_choice"},
		"an hour at night":   {"send_at", "21.00", "reminders.problem_send_at"},
		"no such hour":       {"send_at", "25.00", "problem.not_a_time"},
		"no such day":        {"paused_until_on", "31/02/2026", "problem.not_a_date"},
		"a day gone by":      {"paused_until_on", "22/11/2026", "reminders.problem_paused"},
		"unreadable":         {"position", "a\xffb", "problem.unreadable"},
	} {
		c := w.As(w.Partner)
		kind := offered(c.Get("/me"))[0]
		r := c.Post("/me", append(settings("name", "Nama Baru", of.field, of.value), "muted_kinds", kind)...).Want(http.StatusUnprocessableEntity)
		label := lang.T("id", "users."+of.field)
		if got, want := r.Text("#"+of.field+"-error"), lang.T("id", of.key, "label", label, "n", 200); !strings.HasSuffix(got, want) {
			t.Errorf("%s: says %q, want %q", name, got, want)
		}
		if typed, _ := r.Doc().Find("#name").Attr("value"); of.field != "name" && typed != "Nama Baru" {
			t.Errorf("%s: the name comes back as %q", name, typed)
		}
		check.Equal(t, name+": the tick is lost", r.Doc().Find(`input[name="muted_kinds"][checked]`).Length(), 1)
	}
	after := w.Fresh(w.Partner)
	for _, f := range []string{"name", "position", "language", "time_zone", "send_at", "paused_until_on"} {
		check.Equal(t, f, after.GetString(f), before.GetString(f))
	}
}

func TestSaveMe_OtherFields_Unchanged(t *testing.T) {
	w := testkit.New(t)
	before := w.Fresh(w.Partner)
	w.As(w.Partner).Post("/me", settings("disabled", "true", "may_create_programmes", "true", "verified", "false", "email", "lain@example.org",
		"emailVisibility", "true", "password", "kata-sandi-baru", "tokenKey", strings.Repeat("x", 50), "id", w.Outsider.Id)...).Want(http.StatusSeeOther)
	after := w.Fresh(w.Partner)
	for _, f := range []string{"disabled", "may_create_programmes", "verified", "email", "emailVisibility", "password:hash", "tokenKey"} {
		check.Equal(t, f, after.GetString(f), before.GetString(f))
	}
	check.Equal(t, "somebody else is now called", w.Fresh(w.Outsider).GetString("name"), "Orang luar")
}

func TestMe_MutableKinds_OnlyOfRules(t *testing.T) {
	w := testkit.New(t)
	kinds := offered(w.As(w.Partner).Get("/me").Want(http.StatusOK))
	check.That(t, slices.Contains(kinds, "task_due") && !slices.Contains(kinds, "agreement_expiring") && !slices.Contains(kinds, "digest"), "offered are %v", kinds)
	// What is muted stays so while its rules rest.
	w.As(w.Partner).Post("/me", append(settings(), "muted_kinds", "task_due")...).Want(http.StatusSeeOther)
	check.Must(w.App.DB().NewQuery("UPDATE reminder_rules SET active = FALSE").Execute())
	if kinds := offered(w.As(w.Partner).Get("/me")); len(kinds) != 1 || kinds[0] != "task_due" {
		t.Errorf("while all rules rest %v are offered", kinds)
	}
	w.As(w.Partner).Post("/me", append(settings(), "muted_kinds", "task_due")...).Want(http.StatusSeeOther)
	check.Equal(t, "muted", len(w.Fresh(w.Partner).GetStringSlice("muted_kinds")), 1)
}

func TestMe_Options_OnlyStored(t *testing.T) {
	names := []string{}
	w := testkit.New(t)
	w.As(w.Partner).Get("/me").Doc().Find("form[action='/me'] [name]").Each(func(_ int, input *goquery.Selection) {
		name, _ := input.Attr("name")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	})
	want := []string{"name", "position", "language", "time_zone", "mail_frequency", "send_at", "weekend_off", "paused_until_on", "muted_kinds"}
	check.Same(t, "offered", names, want)
}

func TestMe_Administrator_OnlyDevices(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Administrator)
	r := c.Get("/me").Want(http.StatusOK)
	check.Equal(t, "the page offers the wrong things", r.Doc().Find("form[action='/me']").Length(), 0)
	check.Equal(t, "the page offers the wrong things", r.Doc().Find("form[action='/me/sign-out-everywhere']").Length(), 1)
	c.Post("/me", settings()...).Want(http.StatusNotFound)
}

func TestMe_Session_EndShown(t *testing.T) {
	w := testkit.New(t)
	text := w.As(w.Partner).Get("/me").Text("section[aria-labelledby=devices] p")
	check.Contains(t, "says", text, "WIB")
}
