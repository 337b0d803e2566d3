package admin

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/meetings"
	"simpul/hooks/notify/invitations"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/notify/rules"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// Reasons why a message that rules call for is not in the ledger.
const (
	reasonNotYet  = "not_yet"  // its day is farther off than messages are written down
	reasonTooLate = "too_late" // its hour had gone by when its cause was saved
)

// DeliveryStatus is one message about a record, past or future, with what became of it
// or what would keep it.
type DeliveryStatus struct {
	Kind          string
	User, Contact string
	Email         string
	DueAt         time.Time
	SentAt        time.Time
	State, Reason string
	objection     bool         // the reason is why it will not leave
	letter        *core.Record // as the ledger holds it, nil while it is only foreseen
}

// explain tells of every message about a record that the reader may know of: from
// the ledger, and for the team and the recipient also what rules will call for.
func explain(d *access.Scope, subject *core.Record) ([]DeliveryStatus, error) {
	x := &explanation{scope: d, record: subject, told: map[string]bool{}}
	err := x.ledger()
	for _, src := range reminders.SourcesOf(subject.Collection().Name) {
		err = errors.Join(err, x.foresee(src))
	}
	slices.SortStableFunc(x.out, func(a, b DeliveryStatus) int { return a.DueAt.Compare(b.DueAt) })
	return x.out, err
}

type explanation struct {
	scope  *access.Scope
	record *core.Record
	told   map[string]bool // by key
	out    []DeliveryStatus
}

// sourcesAbout are the sources of all messages about a collection: invitations and
// minutes belong to their meeting.
func sourcesAbout(collection string) []reminders.Source {
	found := reminders.SourcesOf(collection)
	if collection == "meetings" {
		found = append(found, append(reminders.SourcesOf("attendances"), reminders.SourcesOf("minutes")...)...)
	}
	return found
}

// rulesAbout are the rules in force that speak of a record.
func rulesAbout(app core.App, r *core.Record) (found []*reminders.Rule, err error) {
	for _, src := range sourcesAbout(r.Collection().Name) {
		some, err := reminders.InForce(app, access.ProgrammeOf(app, r), src.Kinds)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

// messagesAbout picks the messages about a record; those about a meeting are also
// those with its minutes, its invitations and what took them back, whether the
// guest is still on the list or not.
func messagesAbout(r *core.Record) dbx.Expression {
	own := dbx.HashExp{"deliveries.subject_collection": r.Collection().Name, "deliveries.subject_id": r.Id}
	if r.Collection().Name != "meetings" {
		return own
	}
	return dbx.Or(own, dbx.NewExp(`deliveries.subject_collection IN ('attendances', 'minutes') AND deliveries.subject_id IN
		(SELECT id FROM attendances WHERE meeting = {:meeting} UNION SELECT id FROM minutes WHERE meeting = {:meeting})`,
		dbx.Params{"meeting": r.Id}),
		dbx.NewExp("deliveries.programme = {:programme} AND deliveries.subject_collection = 'attendances' AND deliveries.url = {:url}",
			dbx.Params{"programme": r.GetString("programme"), "url": meetings.Wrap(r).URL()}))
}

// ledger explains the messages written down. One that waits, by itself or within
// another, is asked whether it would be wanted now.
func (x *explanation) ledger() error {
	rows, err := x.scope.List("deliveries", func(q *dbx.SelectQuery) { q.AndWhere(messagesAbout(x.record)) })
	if err != nil {
		return err
	}
	if err := x.scope.With(rows, "contacted_by"); err != nil {
		return err
	}
	for _, r := range rows {
		l := DeliveryStatus{letter: r, Kind: r.GetString("kind"), User: r.GetString("user"), Contact: r.GetString("recipient"),
			Email: r.GetString("email"), DueAt: r.GetDateTime("due_at").Time(), SentAt: r.GetDateTime("sent_at").Time(),
			State: r.GetString("state"), Reason: outbox.DisplayReasonOf(r)}
		reason, err := objectionTo(x.scope.App(), r, clock.Now())
		if err != nil {
			return err
		}
		if reason != "" {
			l.Reason, l.objection = reason, true
		}
		x.told[r.GetString("key")] = true
		x.out = append(x.out, l)
	}
	return nil
}

// objectionTo asks about a message that waits, by itself or within another, what
// the sender would ask at a moment. One that is only put off is asked as well.
func objectionTo(app core.App, letter *core.Record, now time.Time) (string, error) {
	if state := letter.GetString("state"); state != outbox.StatePlanned && state != outbox.StateDigested {
		return "", nil
	}
	var row reminders.Waiting
	err := app.DB().NewQuery("SELECT *, " + outbox.StillInDigest + " AS folded FROM deliveries WHERE id = {:id}").Bind(dbx.Params{"id": letter.Id}).One(&row)
	if err != nil {
		return "", fmt.Errorf("explain letter %s: %w", letter.Id, err)
	}
	if !row.Unsent() {
		return "", nil
	}
	d := row.Delivery
	if d.Kind == reminders.KindCalledOff {
		_, reason, err := invitations.CalledOff(app, d, now)
		if err != nil || reason != "" {
			return reason, err
		}
		return outbox.Suppressed(app, d, false)
	}
	a := &reminders.Candidate{App: app, Message: d, Now: now}
	if reason, err := a.Objection(); err != nil || reason != "" {
		return reason, err
	}
	return outbox.Suppressed(app, d, a.Rule.Mandatory())
}

// foresee explains the messages that rules call for and the ledger does not hold.
func (x *explanation) foresee(src reminders.Source) error {
	now := clock.Now()
	messages, err := reminders.Forecast(x.scope.App(), src, x.record, now)
	if err != nil {
		return err
	}
	roles := x.scope.Roles(access.ProgrammeOf(x.scope.App(), x.record))
	for _, l := range messages {
		mine := l.User != "" && x.scope.Person() != nil && l.User == x.scope.Person().Id
		if x.told[l.Key] || !mine && !roles.Team && !x.scope.Super() {
			continue
		}
		reason := reasonNotYet
		if l.DueAt.Before(now) {
			reason = reasonTooLate
		}
		x.out = append(x.out, DeliveryStatus{Kind: l.Kind, User: l.User, Contact: l.Recipient, Email: l.Email, DueAt: l.DueAt, Reason: reason})
	}
	return nil
}

// peopleOf names the recipients of messages, by account and contact.
func peopleOf(d *access.Scope, messages []DeliveryStatus) (map[string]string, error) {
	names := map[string]string{}
	for _, l := range messages {
		if _, known := names[l.User+l.Contact]; known {
			continue
		}
		name, err := reminders.Office(d.App(), l.User, l.Contact)
		if err != nil {
			return nil, err
		}
		names[l.User+l.Contact] = name
	}
	return names, nil
}

// whyPage tells why somebody gets or does not get messages about one thing.
type whyPage struct {
	web.Base
	Subject, Back string
	// All says that the reader sees everybody's messages, not only their own.
	All   bool
	To    []whyPerson
	Rules []string
}

type whyPerson struct {
	Name    string
	Letters []rules.MessageRow
}

// WhyTask, WhyMeeting and WhyContribution explain the messages about one thing,
// past and future: to the team everybody's, to others their own.
var (
	WhyTask         = why("tasks")
	WhyMeeting      = why("meetings")
	WhyContribution = why("contributions")
)

func why(collection string) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		d := web.Scope(e)
		r, err := d.View(collection, e.Request.PathValue("id"))
		if err != nil {
			return err
		}
		p, err := programmes.ByID(d, access.ProgrammeOf(d.App(), r))
		if err != nil {
			return err
		}
		found, err := explain(d, r)
		if err != nil {
			return err
		}
		data := whyPage{Base: web.New(e, "reminders.why_title").At("programmes"), Subject: r.GetString(reminders.Titles[collection]),
			Back: "/" + collection + "/" + r.Id, All: p.Roles.Team || d.Super()}
		data.Crumbs = append(p.Crumbs(data.Language), web.Crumb{Label: data.Subject, URL: data.Back}, web.Crumb{Label: data.Title})
		names, err := peopleOf(d, found)
		if err != nil {
			return err
		}
		data.gather(found, names, p.Zone())
		inForce, err := rulesAbout(d.App(), r)
		if err != nil {
			return err
		}
		for _, rule := range inForce {
			data.Rules = append(data.Rules, rules.Sentence(rule, data.Language))
		}
		return web.Render(e, http.StatusOK, "reminders/why", data)
	}
}

// gather puts messages under the person they are for.
func (data *whyPage) gather(messages []DeliveryStatus, names map[string]string, zone string) {
	place := map[string]int{}
	for _, l := range messages {
		who := names[l.User+l.Contact]
		if who == "" {
			who = l.Email
		}
		i, there := place[who]
		if !there {
			i, place[who] = len(data.To), len(data.To)
			data.To = append(data.To, whyPerson{Name: who})
		}
		data.To[i].Letters = append(data.To[i].Letters, l.row(data.Language, zone))
	}
}

// row is a message with its state, or what stands against it, in words.
func (l DeliveryStatus) row(language, zone string) rules.MessageRow {
	row := rules.MessageRow{Title: lang.T(language, "reminder_rules.kind."+l.Kind), When: lang.Moment(language, reminders.Latest(l.DueAt, l.SentAt), zone), Badge: rules.Badges[l.State]}
	state := l.State
	switch {
	case l.Reason == reasonTooLate:
		state = outbox.StateSkipped
	case state == "":
		state = outbox.StatePlanned
	}
	row.State = lang.T(language, "deliveries.state."+state)
	switch {
	case l.objection:
		row.Stays(language, l.Reason)
	case l.Reason == outbox.ReasonByHand:
		row.Reason = rules.ToldWords(l.letter, language, zone)
	case l.Reason != "":
		row.Reason = lang.T(language, "deliveries.reason."+l.Reason)
	}
	return row
}

// shownOfPerson is how many messages to one person the page lists.
const shownOfPerson = 60

// peoplePage answers why somebody gets or does not get messages, about one thing
// or about all.
type peoplePage struct {
	web.Base
	Programme       *programmes.Programme
	Tabs            programmes.Tabs
	Form            *web.Form
	Who             string
	Against         []string
	About, AboutURL string
	Letters         []rules.MessageRow
	Silence         string
	Most            int
	// Person is the one asked about, Bounced their address if messages come back from it.
	Person, Bounced string
}

// People lets the team ask about any person and any thing of a programme.
func People(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	if !p.Roles.Team && !d.Super() {
		return access.ErrRefused
	}
	everybody, err := reachedIn(d.App(), p.ID())
	if err != nil {
		return err
	}
	data := peoplePage{Base: web.New(e, "reminders.people").At("programmes"), Programme: p, Most: shownOfPerson}
	data.Crumbs = append(p.Crumbs(data.Language), web.Crumb{Label: lang.T(data.Language, "reminders.title"), URL: p.URL() + "/reminders"},
		web.Crumb{Label: data.Title})
	data.Tabs = p.Tabs("reminders", data.Language)
	about, err := dutyOptions(d, p, data.Language)
	if err != nil {
		return err
	}
	asked := e.Request.URL.Query()
	data.Form = web.NewForm(e, "reminders", web.Choice("person", personOptions(everybody, data.Language)).Need(),
		web.Choice("about", about)).Set("person", asked.Get("person")).Set("about", asked.Get("about"))
	i := slices.IndexFunc(everybody, func(r recipientStatus) bool { return r.ID == asked.Get("person") })
	if i >= 0 {
		if err := data.answer(d, everybody[i]); err != nil {
			return err
		}
	}
	return web.Render(e, http.StatusOK, "reminders/people", data)
}

func personOptions(everybody []recipientStatus, language string) (options []web.Option) {
	for _, r := range everybody {
		group := r.Organisation
		if group == "" {
			group = lang.T(language, "reminders.people_team")
		}
		options = append(options, web.Option{Value: r.ID, Label: r.called(), Group: group})
	}
	return options
}

// answer tells about one person, and about the one thing if one was chosen.
func (data *peoplePage) answer(d *access.Scope, who recipientStatus) (err error) {
	data.Who, data.Person = who.called(), who.ID
	addresses, err := outbox.Bounced(d.App(), data.Programme.ID(), data.Programme.Zone())
	if err != nil {
		return err
	}
	data.Bounced = outbox.Among(addresses, who.Email)
	if data.Against, err = who.against(d.App(), clock.Now(), data.Language); err != nil {
		return err
	}
	option := data.Form.Value("about")
	if option == "" {
		data.Letters, err = rules.Messages(d, data.Programme, data.Base, func(q *dbx.SelectQuery) {
			q.AndWhere(dbx.Or(dbx.NewExp("deliveries.recipient = {:contact} AND {:contact} != ''", dbx.Params{"contact": who.Contact}),
				dbx.NewExp("deliveries.user = {:user} AND {:user} != ''", dbx.Params{"user": who.User}))).
				OrderBy("deliveries.due_at DESC").Limit(shownOfPerson)
		})
		return errors.Join(err, askEach(d.App(), clock.Now(), data.Letters, data.Language))
	}
	about, of, err := dutyOf(d, data.Programme, option)
	if err != nil {
		return err
	}
	return data.about(d, who, about, of)
}

// askEach asks of the messages that wait whether something stands against them.
func askEach(app core.App, now time.Time, rows []rules.MessageRow, language string) error {
	for i := range rows {
		reason, err := objectionTo(app, rows[i].Message, now)
		if err != nil {
			return err
		}
		if reason != "" {
			rows[i].Stays(language, reason)
		}
	}
	return nil
}

// about tells what one person got or will get about one thing, and why not more.
func (data *peoplePage) about(d *access.Scope, who recipientStatus, about *core.Record, of subjectOption) error {
	data.About = about.GetString(of.title)
	if _, page := reminders.Titles[of.collection]; page {
		data.AboutURL = "/" + of.collection + "/" + about.Id + "/reminders"
	}
	found, err := explain(d, about)
	if err != nil {
		return err
	}
	for _, l := range found {
		if who.is(l.Contact, l.User) {
			data.Letters = append(data.Letters, l.row(data.Language, data.Programme.Zone()))
		}
	}
	if len(data.Letters) == 0 {
		data.Silence, err = silence(d.App(), clock.Now(), about, data.Language)
	}
	return err
}

// mostDuties is how many things of one collection may be chosen from.
const mostDuties = 200

// subjectOption is a collection of things people are reminded of.
type subjectOption struct {
	collection string
	title      string // the field that says what one is
	newest     string // the column to order by, newest first
}

var duties = []subjectOption{
	{"tasks", "title", "due_on"},
	{"meetings", "title", "starts_at"},
	{"contributions", "item", "given_on"},
	{"milestones", "title", "due_on"},
	{"indicators", "name", "created"},
}

// dutyOptions are the things of a programme that messages may be about, under the
// names of their collections.
func dutyOptions(d *access.Scope, p *programmes.Programme, language string) (options []web.Option, err error) {
	for _, of := range duties {
		found, err := d.List(of.collection, func(q *dbx.SelectQuery) {
			q.AndWhere(dbx.HashExp{of.collection + ".programme": p.ID()}).OrderBy(of.collection+"."+of.newest+" DESC", of.collection+".rowid DESC").Limit(mostDuties)
		})
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			options = append(options, web.Option{Value: of.collection + ":" + r.Id, Label: r.GetString(of.title),
				Group: lang.T(language, "reminders.duty."+of.collection)})
		}
	}
	return options, nil
}

// dutyOf views the thing that an option stands for; nil when there is none such
// that the reader may see in the programme.
func dutyOf(d *access.Scope, p *programmes.Programme, option string) (*core.Record, subjectOption, error) {
	collection, id, _ := strings.Cut(option, ":")
	for _, of := range duties {
		if of.collection != collection {
			continue
		}
		r, err := d.View(collection, id)
		if err == nil && r.GetString("programme") != p.ID() {
			err = access.ErrRefused
		}
		return r, of, err
	}
	return nil, subjectOption{}, access.ErrRefused
}

// silence says in words why nobody is reminded of a thing, or why this person is not.
func silence(app core.App, now time.Time, about *core.Record, language string) (string, error) {
	inForce, err := rulesAbout(app, about)
	if err != nil {
		return "", err
	}
	dated, closed := false, ""
	for _, src := range reminders.SourcesOf(about.Collection().Name) {
		s, err := src.Subject(app, about, now)
		if err != nil {
			return "", err
		}
		if s.Closed == "" {
			dated, closed = dated || len(s.Marks) > 0, "open"
		} else if closed == "" {
			closed = s.Closed
		}
	}
	switch {
	case closed != "open":
		return lang.T(language, "deliveries.reason."+closed), nil
	case !dated:
		return lang.T(language, "reminders.people_no_date"), nil
	case len(inForce) == 0:
		return lang.T(language, "deliveries.reason."+reminders.ReasonRuleOff), nil
	}
	return lang.T(language, "reminders.people_not_addressed"), nil
}

// recipientStatus is somebody whom messages of a programme may reach, or reached while
// they held an office.
type recipientStatus struct {
	ID           string `db:"id"` // of the contact, else of the account
	Contact      string `db:"contact"`
	User         string `db:"user"`
	Email        string `db:"email"`
	Name         string `db:"name"`         // the office, or the name without one
	Organisation string `db:"organisation"` // empty for the team
}

// reachedIn lists everybody of a programme: contacts of all who take part or took
// part, and those who run or watch it.
func reachedIn(app core.App, programme string) (people []recipientStatus, err error) {
	err = app.DB().NewQuery(`SELECT c.id AS id, c.id AS contact, c.user AS user, COALESCE(NULLIF(u.email, ''), c.email) AS email,
			COALESCE(NULLIF(c.position, ''), c.name) AS name, o.name AS organisation, 1 AS place
		FROM stakeholders s JOIN contacts c ON c.organisation = s.organisation JOIN organisations o ON o.id = c.organisation
		LEFT JOIN users u ON u.id = c.user WHERE s.programme = {:programme}
		UNION SELECT u.id, '', u.id, u.email, COALESCE(NULLIF(u.position, ''), u.name), '', 0
		FROM memberships m JOIN users u ON u.id = m.user WHERE m.programme = {:programme} AND m.role != 'partner'
		ORDER BY place, organisation, name, id`).Bind(dbx.Params{"programme": programme}).All(&people)
	if err != nil {
		return nil, fmt.Errorf("people of a programme: %w", err)
	}
	return people, nil
}

// called is the person's office and organisation: two of one office are told apart.
func (p recipientStatus) called() string {
	if p.Organisation == "" {
		return p.Name
	}
	return p.Name + " – " + p.Organisation
}

// is reports whether a message to a contact, an account or both is to this person.
func (p recipientStatus) is(contact, user string) bool {
	return p.Contact != "" && contact == p.Contact || p.User != "" && user == p.User
}

// against says in words what keeps messages from the person altogether, or messages
// of some kinds.
func (p recipientStatus) against(app core.App, now time.Time, language string) (words []string, err error) {
	say := func(reason string) { words = append(words, lang.T(language, "deliveries.reason."+reason)) }
	user, err := reminders.Maybe(app, "users", p.User)
	if err != nil {
		return nil, err
	}
	contact, err := reminders.Maybe(app, "contacts", p.Contact)
	if err != nil {
		return nil, err
	}
	if contact != nil && !reminders.InOffice(contact, clock.Day(now, contact.GetString("time_zone"))) {
		words = append(words, lang.T(language, "reminders.people_left"))
	}
	if user != nil && user.GetBool("disabled") {
		say(outbox.ReasonDisabled)
	}
	if p.Email == "" {
		say(outbox.ReasonNoAddress)
	}
	if user != nil && user.GetString("paused_until_on") >= clock.Day(now, user.GetString("time_zone")) {
		words = append(words, lang.T(language, "reminders.people_paused", "day", lang.DayLong(language, user.GetString("paused_until_on"))))
	}
	if user != nil {
		for _, kind := range user.GetStringSlice("muted_kinds") {
			words = append(words, ofKind(language, outbox.ReasonMuted, kind))
		}
	}
	refused, err := p.refusals(app, language)
	return append(words, refused...), err
}

// refusals says which messages the person's address does not get.
func (p recipientStatus) refusals(app core.App, language string) (words []string, err error) {
	var rows []struct {
		Reason string `db:"reason"`
		Kind   string `db:"kind"`
	}
	err = app.DB().NewQuery("SELECT reason, kind FROM suppressions WHERE email = {:email} COLLATE NOCASE AND email != '' ORDER BY kind").
		Bind(dbx.Params{"email": p.Email}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("refusals of a person: %w", err)
	}
	for _, row := range rows {
		words = append(words, ofKind(language, row.Reason, row.Kind))
	}
	return slices.Compact(words), nil
}

// ofKind is a reason in words, with the kind of messages it is about unless it is
// about all.
func ofKind(language, reason, kind string) string {
	words := lang.T(language, "deliveries.reason."+reason)
	if kind == "" {
		return words
	}
	return words + ": " + lang.T(language, "reminder_rules.kind."+kind)
}
