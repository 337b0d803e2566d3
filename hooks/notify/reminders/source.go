package reminders

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/contributions"
	"simpul/hooks/notify/outbox"
)

// Source tells which kinds speak of a collection, what they count from, whom
// they may speak to, and how to read a subject. A collection may have several.
type Source struct {
	collection string
	Kinds      []string
	Anchors    []Anchor // the first is the usual one
	Audience   []string
	Ladder     []string // whom a rule may climb to, in this order
	fields     []string // whose change calls for new planning
	// pending picks what may still call for a message, for the night and for
	// changed rules; nil where messages leave at once or not at all.
	pending dbx.Expression
	of      string // column of the programme; empty is "programme"
	// near keeps messages that look back out of the ledger until they are near.
	near bool
	// late lets a message whose hour has passed leave at once when its subject is
	// saved after that hour.
	late bool
	read func(core.App, *Subject) error
}

// Anchor is something rules count from.
type Anchor struct {
	Name  string
	Hours bool // it has an hour, so that a rule may count hours
	Now   bool // Messages leave as soon as it happens and count no days
}

func days(names ...string) (out []Anchor) {
	for _, name := range names {
		out = append(out, Anchor{Name: name})
	}
	return out
}

func (s Source) column() string {
	if s.of == "" {
		return "programme"
	}
	return s.of
}

// Anchor finds one of the source's anchors by its name.
func (s Source) Anchor(name string) (Anchor, bool) {
	i := slices.IndexFunc(s.Anchors, func(a Anchor) bool { return a.Name == name })
	if i < 0 {
		return Anchor{}, false
	}
	return s.Anchors[i], true
}

// ladderOfTasks is the one order in which silence climbs; none of them is
// another partner.
var ladderOfTasks = []string{"assignee", "focal_point", "organisation", "accountable", "initiators"}

// sources is the table of everything anybody is reminded of. A new room adds its line here.
var sources = []Source{
	{
		collection: "tasks", Kinds: []string{"task_due", "task_overdue"}, Anchors: days("task.due_on"),
		Audience: []string{"assignee", "focal_point", "organisation", "accountable", "initiators"}, Ladder: ladderOfTasks,
		fields:  []string{"due_on", "state", "organisation", "assignee", "accountable", "programme"},
		pending: dbx.NewExp("state IN ('todo', 'in_progress', 'waiting') AND due_on != ''"), near: true, late: true, read: readTask,
	},
	{
		collection: "meetings", Kinds: []string{"meeting_soon"}, Anchors: []Anchor{{Name: "meeting.starts_at", Hours: true}},
		Audience: []string{"attendees", "initiators"},
		fields:   []string{"starts_at", "time_zone", "status", "programme", "chair", "taken_by"},
		pending:  dbx.NewExp("status = 'scheduled'"), read: readMeeting,
	},
	{
		collection: "attendances", Kinds: []string{"meeting_invite"}, Anchors: []Anchor{{Name: "attendance.invited", Now: true}},
		Audience: []string{"attendees"}, fields: []string{"state", "contact", "stakeholder"}, read: readInvitation,
	},
	{
		collection: "minutes", Kinds: []string{"minutes_followup"}, Anchors: []Anchor{{Name: "minutes.circulated", Now: true}},
		Audience: []string{"task_owners", "attendees", "initiators"}, fields: []string{"status"}, read: readMinutes,
	},
	{
		collection: "contributions", Kinds: []string{"contribution_waiting"}, Anchors: days("contribution.submitted_at"),
		Audience: []string{"initiators", "team"}, fields: []string{"review_status", "submitted_at", "programme"},
		pending: dbx.NewExp("review_status = 'submitted'"), read: readWaiting,
	},
	{
		collection: "contributions", Kinds: []string{"contribution_revision"}, Anchors: []Anchor{{Name: "contribution.returned", Now: true}},
		Audience: []string{"logged_by"}, fields: []string{"review_status", "logged_by"}, read: readReturned,
	},
	{
		collection: "stakeholders", Kinds: []string{"contribution_prompt"}, Anchors: days("contribution.month_day"),
		Audience: []string{"focal_point", "organisation"}, fields: []string{"organisation", "programme", "joined_on", "ended_on"},
		pending: dbx.NewExp("organisation != ''"), read: readGiver,
	},
	{
		collection: "indicators", Kinds: []string{"indicator_due"}, Anchors: days("indicator.period_end"),
		Audience: []string{"initiators", "team"}, fields: []string{"period", "derived_from", "programme"},
		pending: dbx.NewExp("period IN ('monthly', 'quarterly', 'yearly') AND derived_from = ''"), read: readIndicator,
	},
	{
		collection: "milestones", Kinds: []string{"milestone_due"}, Anchors: days("milestone.due_on"),
		Audience: []string{"initiators", "team"}, fields: []string{"due_on", "state", "programme"},
		pending: dbx.NewExp("state IN ('', 'planned', 'in_progress') AND due_on != ''"), read: readMilestone,
	},
	{
		collection: "programmes", Kinds: []string{"programme_date"},
		Anchors:  days("programme.ends_on", "programme.starts_on", "programme.on_day"),
		Audience: []string{"initiators", "team", "partners"}, fields: []string{"starts_on", "ends_on", "status"},
		pending: dbx.NewExp("status NOT IN ('paused', 'cancelled', 'completed')"), of: "id", read: readProgramme,
	},
}

// Sources are all ways to look at records.
func Sources() []Source { return sources }

// SourcesOf are the ways to look at a collection.
func SourcesOf(collection string) (found []Source) {
	for _, s := range sources {
		if s.collection == collection {
			found = append(found, s)
		}
	}
	return found
}

// SourceFor finds the source that a kind of reminder speaks of.
func SourceFor(kind string) (Source, bool) {
	i := slices.IndexFunc(sources, func(s Source) bool { return slices.Contains(s.Kinds, kind) })
	if i < 0 {
		return Source{}, false
	}
	return sources[i], true
}

// ofProgramme narrows to a programme; a rule without one speaks of all.
func (s Source) ofProgramme(programme string) []dbx.Expression {
	if programme == "" {
		return nil
	}
	return []dbx.Expression{dbx.HashExp{s.column(): programme}}
}

func readTask(_ core.App, s *Subject) error {
	s.Title = s.Record.GetString("title")
	s.on("task.due_on", s.Record.GetString("due_on"))
	switch s.Record.GetString("state") {
	case "done":
		s.Closed = outbox.ReasonDone
	case "cancelled":
		s.Closed = outbox.ReasonCancelled
	}
	return nil
}

func readMeeting(_ core.App, s *Subject) error {
	s.gathering(s.Record)
	s.at("meeting.starts_at", s.Record.GetDateTime("starts_at").Time())
	return nil
}

// gathering takes over what messages say of a meeting.
func (s *Subject) gathering(meeting *core.Record) {
	s.Title, s.Place, s.meeting = meeting.GetString("title"), meeting.GetString("place"), meeting
	if zone := meeting.GetString("time_zone"); zone != "" {
		s.Zone = zone
	}
	switch meeting.GetString("status") {
	case "held":
		s.Closed = outbox.ReasonDone
	case "cancelled", "postponed", "draft":
		s.Closed = outbox.ReasonCancelled
	}
}

// expected are the states of an attendance in which somebody is expected.
var expected = map[string]bool{"invited": true, "confirmed": true, "represented": true}

// readInvitation reads an attendance: every change of the schedule is another
// time to tell it.
func readInvitation(app core.App, s *Subject) error {
	meeting, err := app.FindRecordById("meetings", s.Record.GetString("meeting"))
	if err != nil {
		return err
	}
	s.gathering(meeting)
	s.URL, s.Open = "/meetings/"+meeting.Id, outbox.RecordRef{Collection: "meetings", ID: meeting.Id}
	if !expected[s.Record.GetString("state")] {
		s.Closed = outbox.ReasonDone
	}
	recalled, err := timesRecalled(app, s.Record, s.URL)
	if err != nil {
		return err
	}
	s.at("attendance.invited", meeting.GetDateTime("starts_at").Time())
	for i := range s.Marks {
		m := &s.Marks[i]
		// Moved away and back, a meeting is told again: its sequence never falls. Calendars take in an invitation that
		// was taken back only under a higher one.
		m.id, m.sequence, m.fingerprint = hourOf(m.Moment, s.Zone), meeting.GetInt("sequence")+2*recalled, fingerprintOf(meeting)
	}
	return nil
}

// readMinutes reads minutes that are open to those who take part.
func readMinutes(app core.App, s *Subject) error {
	meeting, err := app.FindRecordById("meetings", s.Record.GetString("meeting"))
	if err != nil {
		return err
	}
	closed := s.Closed
	s.gathering(meeting)
	s.Closed = closed // minutes are sent when the meeting is over
	s.URL = "/meetings/" + meeting.Id + "/minutes"
	s.at("minutes.circulated", meeting.GetDateTime("starts_at").Time())
	for i := range s.Marks {
		s.Marks[i].id = "minutes" // once, also when the meeting's day is put right
	}
	if s.Record.GetString("status") == "draft" || s.Record.GetString("status") == "" {
		s.Closed = outbox.ReasonCancelled
	}
	return nil
}

func readMilestone(_ core.App, s *Subject) error {
	s.Title, s.URL = s.Record.GetString("title"), "/programmes/"+s.Programme.Slug
	s.on("milestone.due_on", s.Record.GetString("due_on"))
	switch s.Record.GetString("state") {
	case "achieved", "partly_achieved", "missed":
		s.Closed = outbox.ReasonDone
	}
	return nil
}

// OwnDay is the anchor of a rule that names its day itself.
const OwnDay = "programme.on_day"

func readProgramme(_ core.App, s *Subject) error {
	s.Title, s.URL = s.Programme.Name, "/programmes/"+s.Programme.Slug
	s.on("programme.starts_on", s.Programme.StartsOn)
	s.on("programme.ends_on", s.Programme.EndsOn)
	return nil
}

func readWaiting(_ core.App, s *Subject) error {
	s.Title = s.Record.GetString("item")
	if at := s.Record.GetDateTime("submitted_at").Time(); !at.IsZero() {
		s.on("contribution.submitted_at", clock.Day(at, s.Zone))
	}
	if s.Record.GetString("review_status") != "submitted" {
		s.Closed = outbox.ReasonDone
	}
	return nil
}

// readReturned reads a contribution sent back; each return is another time.
func readReturned(_ core.App, s *Subject) error {
	s.Title = s.Record.GetString("item")
	if at := s.Record.GetDateTime("reviewed_at").Time(); !at.IsZero() {
		s.Marks = append(s.Marks, anchorAt{name: "contribution.returned", Anchor: clock.Day(at, s.Zone), id: Stamp(at)})
	}
	if s.Record.GetString("review_status") != "needs_revision" {
		s.Closed = outbox.ReasonDone
	}
	return nil
}

// promptDay is the day of each month on which partners are asked what they gave.
const promptDay = "-25"

// readGiver reads a stakeholder: last month, this one and the next ask what it
// gave, unless something was logged in that month. Last month's message may have
// been pushed over its end by holidays.
func readGiver(app core.App, s *Subject) error {
	organisation := s.Record.GetString("organisation")
	s.URL = "/contributions/new?programme=" + s.Programme.Slug
	err := app.DB().Select("name").From("organisations").Where(dbx.HashExp{"id": organisation}).Row(&s.Title)
	if err != nil {
		return err
	}
	if organisation == s.Programme.Owner {
		s.Closed = reasonNotConcerned
		return nil
	}
	today := s.today()
	lastMonth := clock.AddDays(today[:7]+"-01", -1)[:7]
	for _, month := range []string{lastMonth, today[:7], nextMonth(today)} {
		day := month + promptDay
		if !within(day, s.Programme.StartsOn, s.Programme.EndsOn) || !within(day, s.Record.GetString("joined_on"), s.Record.GetString("ended_on")) {
			continue
		}
		m := anchorAt{name: "contribution.month_day", Anchor: day}
		if m.over, err = s.gave(app, month); err != nil {
			return err
		}
		s.Marks = append(s.Marks, m)
	}
	return nil
}

// gave tells why a month needs no asking any more: the stakeholder gave or
// logged something in it, or said that there is nothing.
func (s Subject) gave(app core.App, month string) (reason string, err error) {
	organisation := s.Record.GetString("organisation")
	given, err := contributions.ContributedIn(app, s.Programme.ID, organisation, month)
	if err != nil || given {
		return outbox.ReasonDone, err
	}
	said, err := contributions.FindNilReport(app, s.Programme.ID, organisation, month)
	if err != nil || said == nil {
		return "", err
	}
	return reasonNothing, nil
}

// readIndicator reads an indicator: the period that ended last and the present
// one ask for a value, unless there is one.
func readIndicator(app core.App, s *Subject) error {
	s.Title, s.URL = s.Record.GetString("name"), "/indicators/"+s.Record.Id+"/values/new"
	months := periods[s.Record.GetString("period")]
	if months == 0 || s.Record.GetString("derived_from") != "" {
		s.Closed = reasonNotConcerned
		return nil
	}
	begun := s.born()
	from, to := periodOf(s.today(), months)
	before, _ := periodOf(clock.AddDays(from, -1), months)
	for _, p := range [][2]string{{before, clock.AddDays(from, -1)}, {from, to}} {
		if p[1] < begun || !within(p[1], s.Programme.StartsOn, s.Programme.EndsOn) {
			continue
		}
		m := anchorAt{name: "indicator.period_end", Anchor: p[1]}
		var n int
		err := app.DB().NewQuery("SELECT COUNT(*) FROM indicator_values WHERE indicator = {:id} AND [[on]] BETWEEN {:from} AND {:to}").
			Bind(dbx.Params{"id": s.Record.Id, "from": p[0], "to": p[1]}).Row(&n)
		if err != nil {
			return err
		}
		if n > 0 {
			m.over = outbox.ReasonDone
		}
		s.Marks = append(s.Marks, m)
	}
	return nil
}

// periods are how many months a value stands for.
var periods = map[string]int{"monthly": 1, "quarterly": 3, "yearly": 12}

// periodOf returns the first and the last day of the period of some months in
// which a day lies; years are divided from January on.
func periodOf(day string, months int) (from, to string) {
	var year, month int
	if _, err := fmt.Sscanf(day, "%d-%d", &year, &month); err != nil {
		return day, day
	}
	first := time.Date(year, time.Month((month-1)/months*months+1), 1, 0, 0, 0, 0, time.UTC)
	return first.Format(time.DateOnly), first.AddDate(0, months, -1).Format(time.DateOnly)
}

func nextMonth(day string) string {
	_, last := periodOf(day, 1)
	return clock.AddDays(last, 1)[:7]
}

// within reports whether a day lies in a span whose ends may be open.
func within(day, from, until string) bool {
	return day >= from && (until == "" || day <= until)
}
