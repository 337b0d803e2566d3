package doctor_test

import (
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/datastore"
	"simpul/hooks/doctor"
)

// ailments are what can go wrong, and what is said then.
var ailments = map[string]struct {
	happens func(p *patient)
	level   doctor.Level
}{
	"mail_server_off": {func(p *patient) { p.meta(func(s *core.Settings) { s.SMTP.Enabled = false }) }, doctor.Warn},
	"mail_server_bad": {func(p *patient) { p.meta(func(s *core.Settings) { s.SMTP.Port = 1 }) }, doctor.Bad},
	"letters_held":    {func(p *patient) { p.settle("mail_held", true) }, doctor.Warn},
	"letters_late": {func(p *patient) {
		p.Make("deliveries", "kind", "task_due", "key", "k", "state", "retry", "due_at", p.Now.Add(-3*time.Hour))
	}, doctor.Bad},
	"tick_never":    {func(p *patient) { p.must(os.Remove(filepath.Join(p.World.App.DataDir(), ".simpul.tick"))) }, doctor.Warn},
	"tick_late":     {func(p *patient) { p.must(datastore.Tick(p.World.App, p.Now.Add(-time.Hour))) }, doctor.Bad},
	"address_bad":   {func(p *patient) { p.World.App.Settings().Meta.AppURL = "hub.example.org" }, doctor.Bad},
	"address_local": {func(p *patient) { p.meta(func(s *core.Settings) { s.Meta.AppURL = "http://localhost:8090" }) }, doctor.Warn},
	"address_open":  {func(p *patient) { p.meta(func(s *core.Settings) { s.Meta.AppURL = "http://hub.example.org" }) }, doctor.Warn},
	"sender_bad":    {func(p *patient) { p.meta(func(s *core.Settings) { s.Meta.SenderAddress = "support@example.com" }) }, doctor.Bad},
	"spf_none":      {func(p *patient) { delete(p.dns.records, "hub.example.org") }, doctor.Warn},
	"spf_many":      {func(p *patient) { p.dns.records["hub.example.org"] = []string{"v=spf1 -all", "v=spf1 mx"} }, doctor.Bad},
	"dkim_off":      {func(p *patient) { p.settle("dkim_domain", "", "dkim_selector", "", "dkim_key", "") }, doctor.Warn},
	"dkim_bad":      {func(p *patient) { p.sql("UPDATE hub_settings SET dkim_key = 'x'") }, doctor.Bad},
	"dkim_none":     {func(p *patient) { delete(p.dns.records, "simpul._domainkey.hub.example.org") }, doctor.Bad},
	"dkim_other":    {func(p *patient) { p.dns.records["simpul._domainkey.hub.example.org"] = []string{"v=DKIM1; p=AAAA"} }, doctor.Bad},
	"dkim_stranger": {func(p *patient) { p.meta(func(s *core.Settings) { s.Meta.SenderAddress = "hub@lain.example" }) }, doctor.Warn},
	"dmarc_none":    {func(p *patient) { delete(p.dns.records, "_dmarc.example.org") }, doctor.Warn},
	"dns_unread":    {func(p *patient) { p.dns.silent = true }, doctor.Warn},
	"clock_back":    {func(p *patient) { p.Now = p.Now.Add(-2 * time.Hour) }, doctor.Bad},
	"disk_warn":     {func(p *patient) { p.Free = func(string) (uint64, bool) { return 199 << 20, true } }, doctor.Warn},
	"disk_bad":      {func(p *patient) { p.Free = func(string) (uint64, bool) { return 49 << 20, true } }, doctor.Bad},
	"disk_unknown":  {func(p *patient) { p.Free = func(string) (uint64, bool) { return 0, false } }, doctor.Warn},
	"backup_none":   {func(p *patient) { p.must(os.RemoveAll(filepath.Join(p.World.App.DataDir(), "backups"))) }, doctor.Warn},
	"backup_old":    {func(p *patient) { p.Now = p.Now.AddDate(0, 0, 9) }, doctor.Warn},
	"rules_unheard": {func(p *patient) {
		p.sql("UPDATE reminder_rules SET audience = '[\"assignee\"]' WHERE kind = 'task_due'")
		p.Make("tasks", "programme", p.Kopi.Id, "title", "Jadwal home visit", "organisation", p.Puskesmas.Id,
			"accountable", p.Initiator.Id, "due_on", "2026-12-10", "state", "todo")
	}, doctor.Warn},
	"holidays_missing": {func(p *patient) { p.sql("DELETE FROM holidays") }, doctor.Warn},
	"links_bad":        {func(p *patient) { p.sql("UPDATE hub_settings SET link_secret = ''") }, doctor.Bad},
	"unread":           {func(p *patient) { p.sql("ALTER TABLE holidays RENAME TO gone") }, doctor.Bad},
}
