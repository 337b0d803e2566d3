package health_test

import (
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/health"
	"simpul/hooks/store"
)

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
