package reminders_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/testkit"
)

// year is the world that testdata/year/input.json describes.
type year struct {
	*post
	yearInput
	begins     time.Time
	ids        map[string]string // by name
	names      map[string]string // by id
	people     map[string]yearPerson
	programmes map[string]yearProgramme
	mandatory  map[string]bool
}

type yearInput struct {
	Begins   string
	Days     int
	Holidays []struct {
		On, Province string
		NoMail       bool `json:"no_mail"`
	}
	Programmes []yearProgramme
	People     []yearPerson
	Rules      []map[string]any
	Tasks      []map[string]any
	Meetings   []map[string]any
	Milestones []map[string]any
	Indicators []map[string]any
}

type yearProgramme struct {
	Name, Zone, Province string
	SendAt               string `json:"send_at"`
	StartsOn             string `json:"starts_on"`
	EndsOn               string `json:"ends_on"`
}

type yearPerson struct {
	Name, Programme, Role, Zone string
	Account                     bool
	SendAt                      string `json:"send_at"`
	WeekendOff                  bool   `json:"weekend_off"`
	OrganisationSendAt          string `json:"organisation_send_at"`
}

// newYear makes the world in place of the usual one.
func newYear(t *testing.T) *year {
	t.Helper()
	p := newPost(t)
	y := &year{post: p, ids: map[string]string{"": ""}, names: map[string]string{}, people: map[string]yearPerson{},
		programmes: map[string]yearProgramme{}, mandatory: map[string]bool{}}
	body, err := os.ReadFile(yearFolder + "input.json")
	if err == nil {
		err = json.Unmarshal(body, &y.yearInput)
	}
	if err == nil {
		y.begins, err = time.Parse(time.RFC3339, y.Begins)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(clock.Freeze(y.begins))
	y.clear("deliveries", "memberships", "stakeholders", "contacts", "programmes", "reminder_rules", "holidays", "activity")
	y.settle()
	y.enter()
	for _, collection := range []string{"indicators", "tasks", "milestones", "meetings"} {
		// The lists of what is to be done are older than the year.
		y.sql("UPDATE " + collection + " SET created = '2027-06-01 00:00:00.000Z'")
	}
	return y
}

func (y *year) sql(query string) {
	y.Helper()
	if _, err := y.App.DB().NewQuery(query).Execute(); err != nil {
		y.Fatal(err)
	}
}

func (y *year) clear(collections ...string) {
	y.Helper()
	for _, c := range collections {
		y.sql("DELETE FROM " + c)
	}
}

// make saves a record and remembers it by its name.
func (y *year) make(collection, name string, fields ...any) string {
	y.Helper()
	id := y.Make(collection, fields...).Id
	y.ids[name], y.names[id] = id, name
	return id
}

// settle makes holidays, programmes, people and what they are in.
func (y *year) settle() {
	y.Helper()
	for _, h := range y.Holidays {
		y.Make("holidays", "on", h.On, "name", "Libur", "kind", map[bool]string{true: "regional_holiday", false: "national_holiday"}[h.Province != ""],
			"province", h.Province, "no_mail", h.NoMail)
	}
	for _, p := range y.Programmes {
		y.programmes[p.Name] = p
		y.make("programmes", p.Name, "slug", strings.ToLower(p.Name), "name", p.Name, "owner", y.Agency.Id, "province", p.Province, "regency", p.Name,
			"time_zone", p.Zone, "kind", "change_action", "status", "active", "starts_on", p.StartsOn, "ends_on", p.EndsOn, "send_at", p.SendAt)
	}
	for i, p := range y.People {
		address := string(rune('a'+i)) + "-year@example.org"
		user := ""
		if p.Account {
			user = y.make("users", p.Name, "email", address, "password", testkit.Password, "verified", true, "name", p.Name, "position", p.Name,
				"language", "id", "time_zone", p.Zone, "send_at", p.SendAt, "weekend_off", p.WeekendOff)
			y.people[user] = p
		}
		if p.Role != "focal_point" {
			y.Make("memberships", "programme", y.ids[p.Programme], "user", user, "role", map[string]string{"initiators": "initiator", "accountable": "coordinator"}[p.Role])
			y.ids[p.Role+p.Programme] = user
			continue
		}
		y.partner(p, user, address)
	}
}

// partner makes the organisation for which a person speaks.
func (y *year) partner(p yearPerson, user, address string) {
	y.Helper()
	o := y.Make("organisations", "name", p.Name, "helix", "community", "subtype", "k3s", "send_at", p.OrganisationSendAt).Id
	stakeholder := y.Make("stakeholders", "programme", y.ids[p.Programme], "organisation", o, "joined_on", "2027-06-01").Id
	contact := y.Make("contacts", "organisation", o, "position", p.Name, "user", user, "email", address, "time_zone", p.Zone,
		"focal_point", true, "from_on", "2027-06-01").Id
	y.ids["organisation"+p.Programme], y.names[stakeholder] = o, p.Programme
	y.names[user+contact], y.people[user+contact] = p.Name, p
}

// enter makes the rules and what they speak of.
func (y *year) enter() {
	y.Helper()
	for _, r := range y.Rules {
		fields := []any{"active", true}
		for name, value := range r {
			if name == "programme" {
				value = y.ids[value.(string)]
			}
			fields = append(fields, name, value)
		}
		id := y.make("reminder_rules", r["name"].(string), fields...)
		y.mandatory[id] = r["mandatory"].(bool)
	}
	of := func(r map[string]any) string { return r["programme"].(string) }
	for _, r := range y.Tasks {
		y.make("tasks", r["name"].(string), "programme", y.ids[of(r)], "title", r["name"], "organisation", y.ids["organisation"+of(r)],
			"accountable", y.ids["accountable"+of(r)], "due_on", r["due_on"], "state", "todo", "urgency", "normal")
	}
	for _, r := range y.Meetings {
		zone := y.programmes[of(r)].Zone
		at, err := time.ParseInLocation("2006-01-02 15:04", r["starts"].(string), clock.Zone(zone))
		if err != nil {
			y.Fatal(err)
		}
		y.make("meetings", r["name"].(string), "programme", y.ids[of(r)], "kind", "coordination", "title", r["name"], "starts_at", at,
			"time_zone", zone, "mode", "in_person", "place", "Aula", "status", "scheduled")
	}
	for _, r := range y.Milestones {
		y.make("milestones", r["name"].(string), "programme", y.ids[of(r)], "title", r["name"], "due_on", r["due_on"], "state", "planned", "horizon", "short")
	}
	for _, r := range y.Indicators {
		y.make("indicators", r["name"].(string), "programme", y.ids[of(r)], "name", r["name"], "unit", "orang", "type", "output",
			"direction", "higher_better", "period", "monthly", "method", "latest")
	}
}

// Zone is that of the person, else of the programme.
func (y *year) zone(p yearPerson) string {
	if p.Zone != "" {
		return p.Zone
	}
	return y.programmes[p.Programme].Zone
}

// off reports whether a day is a holiday in a province, or one without mail.
func (y *year) off(day, province string, silent bool) bool {
	for _, h := range y.Holidays {
		if h.On == day && (h.Province == "" || h.Province == province) && (!silent || h.NoMail) {
			return true
		}
	}
	return false
}
