package migrations_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

func users(t *testing.T, app core.App) *core.Collection {
	t.Helper()
	c := check.Must(app.FindCollectionByNameOrId("users"))
	return c
}

func TestUsers_SignIn_CodeOrPasswordOnly(t *testing.T) {
	c := users(t, reading)
	if !c.OTP.Enabled || c.OTP.Length != 6 || c.OTP.Duration != 600 {
		t.Errorf("one-time codes: %+v", c.OTP)
	}
	if !c.PasswordAuth.Enabled || c.OAuth2.Enabled || c.MFA.Enabled || c.AuthAlert.Enabled {
		t.Errorf("password %v, OAuth2 %v, MFA %v, alerts %v",
			c.PasswordAuth.Enabled, c.OAuth2.Enabled, c.MFA.Enabled, c.AuthAlert.Enabled)
	}
	if c.AuthRule == nil || *c.AuthRule != "disabled = false" {
		t.Errorf("who may sign in: %v", c.AuthRule)
	}
	const day = 24 * 60 * 60
	check.Equal(t, "a person stays signed", c.AuthToken.Duration, 14*day)
	superusers := check.Must(reading.FindCollectionByNameOrId(core.CollectionNameSuperusers))
	check.Equal(t, "an administrator stays signed", superusers.AuthToken.Duration, day)
}

func TestAccountEmails_BothLanguages_LinkToOwnPages(t *testing.T) {
	c := users(t, reading)
	administrators := check.Must(reading.FindCollectionByNameOrId(core.CollectionNameSuperusers))
	emails := map[string]struct {
		core.EmailTemplate
		must string
	}{
		"code":          {c.OTP.EmailTemplate, "{OTP}"},
		"reset":         {c.ResetPasswordTemplate, "{APP_URL}/sign-in/reset/{TOKEN}"},
		"verification":  {c.VerificationTemplate, "{APP_URL}/sign-in/verify/{TOKEN}"},
		"new address":   {c.ConfirmEmailChangeTemplate, "{APP_URL}/sign-in/new-address/{TOKEN}"},
		"alert":         {c.AuthAlert.EmailTemplate, "{ALERT_INFO}"},
		"administrator": {administrators.AuthAlert.EmailTemplate, "{ALERT_INFO}"},
	}
	for name, email := range emails {
		id, en, both := strings.Cut(email.Body, `<p lang="en">`)
		if !both || !strings.Contains(id, "Anda") || !strings.Contains(en, "you") {
			t.Errorf("%s is not in both languages: %s", name, email.Body)
		}
		check.Contains(t, name+" lacks", id, email.must)
		if strings.Contains(email.Body, "/_/") || strings.Contains(email.Body, "example.com") {
			t.Errorf("%s links elsewhere: %s", name, email.Body)
		}
		check.Contains(t, name+" has the subject", email.Subject, " / ")
	}
	code := c.OTP.EmailTemplate
	if !strings.HasPrefix(code.Body, "<p><strong>{OTP}</strong></p>") || !strings.HasPrefix(code.Subject, "{OTP}") {
		t.Errorf("the code does not come first: %q, %s", code.Subject, code.Body)
	}
	if !strings.Contains(code.Body, "10 menit") || strings.Contains(code.Body, "href") {
		t.Errorf("code: %s", code.Body)
	}
}

func TestSettings_Defaults(t *testing.T) {
	s := reading.Settings()
	if s.Meta.AppName != "Simpul Lima" || !s.Meta.HideControls {
		t.Errorf("meta: %+v", s.Meta)
	}
	if s.SMTP.Enabled || s.Batch.Enabled {
		t.Errorf("SMTP %v, batch %v, want both off", s.SMTP.Enabled, s.Batch.Enabled)
	}
	if s.Logs.MaxDays != 5 || s.Logs.LogIP {
		t.Errorf("logs: %+v", s.Logs)
	}
	got := map[string][2]int64{}
	for _, rule := range s.RateLimits.Rules {
		got[rule.Label] = [2]int64{int64(rule.MaxRequests), rule.Duration}
	}
	want := map[string][2]int64{
		"*:auth": {60, 60}, "*:create": {60, 10}, "/api/": {300, 10},
		"POST /sign-in": {30, 60}, "POST /sign-in/code": {30, 60},
		"POST /sign-in/reset/": {10, 60}, "POST /sign-in/new-address/": {10, 60},
		"POST /api/collections/users/request-otp": {30, 60},
		"*:requestPasswordReset":                  {10, 60}, "*:confirmEmailChange": {10, 60},
	}
	if diff := cmp.Diff(want, got); diff != "" || !s.RateLimits.Enabled {
		t.Errorf("rate limits (enabled %v):\n%s", s.RateLimits.Enabled, diff)
	}
}

func TestRateLimits_NarrowBeforeWide(t *testing.T) {
	limits := reading.Settings().RateLimits
	cases := map[string]int{
		"/sign-in":                           30,
		"/sign-in/code":                      30,
		"/sign-in/reset":                     10,
		"/sign-in/reset/a-token":             10,
		"/sign-in/new-address/a-token":       10,
		"/api/collections/users/request-otp": 30,
		"/api/collections/tasks/records":     300,
	}
	for path, want := range cases {
		rule, found := limits.FindRateLimitRule([]string{"POST " + path, path})
		if !found || rule.MaxRequests != want {
			t.Errorf("POST %s: %d requests, want %d", path, rule.MaxRequests, want)
		}
	}
}

func TestUsers_EmailOptional_PasswordOfTen(t *testing.T) {
	app := openHub(t)
	save := func(email, password string) error {
		r := core.NewRecord(users(t, app))
		r.Set("name", "Bu Sri")
		r.Set("email", email)
		r.SetPassword(password)
		return app.Save(r)
	}
	cases := []struct {
		name, email, password string
		fails                 string
	}{
		{"with an address", "sri@example.org", "sepuluh huruf", ""},
		{"without an address", "", "sepuluh huruf", ""},
		{"a second one without", "", "sepuluh huruf", ""},
		{"an address twice", "sri@example.org", "sepuluh huruf", "email"},
		{"a password of nine", "wayan@example.org", "123456789", "password"},
		{"no address at all", "wayan", "sepuluh huruf", "email"},
	}
	for _, c := range cases {
		err := save(c.email, c.password)
		if c.fails == "" && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)) {
			t.Errorf("%s gave %v, want an error at %s", c.name, err, c.fails)
		}
	}
}
