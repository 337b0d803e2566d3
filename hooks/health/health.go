package health

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/store"
)

// health is what a machine that watches the hub reads. Times are UTC, null when
// there is none.
type health struct {
	LastTick  *time.Time     `json:"lastTick"`
	OldestDue *time.Time     `json:"oldestDue"` // when the oldest message still waiting was due
	States    map[string]int `json:"states"`    // messages by state
	Held      string         `json:"held"`      // why no message leaves, empty if they do
	Channel   channel        `json:"channel"`
	Schema    string         `json:"schema"` // the newest migration
}

type channel struct {
	Reason      string     `json:"reason"` // empty while the mail server can be used
	Detail      string     `json:"detail"`
	Faults      int        `json:"faults"`
	PausedUntil *time.Time `json:"pausedUntil"`
}

// Health answers with how the hub fares, to administrators.
func Health(e *core.RequestEvent) error {
	report, err := outbox.Report(e.App, clock.Now())
	if err != nil {
		return err
	}
	tick, err := store.LastTick(e.App)
	if err != nil {
		return err
	}
	h := health{LastTick: maybe(tick), OldestDue: maybe(report.OldestDue), States: report.States, Held: report.Held,
		Channel: channel{report.Channel.Reason, report.Channel.Detail, report.Channel.Faults, maybe(report.Channel.PausedUntil)}}
	err = e.App.DB().NewQuery("SELECT file FROM _migrations ORDER BY applied DESC, file DESC LIMIT 1").Row(&h.Schema)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, h)
}

func maybe(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	utc := t.UTC()
	return &utc
}

// Level says how bad a finding is.
type Level string

// The levels of findings.
const (
	OK   Level = "ok"
	Warn Level = "warn"
	Bad  Level = "bad"
)

// Finding is one thing checked.
type Finding struct {
	Level Level
	Key   string // the sentence doctor.<key>
	Args  []any  // pairs of a placeholder's name and its value, which may be a spoken
}

// spoken is a value that is itself a sentence, in the language of the reader.
type spoken func(language string) string

// Sentence says what was found and, when it is not well, what to do.
func (f Finding) Sentence(language string) string {
	args := make([]any, len(f.Args))
	for i, value := range f.Args {
		args[i] = value
		if say, ok := value.(spoken); ok {
			args[i] = say(language)
		}
	}
	return lang.T(language, "doctor."+f.Key, args...)
}

// Resolver reads the records of a domain; *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// Doctor checks one hub.
type Doctor struct {
	App      core.App
	DNS      Resolver
	Patience time.Duration // for all records of the sender's domain together
	Free     func(dir string) (bytes uint64, known bool)
	Now      time.Time
	findings []Finding
}

// New returns a doctor who uses the machine's own means.
func New(app core.App) *Doctor {
	return &Doctor{App: app, DNS: net.DefaultResolver, Patience: 5 * time.Second, Free: free, Now: clock.Now()}
}

// Examine checks everything, what matters most first. It changes nothing and sends no message; the mail server is
// asked to let the hub in.
func (d *Doctor) Examine(ctx context.Context) []Finding {
	d.findings = nil
	for _, check := range []func(context.Context){d.mailServer, d.messages, d.tick, d.address, d.domain,
		d.machineClock, d.zones, d.disk, d.backup, d.rules, d.holidays, d.links} {
		check(ctx)
	}
	return d.findings
}

// Worst is the worst level among findings.
func Worst(findings []Finding) Level {
	worst := OK
	for _, f := range findings {
		if f.Level == Bad || f.Level == Warn && worst == OK {
			worst = f.Level
		}
	}
	return worst
}

func (d *Doctor) say(level Level, key string, args ...any) {
	d.findings = append(d.findings, Finding{level, key, args})
}

// unread notes something that could not be checked.
func (d *Doctor) unread(what string, err error) {
	d.say(Bad, "unread", "what", what, "error", err.Error())
}
