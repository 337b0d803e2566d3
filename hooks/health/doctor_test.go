package health_test

import (
	"context"
	"net"
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

func TestAHealthyHubIsCalledSo(t *testing.T) {
	findings := healthy(t).examine()
	for _, f := range findings {
		if f.Level != health.OK {
			t.Errorf("%s %s: %s", f.Level, f.Key, f.Sentence("en"))
		}
	}
	if len(findings) < 13 || health.Worst(findings) != health.OK {
		t.Errorf("%d things were looked at", len(findings))
	}
}

func TestEachAilmentIsCalledByItsNameWithWhatToDo(t *testing.T) {
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

func TestADeadNameServerCostsLittleTime(t *testing.T) {
	p := healthy(t)
	p.dns.silent = true
	begin := time.Now()
	p.examine()
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestExaminingSendsNothingAndChangesNothing(t *testing.T) {
	p := healthy(t)
	before := p.Count("deliveries")
	p.examine()
	if n := len(p.office.Letters()); n != 0 || p.Count("deliveries") != before {
		t.Errorf("%d letters left", n)
	}
}
