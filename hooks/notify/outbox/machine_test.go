package outbox

import (
	"context"
	"flag"
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"simpul/hooks/notify/smtp"
)

// a11Sequences is how many random histories an ordinary run tries; make endurance tries 10,000.
const a11Sequences = "300"

// moods are the ways in which the scripted server may behave. A message that reaches its dot is taken in all of them.
var moods = map[string]script{
	"well": {}, "greylists": {"RCPT": "450 4.2.1 later"}, "refuses": {"RCPT": "550 5.7.1 no"}, "hangs up before the letter": {"MAIL": drop},
	"takes it and hangs up": {".": drop}, "closed": {"greet": "421 4.3.2 closed"},
}

// pointsOfDeath are the moments at which the process may end.
var pointsOfDeath = []string{"before the claim", "after the claim", "after the answer"}

// machine is a hub beside a model of it: how often each message was left in doubt, and whether it was ever refused.
type machine struct {
	*world
	peer    *peer
	now     time.Time
	mood    string
	queued  int
	doubts  map[string]int
	refused bool
}

// A message is sent, or its row says why not; nothing arrives a third time, nothing arrives twice without a doubt, and a
// second copy is the first byte for byte, whatever happens in whatever order.
func TestProcessDue_RandomHistories_KeepTheModel(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue && !testing.Short() {
		check(t, f.Value.Set(a11Sequences))
	}
	w := newWorld(t)
	// What a power cut would lose is not at stake here.
	w.run("PRAGMA synchronous = OFF")
	p := newPeer(t, script{})
	w.connectTo("127.0.0.1", p.port)
	rapid.Check(t, func(r *rapid.T) {
		m := &machine{world: w, peer: p, now: monday, mood: "well", doubts: map[string]int{}}
		m.begin()
		for range rapid.IntRange(3, 12).Draw(r, "steps") {
			m.step(r)
		}
		m.settle()
		m.judge(r)
	})
}

// begin empties the hub and the server.
func (m *machine) begin() {
	m.run("DELETE FROM deliveries")
	m.run("UPDATE hub_settings SET mail_held = 0")
	m.peer.change(script{})
	m.peer.mu.Lock()
	m.peer.accepted = nil
	m.peer.mu.Unlock()
	m.restart()
}

// restart is what a new process knows: nothing but the database.
func (m *machine) restart() {
	if m.sender.conn != nil {
		m.sender.closeAfter(smtp.Result{Class: smtp.Uncertain})
	}
	fresh, err := NewSender(m, m.sender.kinds, templateFiles())
	check(m, err)
	fresh.templates, fresh.dial = m.sender.templates, m.sender.dial
	m.sender = fresh
}

func (m *machine) step(r *rapid.T) {
	switch rapid.SampledFrom([]string{"queue", "tick", "tick", "die", "mood", "wait", "hold"}).Draw(r, "step") {
	case "queue":
		if m.queued < 4 {
			l := letter(m.queued)
			l.UsefulUntil = monday.Add(365 * 24 * time.Hour)
			m.queue(l)
			m.queued++
		}
	case "tick":
		m.tick()
	case "die":
		m.die(rapid.SampledFrom(pointsOfDeath).Draw(r, "point"))
	case "mood":
		m.mood = rapid.SampledFrom(slices.Sorted(maps.Keys(moods))).Draw(r, "mood")
		m.peer.change(moods[m.mood])
	case "wait":
		m.now = m.now.Add(rapid.SampledFrom([]time.Duration{time.Minute, 11 * time.Minute, 7 * time.Hour}).Draw(r, "wait"))
	case "hold":
		m.run("UPDATE hub_settings SET mail_held = NOT mail_held")
	}
}

func (m *machine) tick() {
	m.refused = m.refused || m.mood == "refuses"
	before := len(m.peer.copies())
	_, err := m.sender.ProcessDue(context.Background(), m.now)
	check(m, err)
	if m.mood == "takes it and hangs up" {
		for _, copy := range m.peer.copies()[before:] {
			m.doubts[addressOf(copy)]++
		}
	}
}

// die takes one message as far as the point, and then the process is another one.
func (m *machine) die(point string) {
	defer m.restart()
	m.refused = m.refused || m.mood == "refuses"
	held, err := maintain(m, m.now, Tally{})
	check(m, err)
	check(m, m.sender.sort(context.Background(), m, m.now))
	ids, err := due(m, m.now, held != "")
	check(m, err)
	if len(ids) == 0 || m.sender.connect(context.Background(), m.now) != nil || point == "before the claim" {
		return
	}
	claimed, _, err := m.sender.claim(ids[0], m.now)
	check(m, err)
	if claimed == nil {
		return
	}
	m.doubts[claimed.Email]++
	if point == "after the answer" {
		m.sender.conn.Send(context.Background(), m.Settings().Meta.SenderAddress, claimed.Email, []byte(claimed.Message))
	}
}

// result lets a well-behaved world go on until nothing is left to do.
func (m *machine) settle() {
	m.mood = "well"
	m.peer.change(script{})
	m.run("UPDATE hub_settings SET mail_held = 0")
	for range 4 {
		m.now = m.now.Add(8 * time.Hour)
		m.tick()
	}
}

var toLine = regexp.MustCompile(`(?m)^To: <([^>]+)>`)

func addressOf(letter string) string {
	found := toLine.FindStringSubmatch(letter)
	if found == nil {
		return ""
	}
	return found[1]
}

func (m *machine) judge(r *rapid.T) {
	copies := map[string][]string{}
	for _, c := range m.peer.copies() {
		copies[addressOf(c)] = append(copies[addressOf(c)], c)
	}
	for _, d := range m.rows() {
		same, doubts := copies[d.Email], m.doubts[d.Email]
		switch {
		case d.State == StateSent && len(same) == 0:
			r.Errorf("%s is sent but never arrived", d.Email)
		case !slices.Contains(ends, d.State), d.State == StateFailed && !m.refused, d.State == StateUncertain && doubts == 0:
			r.Errorf("%s is %s (%s) after %d doubts", d.Email, d.State, d.Reason, doubts)
		case d.State != StateSent && d.Reason == "":
			r.Errorf("%s is %s for no reason", d.Email, d.State)
		}
		if len(same) > 2 || len(same) > 1+doubts {
			r.Errorf("%s got %d copies after %d doubts", d.Email, len(same), doubts)
		}
		if len(same) == 2 && same[0] != same[1] {
			r.Errorf("the copies to %s differ", d.Email)
		}
	}
}

var ends = []string{StateSent, StateFailed, StateUncertain}
