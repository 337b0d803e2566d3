package journeys_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"simpul/hooks/demo"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/signedlink"
	"simpul/hooks/testkit"
	"simpul/hooks/web"
)

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
	if err := demo.Load(app, testkit.Monday); err != nil {
		t.Fatal(err)
	}
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
		if _, err := d.app.DB().Delete(table, nil).Execute(); err != nil {
			d.Fatal(err)
		}
	}
}

// photograph adds what the example lacks: a photo beside a contribution.
func (d *demonstration) photograph() {
	d.Helper()
	photo, err := filesystem.NewFileFromPath(testkit.Root() + "/pb_public/img/icon-192.png")
	if err != nil {
		d.Fatal(err)
	}
	gift := d.contribution("needs_revision")
	c, err := d.app.FindCollectionByNameOrId("evidence")
	if err != nil {
		d.Fatal(err)
	}
	r := core.NewRecord(c)
	r.Load(map[string]any{"programme": gift.GetString("programme"), "contribution": gift.Id, "kind": "photo",
		"caption": "Foto penyerahan", "visibility": "partners", "people_in_it": "none", "file": photo})
	if err := d.app.Save(r); err != nil {
		d.Fatal(err)
	}
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
	token, err := signedlink.New(d.app, purpose, parts...)
	if err != nil {
		d.Fatal(err)
	}
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
