package demo

import (
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// Load puts the example programmes, and all that belongs to them, into the hub. Days that count from the present
// count from now. It does nothing when an example programme is there already, and everything or nothing otherwise.
// Records pass the same checks and set off the same reactions as any other save.
func Load(app core.App, now time.Time) error {
	loaded, err := app.CountRecords("programmes", dbx.HashExp{"example": true})
	if err != nil || loaded > 0 {
		return err
	}
	all, err := open()
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		l := loader{app: tx, all: all, now: now, zones: zonesOf(all)}
		for _, collection := range order {
			if err := l.loadAll(collection); err != nil {
				return err
			}
		}
		return nil
	})
}

// loader writes one dataset into one app.
type loader struct {
	app   core.App
	all   dataset
	now   time.Time
	zones map[string]string // programme key → time zone
}

func zonesOf(all dataset) map[string]string {
	zones := map[string]string{}
	for _, programme := range all["programmes"] {
		zones[programme.key()] = programme.text("time_zone")
	}
	return zones
}

func (l *loader) loadAll(name string) error {
	collection, err := l.app.FindCachedCollectionByNameOrId(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, e := range l.all[name] {
		if err := l.load(collection, e); err != nil {
			return fmt.Errorf("example %s %q: %w", name, e.key(), err)
		}
	}
	return nil
}

// load saves one record and, where the files say what happened to it then, saves that as a second step, so that the
// hub notices both.
func (l *loader) load(collection *core.Collection, e entry) error {
	r, err := l.record(collection, idOf(collection.Name, e.key()))
	if err != nil {
		return err
	}
	if err := l.fill(r, e, l.zone(e)); err != nil {
		return err
	}
	if err := l.complete(r, e); err != nil {
		return err
	}
	if err := l.app.Save(r); err != nil {
		return err
	}
	then, later := e["then"].(map[string]any)
	if !later {
		return nil
	}
	// Read anew, because a record in memory does not learn what its first save made of it.
	if r, err = l.app.FindRecordById(collection, r.Id); err != nil {
		return err
	}
	if err := l.fill(r, then, l.zone(e)); err != nil {
		return err
	}
	verify(r)
	return l.app.Save(r)
}

// fill writes the fields as the files give them, days counted in the zone.
func (l *loader) fill(r *core.Record, written entry, zone string) error {
	for name, text := range written {
		if name == "key" || name == "then" {
			continue
		}
		field := r.Collection().Fields.GetByName(name)
		if field == nil {
			return fmt.Errorf("there is no field %q", name)
		}
		value, err := l.value(field, zone, text)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		r.Set(name, value)
	}
	return nil
}

// record returns a new record under the id, or the one that an earlier removal left because others needed it.
func (l *loader) record(collection *core.Collection, id string) (*core.Record, error) {
	kept, err := l.app.FindRecordById(collection, id)
	if err == nil {
		return kept, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	r := core.NewRecord(collection)
	r.Id = id
	return r, nil
}

// zone is where the days of a record are counted: its own zone, its programme's, else Jakarta's.
func (l *loader) zone(e entry) string {
	if zone := e.text("time_zone"); zone != "" {
		return zone
	}
	if zone := l.zones[e.text("programme")]; zone != "" {
		return zone
	}
	return clock.Zones[0]
}

//go:embed *.json
var files embed.FS

// exampleFiles are read in this order, which is also the order of records within a collection.
var exampleFiles = []string{
	"organisations.json", "people.json", "programmes.json", "stakeholders.json", "indicators.json",
	"meetings.json", "contributions.json", "work.json",
}

// order names the collections so that each comes after those its records point to.
var order = []string{
	"organisations", "users", core.CollectionNameSuperusers, "programmes", "stages", "milestones", "contacts",
	"stakeholders", "memberships", "indicators", "indicator_values", "meetings", "attendances", "minutes", "tasks",
	"contributions",
}

// entry is one record as the files write it.
type entry map[string]any

func (e entry) key() string { return e.text("key") }

func (e entry) text(name string) string {
	written, _ := e[name].(string)
	return written
}

// dataset holds everything the example files say, by collection.
type dataset map[string][]entry

// open reads the example files. It fails only when a file itself is broken.
func open() (dataset, error) {
	all := dataset{}
	for _, name := range exampleFiles {
		var part dataset
		if err := read(name, &part); err != nil {
			return nil, err
		}
		for collection, entries := range part {
			all[collection] = append(all[collection], entries...)
		}
	}
	return all, nil
}

func read(name string, into any) error {
	written, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(written, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// has reports whether the dataset holds a record under this key.
func (d dataset) has(collection, key string) bool {
	for _, e := range d[collection] {
		if e.key() == key {
			return true
		}
	}
	return false
}

// idOf is the id of an example record: always the same for the same key, so that removing finds exactly what loading
// wrote, and never one that PocketBase would give, since those have no fixed beginning.
func idOf(collection, key string) string {
	sum := sha256.Sum256([]byte(collection + "/" + key))
	return "ex" + hex.EncodeToString(sum[:])[:13]
}

// value turns what the files say into what the field stores.
func (l *loader) value(field core.Field, zone string, written any) (any, error) {
	text, isText := written.(string)
	if !isText {
		return written, nil
	}
	switch f := field.(type) {
	case *core.RelationField:
		return l.pointed(f, text)
	case *core.DateField:
		return l.instant(text, zone)
	case *core.TextField:
		if f.Name == "on" || strings.HasSuffix(f.Name, "_on") {
			return l.day(text, zone)
		}
		return l.withDays(text, zone)
	}
	return text, nil
}

func (l *loader) pointed(field *core.RelationField, key string) (string, error) {
	target, err := l.app.FindCachedCollectionByNameOrId(field.CollectionId)
	if err != nil {
		return "", err
	}
	if !l.all.has(target.Name, key) {
		return "", fmt.Errorf("%s has no %q", target.Name, key)
	}
	return idOf(target.Name, key), nil
}

// day reads a day, or the count of days from today, such as "+3" or "-9". A counted day falls on a working day: the
// next one in the future, the last one in the past.
func (l *loader) day(written, zone string) (string, error) {
	if !strings.HasPrefix(written, "+") && !strings.HasPrefix(written, "-") {
		return clock.ParseDay(written)
	}
	days, err := strconv.Atoi(written)
	if err != nil {
		return "", err
	}
	step := 1
	if days < 0 {
		step = -1
	}
	day := clock.AddDays(clock.Day(l.now, zone), days)
	for !clock.IsWorkday(day) {
		day = clock.AddDays(day, step)
	}
	return day, nil
}

// instant reads a day and a local time, such as "2023-11-01 09:00" or "+6 09:00".
func (l *loader) instant(written, zone string) (time.Time, error) {
	day, hour, _ := strings.Cut(written, " ")
	day, err := l.day(day, zone)
	if err != nil {
		return time.Time{}, err
	}
	return clock.At(day, hour, zone)
}

var countedDay = regexp.MustCompile(`\{([+-]\d+)\}`)

// withDays writes the counted days inside a text the way people write them in minutes, day first.
func (l *loader) withDays(text, zone string) (string, error) {
	var failed error
	filled := countedDay.ReplaceAllStringFunc(text, func(found string) string {
		day, err := l.day(strings.Trim(found, "{}"), zone)
		if err != nil {
			failed = err
			return found
		}
		part := strings.Split(day, "-")
		return part[2] + "/" + part[1] + "/" + part[0]
	})
	return filled, failed
}

// password opens every example account. It is no secret: the demonstration prints it and runs on one machine only.
const password = "simpul-lima-contoh"

// complete fills in what every example record of a collection has in common and what the hub itself keeps.
func (l *loader) complete(r *core.Record, e entry) error {
	switch r.Collection().Name {
	case "organisations":
		r.Set("example", true)
	case "programmes":
		r.Set("example", true)
		r.Set("slug", e.key())
	case core.CollectionNameSuperusers:
		r.SetPassword(password)
	case "users":
		openAccount(r)
	case "contacts":
		r.Set("language", "id")
	case "contributions":
		return l.submit(r, e)
	}
	return nil
}

func openAccount(r *core.Record) {
	r.Set("example", true)
	r.Set("language", "id")
	r.Set("disabled", false)
	r.SetVerified(true)
	r.SetPassword(password)
}

// submit makes a contribution wait for verification since the day it was given.
func (l *loader) submit(r *core.Record, e entry) error {
	given, err := clock.At(r.GetString("given_on"), "16:00", l.zone(e))
	if err != nil {
		return err
	}
	created, err := types.ParseDateTime(given)
	if err != nil {
		return err
	}
	// Only a raw value keeps PocketBase from writing the present instant here.
	r.SetRaw("created", created)
	r.Set("submitted_at", given)
	r.Set("review_status", "submitted")
	r.Set("stage", "delivered")
	r.Set("value_basis", "not_valued")
	return nil
}

// verify gives a verified contribution the fields its giver may never write: all of it has come, and it was looked
// at a day later unless the files know better.
func verify(r *core.Record) {
	if r.GetString("review_status") != "verified" {
		return
	}
	given := r.GetDateTime("submitted_at").Time()
	if r.GetDateTime("reviewed_at").IsZero() {
		r.Set("reviewed_at", given.Add(24*time.Hour))
	}
	r.Set("received_at", given)
	r.Set("received_by", r.GetString("reviewed_by"))
	r.Set("received_quantity", r.GetFloat("quantity"))
	r.Set("verified_quantity", r.GetFloat("quantity"))
}

// Person is somebody the demonstration can be signed in as.
type Person struct {
	Name      string // the position, since examples have no persons
	Position  string // the office in full; empty for the administrator
	Email     string
	Password  string // as loaded; the account may have been given another since
	Role      string // code: initiator, partner, coordinator, observer or administrator
	Programme string // name of the programme; empty for the administrator
}

// Title says in Indonesian who this is, such as "Inisiator KOPI REHAT".
func (p Person) Title() string {
	if p.Programme == "" {
		return lang.T("id", "example."+p.Role)
	}
	return lang.T("id", "example."+p.Role, "programme", p.Programme)
}

// signIn is one line of the list of people in people.json.
type signIn struct {
	Role          string
	Programme     string
	User          string
	Administrator string
}

// People lists whom one can sign in as, in the order in which a newcomer should try them. It is empty when the
// examples are not loaded.
func People(app core.App) []Person {
	var list struct {
		SignIn []signIn `json:"sign_in"`
	}
	if err := read("people.json", &list); err != nil {
		return nil
	}
	people := []Person{}
	for _, line := range list.SignIn {
		if person, there := line.person(app); there {
			people = append(people, person)
		}
	}
	return people
}

func (s signIn) person(app core.App) (person Person, there bool) {
	collection, key := "users", s.User
	if s.Administrator != "" {
		collection, key = core.CollectionNameSuperusers, s.Administrator
	}
	account, err := app.FindRecordById(collection, idOf(collection, key))
	if err != nil || account.GetBool("disabled") {
		return Person{}, false
	}
	person = Person{
		Name:     account.GetString("name"),
		Position: account.GetString("position"),
		Email:    account.Email(),
		Password: password,
		Role:     s.Role,
	}
	if account.IsSuperuser() {
		person.Name = person.Title()
		return person, true
	}
	programme, err := app.FindRecordById("programmes", idOf("programmes", s.Programme))
	if err != nil {
		return Person{}, false
	}
	person.Programme = programme.GetString("name")
	return person, true
}
