package health_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/health"
	"simpul/hooks/lang"
	"simpul/hooks/notify/smtp"
	"simpul/hooks/store"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

func TestHealth_OtherPeople_Refused(t *testing.T) {
	w := testkit.New(t)
	for person, want := range map[*core.Record]int{nil: http.StatusUnauthorized, w.Initiator: http.StatusForbidden,
		w.Partner: http.StatusForbidden, w.Administrator: http.StatusOK} {
		w.As(person).API(http.MethodGet, "/api/hub/health", nil).Want(want)
	}
}

func TestHealth_Sending_Reported(t *testing.T) {
	w := testkit.New(t)
	due := testkit.Monday.Add(-2 * time.Hour)
	w.Make("deliveries", "kind", "task_due", "key", "a", "state", "retry", "due_at", due)
	w.Make("deliveries", "kind", "task_due", "key", "b", "state", "failed", "due_at", due)
	check.NoError(t, store.Tick(w.App, testkit.Monday))
	var got struct {
		LastTick, OldestDue *time.Time
		States              map[string]int
		Held, Schema        string
		Channel             map[string]any
	}
	body := w.As(w.Administrator).API(http.MethodGet, "/api/hub/health", nil).Body
	check.NoError(t, json.Unmarshal([]byte(body), &got))
	check.That(t, got.LastTick != nil && got.LastTick.Equal(testkit.Monday) && got.OldestDue != nil && got.OldestDue.Equal(due), "times: %s", body)
	check.That(t, got.States["retry"] == 1 && got.States["failed"] == 1 && got.Held == "smtp_off" && got.Channel["reason"] == "" && len(got.Schema) >= 8, "figures: %s", body)
}

func TestHealth_FreshDatabase_NoTimes(t *testing.T) {
	w := testkit.New(t)
	var got map[string]any
	check.NoError(t, json.Unmarshal([]byte(w.As(w.Administrator).API(http.MethodGet, "/api/hub/health", nil).Body), &got))
	for _, name := range []string{"lastTick", "oldestDue"} {
		if value, there := got[name]; !there || value != nil {
			t.Errorf("%s is %v", name, value)
		}
	}
}

// registry is a DNS in memory; what is missing is not there, unless silent.
type registry struct {
	records map[string][]string
	silent  bool
}

func (r registry) LookupTXT(ctx context.Context, name string) ([]string, error) {
	if r.silent {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if found, there := r.records[name]; there {
		return found, nil
	}
	return nil, &net.DNSError{Name: name, Err: "no such host", IsNotFound: true}
}

// patient is a world and a doctor who looks at it with means of the test's own.
type patient struct {
	*testkit.World
	*health.Doctor
	office *testkit.Office
	dns    registry
}

// healthy is a hub at which nothing is wrong.
func healthy(t *testing.T) *patient {
	t.Helper()
	w := testkit.New(t)
	p := &patient{World: w, Doctor: health.New(w.App), office: testkit.NewOffice(t), dns: registry{records: map[string][]string{}}}
	p.must(p.office.Connect(w.App))
	key, err := smtp.NewDKIMKey("ed25519")
	p.must(err)
	s := smtp.DKIM{Domain: "hub.example.org", Selector: "simpul", Key: key}
	p.settle("dkim_domain", s.Domain, "dkim_selector", s.Selector, "dkim_key", s.Key)
	name, record, err := s.Record()
	p.must(err)
	p.dns.records[name] = []string{record}
	p.dns.records["hub.example.org"] = []string{"google-site-verification=x", "v=spf1 mx ~all"}
	p.dns.records["_dmarc.example.org"] = []string{"v=DMARC1; p=none"}
	p.must(w.App.CreateBackup(context.Background(), "backup.zip"))
	// The times of files are the machine's, the world stands still.
	made, err := os.Stat(filepath.Join(w.App.DataDir(), "backups", "backup.zip"))
	p.must(err)
	p.Now = made.ModTime()
	p.Free = func(string) (uint64, bool) { return 10 << 30, true }
	p.must(store.Tick(w.App, p.Now))
	for _, year := range []string{p.Now.Format("2006"), p.Now.AddDate(1, 0, 0).Format("2006")} {
		p.Make("holidays", "on", year+"-01-02", "name", "Hari uji", "kind", "national_holiday")
	}
	return p
}

func (p *patient) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// settle sets fields of hub_settings as the hub.
func (p *patient) settle(fields ...any) {
	p.Helper()
	rows, err := p.World.App.FindAllRecords("hub_settings")
	p.must(err)
	for i := 0; i+1 < len(fields); i += 2 {
		rows[0].Set(fields[i].(string), fields[i+1])
	}
	p.must(p.World.App.Save(rows[0]))
}

// meta changes the settings of the application.
func (p *patient) meta(change func(*core.Settings)) {
	p.Helper()
	settings, err := p.World.App.Settings().Clone()
	p.must(err)
	change(settings)
	p.must(p.World.App.Save(settings))
}

func (p *patient) examine() []health.Finding {
	p.DNS, p.Patience = p.dns, 200*time.Millisecond
	return p.Examine(context.Background())
}

func (p *patient) sql(query string) {
	p.Helper()
	_, err := p.World.App.NonconcurrentDB().NewQuery(query).Execute()
	p.must(err)
}

func TestChecks_Healthy_AllOK(t *testing.T) {
	findings := healthy(t).examine()
	for _, f := range findings {
		if f.Level != health.OK {
			t.Errorf("%s %s: %s", f.Level, f.Key, f.Sentence("en"))
		}
	}
	check.That(t, len(findings) >= 13 && health.Worst(findings) == health.OK, "%d things were looked at", len(findings))
}

func TestChecks_EachProblem_NamedWithRemedy(t *testing.T) {
	for key, ailment := range ailments {
		t.Run(key, func(t *testing.T) {
			p := healthy(t)
			ailment.happens(p)
			findings := p.examine()
			i := slices.IndexFunc(findings, func(f health.Finding) bool { return f.Key == key })
			if i < 0 {
				t.Fatalf("not found among %v", findings)
			}
			check.Equal(t, "Level", findings[i].Level, ailment.level)
			for _, language := range lang.Languages {
				if s := findings[i].Sentence(language); len(s) < 20 || strings.ContainsAny(s, "⟦{") || strings.Contains(s, "<no value>") {
					t.Errorf("%s: %s", language, s)
				}
			}
			if worst := health.Worst(findings); worst == health.OK || ailment.level == health.Bad && worst != health.Bad {
				t.Errorf("all in all it is %s", worst)
			}
		})
	}
}

func TestChecks_DNSDown_TimesOut(t *testing.T) {
	p := healthy(t)
	p.dns.silent = true
	begin := time.Now()
	p.examine()
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestChecks_Run_ChangesNothing(t *testing.T) {
	p := healthy(t)
	before := p.Count("deliveries")
	p.examine()
	check.Equal(t, "n", len(p.office.Letters()), 0)
	check.Equal(t, "rows of deliveries", p.Count("deliveries"), before)
}

// ailments are what can go wrong, and what is said then.
var ailments = map[string]struct {
	happens func(p *patient)
	level   health.Level
}{
	"mail_server_off": {func(p *patient) { p.meta(func(s *core.Settings) { s.SMTP.Enabled = false }) }, health.Warn},
	"mail_server_bad": {func(p *patient) { p.meta(func(s *core.Settings) { s.SMTP.Port = 1 }) }, health.Bad},
	"queue_held":      {func(p *patient) { p.settle("mail_held", true) }, health.Warn},
	"queue_late": {func(p *patient) {
		p.Make("deliveries", "kind", "task_due", "key", "k", "state", "retry", "due_at", p.Now.Add(-3*time.Hour))
	}, health.Bad},
	"tick_never":    {func(p *patient) { p.must(os.Remove(filepath.Join(p.World.App.DataDir(), ".simpul.tick"))) }, health.Warn},
	"tick_late":     {func(p *patient) { p.must(store.Tick(p.World.App, p.Now.Add(-time.Hour))) }, health.Bad},
	"address_bad":   {func(p *patient) { p.World.App.Settings().Meta.AppURL = "hub.example.org" }, health.Bad},
	"address_local": {func(p *patient) { p.meta(func(s *core.Settings) { s.Meta.AppURL = "http://localhost:8090" }) }, health.Warn},
	"address_open":  {func(p *patient) { p.meta(func(s *core.Settings) { s.Meta.AppURL = "http://hub.example.org" }) }, health.Warn},
	"sender_bad":    {func(p *patient) { p.meta(func(s *core.Settings) { s.Meta.SenderAddress = "support@example.com" }) }, health.Bad},
	"spf_none":      {func(p *patient) { delete(p.dns.records, "hub.example.org") }, health.Warn},
	"spf_many":      {func(p *patient) { p.dns.records["hub.example.org"] = []string{"v=spf1 -all", "v=spf1 mx"} }, health.Bad},
	"dkim_off":      {func(p *patient) { p.settle("dkim_domain", "", "dkim_selector", "", "dkim_key", "") }, health.Warn},
	"dkim_bad":      {func(p *patient) { p.sql("UPDATE hub_settings SET dkim_key = 'x'") }, health.Bad},
	"dkim_none":     {func(p *patient) { delete(p.dns.records, "simpul._domainkey.hub.example.org") }, health.Bad},
	"dkim_other":    {func(p *patient) { p.dns.records["simpul._domainkey.hub.example.org"] = []string{"v=DKIM1; p=AAAA"} }, health.Bad},
	"dkim_stranger": {func(p *patient) { p.meta(func(s *core.Settings) { s.Meta.SenderAddress = "hub@lain.example" }) }, health.Warn},
	"dmarc_none":    {func(p *patient) { delete(p.dns.records, "_dmarc.example.org") }, health.Warn},
	"dns_unread":    {func(p *patient) { p.dns.silent = true }, health.Warn},
	"clock_back":    {func(p *patient) { p.Now = p.Now.Add(-2 * time.Hour) }, health.Bad},
	"disk_warn":     {func(p *patient) { p.Free = func(string) (uint64, bool) { return 199 << 20, true } }, health.Warn},
	"disk_bad":      {func(p *patient) { p.Free = func(string) (uint64, bool) { return 49 << 20, true } }, health.Bad},
	"disk_unknown":  {func(p *patient) { p.Free = func(string) (uint64, bool) { return 0, false } }, health.Warn},
	"backup_none":   {func(p *patient) { p.must(os.RemoveAll(filepath.Join(p.World.App.DataDir(), "backups"))) }, health.Warn},
	"backup_old":    {func(p *patient) { p.Now = p.Now.AddDate(0, 0, 9) }, health.Warn},
	"rules_unmatched": {func(p *patient) {
		p.sql("UPDATE reminder_rules SET audience = '[\"assignee\"]' WHERE kind = 'task_due'")
		p.Make("tasks", "programme", p.Kopi.Id, "title", "Jadwal home visit", "organisation", p.Puskesmas.Id,
			"accountable", p.Initiator.Id, "due_on", "2026-12-10", "state", "todo")
	}, health.Warn},
	"holidays_missing": {func(p *patient) { p.sql("DELETE FROM holidays") }, health.Warn},
	"links_bad":        {func(p *patient) { p.sql("UPDATE hub_settings SET link_secret = ''") }, health.Bad},
	"unread":           {func(p *patient) { p.sql("ALTER TABLE holidays RENAME TO gone") }, health.Bad},
}
