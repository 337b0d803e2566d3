package reminders

import (
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// shownMessages is how many coming and how many past messages the page lists.
const shownMessages = 30

type overviewPage struct {
	web.Base
	Programme *programmes.Programme
	Tabs      programmes.Tabs
	Rules     []ruleRow
	Coming    []MessageRow
	Past      []MessageRow
	// Most is how many messages a list shows at most, said when there may be more.
	Most int
	Held bool
	// Unreached says how many people the team has to tell over WhatsApp.
	Unreached string
	// Bounced are the addresses from which messages come back.
	Bounced []string
	// MayAdd is for initiators, who keep the programme's rules.
	MayAdd bool
	// MayAsk is for the team, who may read everybody's messages.
	MayAsk bool
}

type ruleRow struct {
	Name, Kind, Sentence, URL string
	Off, Own                  bool
}

// MessageRow is one message of the ledger as the team reads it.
type MessageRow struct {
	Title, Kind, To, When, State, Reason, URL string
	Badge                                     string
	Message                                   *core.Record // as the ledger holds it, nil while it is only foreseen
}

// Overview shows a programme's rules in words, what goes out next, and what
// went out or why it did not.
func Overview(e *core.RequestEvent) error {
	p, d, err := reading(e)
	if err != nil {
		return err
	}
	data := overviewPage{Base: web.New(e, "reminders.title").At("programmes"), Programme: p, Most: shownMessages}
	data.Crumbs = append(p.Crumbs(data.Language), web.Crumb{Label: data.Title})
	data.Tabs, data.MayAdd = p.Tabs("reminders", data.Language), p.Roles.Initiator || d.Super()
	data.MayAsk = p.Roles.Team || d.Super()
	if data.Rules, err = ruleRows(d, p, data.Language); err != nil {
		return err
	}
	silent, err := unreached(d, p)
	if err != nil {
		return err
	}
	data.Unreached = unreachedWords(data.Language, silent)
	now := clock.Now()
	if data.Coming, err = Letters(d, p, data.Base, coming(now)); err != nil {
		return err
	}
	if data.Past, err = Letters(d, p, data.Base, past(now)); err != nil {
		return err
	}
	if p.Roles.Team || d.Super() {
		if data.Bounced, err = outbox.Bounced(d.App(), p.ID(), p.Zone()); err != nil {
			return err
		}
	}
	data.Held = slices.ContainsFunc(data.Past, func(l MessageRow) bool { return l.Message.GetString("state") == outbox.StateHeld })
	return web.Render(e, http.StatusOK, "reminders/overview", data)
}

// ruleRows are the rules in force, and the programme's own that are switched off.
func ruleRows(d *access.Scope, p *programmes.Programme, language string) ([]ruleRow, error) {
	found, err := d.List("reminder_rules", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("reminder_rules.programme", "", p.ID())).
			OrderBy("reminder_rules.kind", "reminder_rules.offset_days", "reminder_rules.id")
	})
	on, off := []*Rule{}, []*Rule{}
	for _, r := range found {
		switch {
		case r.GetBool("active"):
			on = append(on, wrap(r))
		case r.GetString("programme") != "":
			off = append(off, wrap(r))
		}
	}
	rows := make([]ruleRow, 0, len(found))
	for _, rule := range append(inForce(on), off...) {
		rows = append(rows, ruleRow{Name: rule.GetString("name"), Kind: lang.T(language, "reminder_rules.kind."+rule.Kind()),
			Sentence: rule.Sentence(language), URL: p.URL() + "/reminders/" + rule.Id, Off: !rule.GetBool("active"), Own: rule.GetString("programme") != ""})
	}
	return rows, err
}

func coming(now time.Time) func(*dbx.SelectQuery) {
	return func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("deliveries.state", outbox.StatePlanned, outbox.StateQueued, outbox.StateRetry)).
			AndWhere(dbx.NewExp("deliveries.due_at > {:now}", dbx.Params{"now": Stamp(now)})).
			OrderBy("deliveries.due_at")
	}
}

func past(now time.Time) func(*dbx.SelectQuery) {
	return func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.NewExp("(deliveries.due_at <= {:now} OR deliveries.state NOT IN ('planned', 'queued', 'retry'))",
			dbx.Params{"now": Stamp(now)})).OrderBy("deliveries.due_at DESC")
	}
}

// Stamp writes an instant the way the database keeps it.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000Z") }

// Messages lists those of a programme, narrowed by a condition.
func Letters(d *access.Scope, p *programmes.Programme, b web.Base, narrow func(*dbx.SelectQuery)) ([]MessageRow, error) {
	found, err := d.List("deliveries", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"deliveries.programme": p.ID()}).Limit(shownMessages)
		narrow(q)
	})
	if err != nil {
		return nil, err
	}
	titles, err := subjectTitles(d, found)
	if err != nil {
		return nil, err
	}
	rows := make([]MessageRow, 0, len(found))
	err = d.With(found, "user", "recipient", "contacted_by")
	for _, r := range found {
		l := row(r, b.Language, p.Zone())
		l.Title = titles[r.GetString("subject_id")]
		rows = append(rows, l)
	}
	return rows, err
}

// subjectTitles tells what messages are about, as far as the reader may see it,
// by the id of the record.
func subjectTitles(d *access.Scope, messages []*core.Record) (map[string]string, error) {
	about := map[string][]any{}
	for _, r := range messages {
		collection := r.GetString("subject_collection")
		about[collection] = append(about[collection], r.GetString("subject_id"))
	}
	named := map[string]string{}
	for collection, field := range Titles {
		if len(about[collection]) == 0 {
			continue
		}
		found, err := d.List(collection, func(q *dbx.SelectQuery) { q.AndWhere(dbx.In(collection+".id", about[collection]...)) })
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			named[r.Id] = r.GetString(field)
		}
	}
	return named, nil
}

// Badges colour the states of a message; the words say the same.
var Badges = map[string]string{
	outbox.StateSent: "ok", outbox.StateHeld: "warn", outbox.StateRetry: "warn", outbox.StateUncertain: "warn", outbox.StateFailed: "bad",
}

func row(r *core.Record, language, zone string) MessageRow {
	l := MessageRow{
		Kind:    lang.T(language, "reminder_rules.kind."+r.GetString("kind")),
		To:      r.GetString("email"),
		When:    lang.Moment(language, r.GetDateTime("due_at").Time(), zone),
		State:   lang.T(language, "deliveries.state."+r.GetString("state")),
		URL:     r.GetString("url"),
		Badge:   Badges[r.GetString("state")],
		Message: r,
	}
	if l.To == "" {
		l.To = First("name", r.ExpandedOne("user"), r.ExpandedOne("recipient"))
	}
	if l.To == "" {
		l.To = First("position", r.ExpandedOne("recipient"))
	}
	reason := "deliveries.reason." + outbox.DisplayReasonOf(r)
	switch {
	case r.GetString("reason") == outbox.ReasonByHand:
		l.Reason = ToldWords(r, language, zone)
	case lang.Has(reason):
		l.Reason = lang.T(language, reason)
	}
	return l
}

// Stays says of a message that waits why it will not leave.
func (l *MessageRow) Stays(language, reason string) {
	l.State, l.Badge, l.Reason = lang.T(language, "reminders.will_not"), "bad", lang.T(language, "deliveries.reason."+reason)
}

// rulePage is one rule: its sentence to fill in, or to read.
type rulePage struct {
	web.Base
	Programme *programmes.Programme
	Form      *web.Form
	Rule      ruleRow
	// Stored and Own tell a rule of the programme from a new one and from the hub's.
	Stored, Own, May, Active bool
	Now, Hours, OwnDay       bool
	To, Up                   []string // names of the boxes
	Action, Home             string
	// Replaces says that the hub's rules of the kind end with this one.
	Replaces bool
	Outline  *outline
}

// ruleSight is a rule as the reader may see it.
type ruleSight struct {
	p    *programmes.Programme
	d    *access.Scope
	rule *Rule
	src  Source
}

func (s *ruleSight) home() string { return s.p.URL() + "/reminders" }

// mine reports whether the reader may change the rule: the programme's own, or a new one.
func (s *ruleSight) mine() bool {
	return (s.p.Roles.Initiator || s.d.Super()) && s.rule.GetString("programme") == s.p.ID()
}

// reading views the programme for the team and observers.
func reading(e *core.RequestEvent) (*programmes.Programme, *access.Scope, error) {
	p, d, err := programmes.BySlug(e)
	if err == nil && !p.Roles.Team && !p.Roles.Observer && !d.Super() {
		err = access.ErrRefused
	}
	return p, d, err
}

// lookAtRule views the rule that the address names: the programme's, or the hub's.
func lookAtRule(e *core.RequestEvent) (*ruleSight, error) {
	p, d, err := reading(e)
	if err != nil {
		return nil, err
	}
	r, err := d.View("reminder_rules", e.Request.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if of := r.GetString("programme"); of != "" && of != p.ID() {
		return nil, access.ErrRefused
	}
	src, known := SourceFor(r.GetString("kind"))
	if !known {
		return nil, access.ErrRefused
	}
	return &ruleSight{p, d, wrap(r), src}, nil
}

// begin makes an empty rule of a kind in the programme, for its initiators.
func begin(e *core.RequestEvent, kind string) (*ruleSight, error) {
	p, d, err := reading(e)
	if err != nil {
		return nil, err
	}
	if !p.Roles.Initiator && !d.Super() {
		return nil, access.ErrRefused
	}
	r, err := d.New("reminder_rules")
	if err != nil {
		return nil, err
	}
	src, known := SourceFor(kind)
	if kind != "" && !known {
		return nil, lang.Problems{{Field: "kind", Key: "reminder_rules.problem_kind"}}
	}
	r.Set("programme", p.ID())
	r.Set("kind", kind)
	r.Set("active", true)
	return &ruleSight{p, d, wrap(r), src}, nil
}

// ShowRule shows a rule as a sentence: to fill in for initiators, to read for all others.
func ShowRule(e *core.RequestEvent) error {
	s, err := lookAtRule(e)
	if err != nil {
		return err
	}
	form := ruleForm(e, s.src, s.rule)
	s.rule.show(form)
	return s.render(e, http.StatusOK, form, nil)
}

// render shows the page of the rule, with what it would do if that was asked.
func (s *ruleSight) render(e *core.RequestEvent, status int, form *web.Form, o *outline) error {
	b := web.New(e, "reminders.rule").At("programmes").AsForm()
	b.Crumbs = append(s.p.Crumbs(b.Language), web.Crumb{Label: lang.T(b.Language, "reminders.title"), URL: s.home()})
	data := rulePage{Base: b, Programme: s.p, Form: form, Rule: s.row(b.Language), Outline: o, Home: s.home(), Action: s.home(),
		Stored: !s.rule.IsNew(), Own: s.rule.GetString("programme") != "", May: s.mine(), Active: s.rule.GetBool("active"),
		Now: s.src.anchors[0].now, Hours: s.src.anchors[0].hours}
	_, data.OwnDay = s.src.anchor(ownDay)
	if data.Stored {
		data.Action += "/" + s.rule.Id
	}
	for _, word := range s.src.audience {
		data.To = append(data.To, toBox(word))
	}
	for _, word := range s.src.ladder {
		data.Up = append(data.Up, upBox(word))
	}
	if data.May {
		own, err := owns(s.d, s.p, s.rule.Kind())
		if err != nil {
			return err
		}
		data.Replaces = !own
		return web.Render(e, status, "reminders/rule", data)
	}
	data.May = s.p.Roles.Initiator || s.d.Super()
	return web.Render(e, status, "reminders/read", data)
}

func (s *ruleSight) row(language string) ruleRow {
	row := ruleRow{Name: s.rule.GetString("name"), Kind: lang.T(language, "reminder_rules.kind."+s.rule.Kind())}
	if !s.rule.IsNew() {
		row.Sentence = s.rule.Sentence(language)
	}
	return row
}

type kindsPage struct {
	web.Base
	Programme *programmes.Programme
	Kinds     []kindRow
}

type kindRow struct{ Label, URL string }

// NewRule asks what a new rule is about, and then for its sentence.
func NewRule(e *core.RequestEvent) error {
	kind := e.Request.URL.Query().Get("kind")
	s, err := begin(e, kind)
	if err != nil {
		return err
	}
	if kind == "" {
		return s.choose(e)
	}
	usual, err := siblings(s.d, kind)
	if err != nil {
		return err
	}
	shape := s.rule
	if len(usual) > 0 {
		shape = wrap(usual[0])
	}
	form := ruleForm(e, s.src, shape)
	shape.show(form)
	form.Set("kind", kind).Set("seen", "")
	return s.render(e, http.StatusOK, form, nil)
}

// choose lists the kinds of reminders that there are.
func (s *ruleSight) choose(e *core.RequestEvent) error {
	b := web.New(e, "reminders.add").At("programmes")
	b.Crumbs = append(s.p.Crumbs(b.Language), web.Crumb{Label: lang.T(b.Language, "reminders.title"), URL: s.home()})
	data := kindsPage{Base: b, Programme: s.p}
	for _, src := range sources {
		for _, kind := range src.Kinds {
			data.Kinds = append(data.Kinds, kindRow{lang.T(b.Language, "reminder_rules.kind."+kind), s.home() + "/new?kind=" + kind})
		}
	}
	return web.Render(e, http.StatusOK, "reminders/kinds", data)
}

// changing is the rule that a form was sent for, stored or new, if the sender
// may change it.
func changing(e *core.RequestEvent) (*ruleSight, error) {
	if e.Request.PathValue("id") == "" {
		s, err := begin(e, e.Request.PostFormValue("kind"))
		if err == nil && s.rule.Kind() == "" {
			err = lang.Problems{{Field: "kind", Key: "reminder_rules.problem_kind"}}
		}
		return s, err
	}
	s, err := lookAtRule(e)
	if err == nil && !s.mine() {
		err = access.ErrRefused
	}
	return s, err
}

// CreateRule keeps a new rule of the programme.
func CreateRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	return s.keep(e, s.d.Create, "reminders.rule_added")
}

// SaveRule keeps another shape of a rule, unless somebody else changed it meanwhile.
func SaveRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	return s.keep(e, s.d.Update, "reminders.rule_saved")
}

// keep reads the form into the rule and saves it; what is wrong is said at the field.
func (s *ruleSight) keep(e *core.RequestEvent, save func(*core.Record) error, done string) error {
	form, err := s.typed(e)
	if err != nil {
		return err
	}
	if !form.OK() {
		return s.refused(e, form)
	}
	if err := save(s.rule.ProxyRecord()); form.AddErrors(err) {
		return s.refused(e, form)
	} else if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, s.home()+"/"+s.rule.Id, done)
}

// typed reads the form into the rule.
func (s *ruleSight) typed(e *core.RequestEvent) (*web.Form, error) {
	form := ruleForm(e, s.src, s.rule)
	if err := form.Read(e); err != nil {
		return nil, err
	}
	if form.Value("seen") != s.rule.GetString("updated") {
		form.AddError("", "problem.changed_meanwhile")
		form.Set("seen", s.rule.GetString("updated"))
	}
	form.Set("kind", s.rule.Kind())
	s.rule.take(form, s.src)
	return form, nil
}

func (s *ruleSight) refused(e *core.RequestEvent, form *web.Form) error {
	place(form, s.src)
	return s.render(e, http.StatusUnprocessableEntity, form, nil)
}

// PreviewRule shows what the rule would do as it is typed: its next messages and
// what one of them says. Nothing is kept.
func PreviewRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	form, err := s.typed(e)
	if err != nil {
		return err
	}
	if !form.OK() {
		return s.refused(e, form)
	}
	o, err := outlined(s.d, s.rule, web.Language(e))
	if form.AddErrors(err) {
		return s.refused(e, form)
	}
	if err != nil {
		return err
	}
	return s.render(e, http.StatusOK, form, o)
}

// CopyRule makes the hub's rules of a kind the programme's own, to be changed there.
func CopyRule(e *core.RequestEvent) error {
	s, err := lookAtRule(e)
	if err != nil {
		return err
	}
	if !s.p.Roles.Initiator && !s.d.Super() || s.rule.GetString("programme") != "" {
		return access.ErrRefused
	}
	copied, err := adopt(s.d, s.p, s.rule)
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, s.home()+"/"+copied.Id, "reminders.rule_copied")
}

// SwitchRule switches one of the programme's rules off, or on again.
func SwitchRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	on := e.Request.PostFormValue("active") == "on"
	s.rule.Set("active", on)
	if err := s.d.Update(s.rule.ProxyRecord()); err != nil {
		return err
	}
	if on {
		return web.RedirectWithFlash(e, s.home(), "reminders.rule_on")
	}
	return web.RedirectWithFlash(e, s.home(), "reminders.rule_off")
}

// DeleteRule removes one of the programme's rules.
func DeleteRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	if err := s.d.Delete(s.rule.ProxyRecord()); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, s.home(), "reminders.rule_deleted")
}

// TryRule sends what a stored rule says to whoever asks, and to nobody else.
func TryRule(e *core.RequestEvent) error {
	s, err := lookAtRule(e)
	if err != nil {
		return err
	}
	if !s.p.Roles.Initiator && !s.d.Super() {
		return access.ErrRefused
	}
	if err := Try(e.App, s.rule.ProxyRecord(), s.d.Person(), web.Language(e)); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, s.home()+"/"+s.rule.Id, "reminders.tried", "address", s.d.Person().Email())
}
