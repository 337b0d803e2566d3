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
	check.That(t, c.OTP.Enabled && c.OTP.Length == 6 && c.OTP.Duration == 600, "one-time codes: %+v", c.OTP)
	if !c.PasswordAuth.Enabled || c.OAuth2.Enabled || c.MFA.Enabled || c.AuthAlert.Enabled {
		t.Errorf("password %v, OAuth2 %v, MFA %v, alerts %v",
			c.PasswordAuth.Enabled, c.OAuth2.Enabled, c.MFA.Enabled, c.AuthAlert.Enabled)
	}
	check.That(t, c.AuthRule != nil && *c.AuthRule == "disabled = false", "who may sign in: %v", c.AuthRule)
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
		check.That(t, both && strings.Contains(id, "Anda") && strings.Contains(en, "you"), "%s is not in both languages: %s", name, email.Body)
		check.Contains(t, name+" lacks", id, email.must)
		check.Lacks(t, name+" links elsewhere", email.Body, "/_/", "example.com")
		check.Contains(t, name+" has the subject", email.Subject, " / ")
	}
	code := c.OTP.EmailTemplate
	if !strings.HasPrefix(code.Body, "<p><strong>{OTP}</strong></p>") || !strings.HasPrefix(code.Subject, "{OTP}") {
		t.Errorf("the code does not come first: %q, %s", code.Subject, code.Body)
	}
	check.Contains(t, "code", code.Body, "10 menit")
	check.Lacks(t, "code", code.Body, "href")
}

func TestSettings_Defaults(t *testing.T) {
	s := reading.Settings()
	check.That(t, s.Meta.AppName == "Simpul Lima" && s.Meta.HideControls, "meta: %+v", s.Meta)
	check.That(t, !s.SMTP.Enabled && !s.Batch.Enabled, "SMTP %v, batch %v, want both off", s.SMTP.Enabled, s.Batch.Enabled)
	check.That(t, s.Logs.MaxDays == 5 && !s.Logs.LogIP, "logs: %+v", s.Logs)
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
		check.That(t, found && rule.MaxRequests == want, "POST %s: %d requests, want %d", path, rule.MaxRequests, want)
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
		check.That(t, c.fails != "" || err == nil, "%s: %v", c.name, err)
		check.That(t, c.fails == "" || err != nil && strings.Contains(err.Error(), c.fails), "%s gave %v, want an error at %s", c.name, err, c.fails)
	}
}

func TestFields_InvalidValues_Refused(t *testing.T) {
	h := fillHub(t)
	other := values{"position": "Sekretaris", "once": "x"}
	cases := []struct {
		collection string
		changed    values
		field      string
	}{
		{"milestones", values{"due_on": "10/12/2026"}, "due_on"},
		{"milestones", values{"horizon": ""}, "horizon"},
		{"reminder_rules", values{"at": "24:00"}, "at"},
		{"reminder_rules", values{"at": "8:00"}, "at"},
		{"reminder_rules", values{"anchor": "besok"}, "anchor"},
		{"reminder_rules", values{"useful_until": "3 hari"}, "useful_until"},
		{"reminder_rules", values{"audience": []string{}}, "audience"},
		{"tasks", values{"title": strings.Repeat("a", 201)}, "title"},
		{"tasks", values{"details": strings.Repeat("a", 20_001)}, "details"},
		{"tasks", values{"organisation": ""}, "organisation"},
		{"tasks", values{"accountable": ""}, "accountable"},
		{"tasks", values{"state": "late"}, "state"},
		{"tasks", values{"programme": "000000000000000"}, "programme"},
		{"stakeholders", other.but(values{"helix": "ngo"}), "helix"},
		{"assessments", values{"influence": 5}, "influence"},
		{"assessments", values{"interest": 0}, "interest"},
		{"contributions", values{"quantity": 0}, "quantity"},
		{"contributions", values{"quantity": -1}, "quantity"},
		{"contributions", values{"value_idr": 0.5}, "value_idr"},
		{"contributions", values{"value_idr": -1}, "value_idr"},
		{"contributions", values{"unit": "orang-jam"}, "unit"},
		{"contributions", values{"people_reached": 1.5}, "people_reached"},
		{"evidence", values{"people_in_it": "beneficiaries_no_consent"}, "people_in_it"},
		{"evidence", values{"url": "javascript:alert(1)"}, "url"},
		{"deliveries", values{"key": "b", "state": "lost"}, "state"},
		{"deliveries", values{"key": ""}, "key"},
		{"push_subscriptions", values{"endpoint": ""}, "endpoint"},
		{"push_messages", values{"state": "lost"}, "state"},
	}
	for _, c := range cases {
		_, err := h.save(c.collection, h.valid(c.collection).but(c.changed))
		check.That(t, err != nil && strings.Contains(err.Error(), c.field+":"), "%s with %v gave %v", c.collection, c.changed, err)
	}
}

func TestIndexes_Duplicates_Refused(t *testing.T) {
	h := fillHub(t)
	meeting := values{"meeting": h.ids["meetings"]}
	cases := []struct {
		collection string
		first      values // stored before; nil means the record of fillHub
		again      values
	}{
		{"memberships", nil, nil},
		{"stakeholders", nil, nil},
		{"minutes", nil, nil},
		{"minutes_revisions", nil, nil},
		{"attendances", nil, nil},
		{"deliveries", nil, values{"state": "sent"}},
		{"holidays", nil, nil},
		{"nil_reports", nil, nil},
		{"suppressions", nil, nil},
		{"push_subscriptions", nil, nil},
		{"push_messages", nil, nil},
		{"tasks", meeting.but(values{"source_key": "k"}), meeting.but(values{"source_key": "k", "title": "Lain"})},
		{"tasks", values{"once": "o"}, values{"once": "o"}},
		{"decisions", values{"source_key": "k"}, values{"source_key": "k"}},
		{"contributions", values{"number": "KR-1"}, values{"number": "KR-1"}},
		{"contributions", values{"once": "o"}, values{"once": "o"}},
		{"comments", values{"once": "o"}, values{"once": "o"}},
		{"meetings", values{"uid": "u"}, values{"uid": "u"}},
		{"indicator_values", values{"once": "o"}, values{"once": "o"}},
	}
	for _, c := range cases {
		if c.first != nil {
			if _, err := h.save(c.collection, h.valid(c.collection).but(c.first)); err != nil {
				t.Errorf("%s with %v: %v", c.collection, c.first, err)
			}
		}
		if _, err := h.save(c.collection, h.valid(c.collection).but(c.again)); err == nil {
			t.Errorf("%s took %v twice", c.collection, c.again)
		}
	}
	if _, err := h.save("programmes", values{"slug": "kopi-rehat", "name": "Lain", "owner": h.ids["organisations"]}); err == nil {
		t.Error("two programmes share an address")
	}
	if _, err := h.save("hub_settings", values{"hub_name": "Kedua"}); err == nil {
		t.Error("the hub has two rows of settings")
	}
}

func TestIndexes_SimilarValues_Accepted(t *testing.T) {
	h := fillHub(t)
	cases := []struct {
		collection string
		changed    values
	}{
		{"tasks", nil}, {"tasks", nil}, // without a form key or a source
		{"contributions", nil}, {"contributions", nil}, // without a number yet
		{"memberships", values{"role": "partner", "organisation": h.ids["organisations"]}},
		{"stakeholders", values{"position": "Sekretaris"}},
		{"attendances", values{"name": "Tamu"}},
		{"attendances", values{"contact": h.ids["contacts"]}},
		{"suppressions", values{"kind": "task_due", "reason": "unsubscribed"}},
		{"holidays", values{"province": "Bali", "kind": "regional_holiday"}},
		{"deliveries", values{"key": "b"}},
		{"push_subscriptions", values{"endpoint": "https://fcm.googleapis.com/b"}},
		{"push_messages", values{"delivery": ""}}, {"push_messages", values{"delivery": ""}}, // the summaries of two days
	}
	for _, c := range cases {
		if _, err := h.save(c.collection, h.valid(c.collection).but(c.changed)); err != nil {
			t.Errorf("%s with %v: %v", c.collection, c.changed, err)
		}
	}
}
