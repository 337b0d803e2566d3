package journeys_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"simpul/hooks/demo"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/signedlink"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
	"simpul/hooks/web"
)

// town is the small world behind a real port, for people who change things.
type town struct {
	*testkit.World
	home string
}

func newTown(t testing.TB) *town {
	t.Helper()
	w := testkit.New(t)
	return &town{World: w, home: serve(t, w.Handler)}
}

// come opens a window for a person who is signed in already.
func (w *town) come(person *core.Record) *visitor {
	w.Helper()
	return newVisitor(w.TB, w.home).signedIn(person)
}

var digits = regexp.MustCompile(`\b\d{4,8}\b`)

// code reads the one-time code in the newest message to an address. With no mail
// server set, messages wait in the ledger.
func (w *town) code(email string) string {
	w.Helper()
	var rows []*core.Record
	// PocketBase writes the message beside the answer, so it may come a moment later.
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		var err error
		rows, err = w.App.FindRecordsByFilter("deliveries", "email = {:email} && state = 'held'", "-created", 1, 0, dbx.Params{"email": email})
		if err != nil {
			w.Fatal(err)
		}
		if len(rows) == 1 {
			break
		}
	}
	if len(rows) != 1 {
		w.Fatalf("no letter to %s is held", email)
	}
	found := digits.FindString(rows[0].GetString("text_body"))
	if found == "" {
		w.Fatalf("no code in %q", rows[0].GetString("text_body"))
	}
	return found
}

// enter signs a visitor in as people do: address, message, code.
func (w *town) enter(v *visitor, email string) {
	w.Helper()
	v.open("/")
	v.write("Alamat email", email)
	v.press("Lanjut")
	v.write("Kode dari email", w.code(email))
	v.press("Masuk")
	v.sees("Beranda")
}

// find returns a person of the world by the first part of their address.
func (w *town) find(name string) *core.Record {
	w.Helper()
	return w.Only("users", "email", name+"@example.org")
}

// serve answers at a real port of this machine.
func serve(t testing.TB, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// demonstration is the demonstration: the example programmes and their people.
type demonstration struct {
	testing.TB
	app     core.App
	handler http.Handler
	home    string
	// people of the example by what they are: initiator, partner, observer, administrator.
	people map[string]*core.Record
}

func newDemo(t testing.TB) *demonstration {
	t.Helper()
	app, handler := testkit.App(t)
	web.Demonstrate(app)
	d := &demonstration{TB: t, app: app, handler: handler, home: serve(t, handler)}
	d.clear()
	check.NoError(t, demo.Load(app, testkit.Monday))
	d.people = map[string]*core.Record{"guest": nil}
	for who, email := range map[string]string{"initiator": "inisiator", "partner": "puskesmas", "observer": "pengamat"} {
		d.people[who] = d.one("users", dbx.HashExp{"email": email + "@example.org"})
	}
	d.people["administrator"] = d.one(core.CollectionNameSuperusers, dbx.HashExp{"email": "admin@example.org"})
	d.photograph()
	return d
}

// clear takes the small world out, so that the example stands alone.
func (d *demonstration) clear() {
	d.Helper()
	for _, table := range []string{"activity", "deliveries", "memberships", "stakeholders", "contacts", "programmes",
		"organisations", "users", core.CollectionNameSuperusers} {
		check.Must(d.app.DB().Delete(table, nil).Execute())
	}
}

// photograph adds what the example lacks: a photo beside a contribution.
func (d *demonstration) photograph() {
	d.Helper()
	photo := check.Must(filesystem.NewFileFromPath(testkit.Root() + "/pb_public/img/icon-192.png"))
	gift := d.contribution("needs_revision")
	c := check.Must(d.app.FindCollectionByNameOrId("evidence"))
	r := core.NewRecord(c)
	r.Load(map[string]any{"programme": gift.GetString("programme"), "contribution": gift.Id, "kind": "photo",
		"caption": "Foto penyerahan", "visibility": "partners", "people_in_it": "none", "file": photo})
	check.NoError(d, d.app.Save(r))
}

// unsubscribe is what a message to the partner offers to stop its kind.
func (d *demonstration) unsubscribe() string {
	return outbox.StopPath + d.token("stop", d.people["partner"].Id, "", "", "task_due")
}

func (d *demonstration) wishes() string {
	return outbox.WishesPath + d.token("wishes", d.people["partner"].Id, "")
}

// answer is the link by which a message to the partner is answered.
func (d *demonstration) answer() string {
	letter := d.one("deliveries", dbx.HashExp{"kind": "task_due", "user": d.people["partner"].Id})
	return outbox.AnswerPath + d.token("answer", letter.Id, "declined_by_recipient")
}

// token is one as messages carry it.
func (d *demonstration) token(purpose string, parts ...string) string {
	d.Helper()
	token := check.Must(signedlink.New(d.app, purpose, parts...))
	return token
}

// one returns the first record that fits.
func (d *demonstration) one(collection string, where dbx.Expression) *core.Record {
	d.Helper()
	found, err := d.app.FindAllRecords(collection, where)
	if err != nil || len(found) == 0 {
		d.Fatalf("no %s fits: %v", collection, err)
	}
	return found[0]
}

func (d *demonstration) programme() *core.Record {
	d.Helper()
	return d.one("programmes", dbx.HashExp{"slug": "kopi-rehat"})
}

// contribution returns one of the programme in a state.
func (d *demonstration) contribution(state string) *core.Record {
	d.Helper()
	return d.one("contributions", dbx.HashExp{"programme": d.programme().Id, "review_status": state})
}

func (d *demonstration) held() *core.Record {
	d.Helper()
	return d.one("meetings", dbx.HashExp{"title": "Rapat koordinasi resosialisasi"})
}

func (d *demonstration) planned() *core.Record {
	d.Helper()
	return d.one("meetings", dbx.HashExp{"programme": d.programme().Id, "status": "scheduled"})
}

func (d *demonstration) puskesmas() *core.Record {
	d.Helper()
	return d.one("organisations", dbx.HashExp{"name": "Puskesmas Tambakaji"})
}

// speak sets the language a person reads the hub in.
func (d *demonstration) speak(who, language string) *core.Record {
	d.Helper()
	person := d.people[who]
	if person == nil || person.IsSuperuser() || person.GetString("language") == language {
		return person
	}
	fresh, err := d.app.FindRecordById("users", person.Id)
	if err == nil {
		fresh.Set("language", language)
		err = d.app.Save(fresh)
	}
	if err != nil {
		d.Fatal(err)
	}
	d.people[who] = fresh
	return fresh
}

func (d *demonstration) organisation() string { return "/organisations/" + d.puskesmas().Id }

func (d *demonstration) task() string {
	d.Helper()
	return "/tasks/" + d.one("tasks", dbx.HashExp{"organisation": d.puskesmas().Id}).Id
}

func (d *demonstration) hubRule() string {
	d.Helper()
	return "/programmes/kopi-rehat/reminders/" + d.one("reminder_rules", dbx.HashExp{"kind": "meeting_invite", "programme": ""}).Id
}

// peopleAsked is the page that explains the messages about a task to whom it concerns.
func (d *demonstration) peopleAsked() string {
	d.Helper()
	contact := d.one("contacts", dbx.HashExp{"user": d.people["partner"].Id})
	return "/programmes/kopi-rehat/reminders/people?person=" + contact.Id
}

func (d *demonstration) stakeholderEdit() string {
	d.Helper()
	where := dbx.HashExp{"organisation": d.puskesmas().Id, "programme": d.programme().Id}
	return "/stakeholders/" + d.one("stakeholders", where).Id + "/edit"
}

func (d *demonstration) contactEdit() string {
	d.Helper()
	return "/contacts/" + d.one("contacts", dbx.HashExp{"organisation": d.puskesmas().Id}).Id + "/edit"
}

func (d *demonstration) returned() string {
	d.Helper()
	return "/contributions/" + d.contribution("needs_revision").Id
}

func (d *demonstration) newValue() string {
	d.Helper()
	return "/indicators/" + d.one("indicators", dbx.HashExp{"programme": d.programme().Id}).Id + "/values/new"
}
