package outbox

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/smtp"
	"simpul/hooks/signedlink"
	"simpul/hooks/store"
	_ "simpul/migrations"
)

// monday is the instant at which every test stands: Monday 7 December 2026, 08.00 in Semarang.
var monday = time.Date(2026, 12, 7, 1, 0, 0, 0, time.UTC)

// childDir names the environment variable that turns this test binary into a sender to be killed.
const childDir = "SIMPUL_MAIL_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" && os.Getenv(childOfTwo) != "" {
		os.Exit(beOneOfTwo(dir))
	} else if dir != "" {
		os.Exit(beKilled(dir))
	}
	os.Exit(run(m))
}

// scratch holds the data folder all tests are copied from.
var scratch string

func run(m *testing.M) int {
	var err error
	if scratch, err = os.MkdirTemp("", "simpul-mail-"); err != nil {
		return complain(err)
	}
	defer os.RemoveAll(scratch)
	return m.Run()
}

// migrated is a data folder with the schema in it, made once; each test gets its own copy.
var migrated = sync.OnceValues(func() (string, error) {
	dir := scratch
	app, err := boot(dir)
	if err != nil {
		return "", err
	}
	if err := app.RunAllMigrations(); err != nil {
		return "", err
	}
	// Cheap password hashes: nobody attacks a test.
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return "", err
	}
	users.Fields.GetByName(core.FieldNamePassword).(*core.PasswordField).Cost = 4
	if err := app.Save(users); err != nil {
		return "", err
	}
	return dir, app.ClearBootstrap()
})

func boot(dir string) (*core.BaseApp, error) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
	return app, app.Bootstrap()
}

func templateFiles() fs.FS { return os.DirFS("../../../templates") }

// world is an app with a sender and one made-up kind of message.
type world struct {
	testing.TB
	*core.BaseApp
	sender *Sender
	said   Contents // what the kind answers
	whyNot string
	fault  error
	asked  int
	say    func(asked int) Contents // instead of said
}

func newWorld(t testing.TB) *world {
	t.Helper()
	from, err := migrated()
	check(t, err)
	dir := t.TempDir()
	check(t, os.CopyFS(dir, os.DirFS(from)))
	app, err := boot(dir)
	check(t, err)
	check(t, signedlink.EnsureSecret(app))
	w := &world{TB: t, BaseApp: app, said: Contents{Subject: "Tenggat besok", Greeting: "Yth. Puskesmas Tambakaji,",
		Lines: []string{"Jadwal kunjungan rumah"}, Button: Link{"Buka tugas", "https://hub.example.org/tasks/1"}, Why: "Anda penanggung jawab."}}
	w.sender, err = NewSender(app, Kinds{"task_due": {Wanted: w.wanted}}, templateFiles())
	check(t, err)
	w.sender.dial = smtp.Options{DialTimeout: 10 * time.Second, SendTimeout: 10 * time.Second}
	t.Cleanup(func() {
		w.sender.Close()
		check(t, app.ClearBootstrap())
	})
	t.Cleanup(clock.Freeze(monday))
	return w
}

func (w *world) wanted(_ core.App, d Delivery, _ time.Time) (Contents, string, error) {
	w.asked++
	if w.say != nil {
		return w.say(w.asked), w.whyNot, w.fault
	}
	return w.said, w.whyNot, w.fault
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// connectTo fills in the mail server of the admin UI's settings.
func (w *world) connectTo(host string, port int, also ...func(*core.SMTPConfig)) {
	w.Helper()
	settings, err := w.Settings().Clone()
	check(w, err)
	settings.SMTP = core.SMTPConfig{Enabled: true, Host: host, Port: port}
	for _, change := range also {
		change(&settings.SMTP)
	}
	settings.Meta.SenderAddress = "hub@hub.example.org"
	settings.Meta.AppURL = "https://hub.example.org"
	check(w, w.Save(settings))
}

func (w *world) switchOff() {
	w.Helper()
	settings, err := w.Settings().Clone()
	check(w, err)
	settings.SMTP.Enabled = false
	check(w, w.Save(settings))
}

// message is one message due on Monday, useful for a day; n keeps it apart from others.
func letter(n int) Message {
	return Message{Kind: "task_due", SubjectCollection: "tasks", SubjectID: fmt.Sprintf("task%d", n),
		Email: fmt.Sprintf("mitra%d@example.org", n), Language: "id", AnchorAt: "2026-12-07",
		DueAt: monday, UsefulUntil: monday.Add(24 * time.Hour)}
}

func (w *world) queue(messages ...Message) {
	w.Helper()
	_, err := Enqueue(w, messages...)
	check(w, err)
}

func (w *world) flush(now time.Time) Tally {
	w.Helper()
	tally, err := w.sender.ProcessDue(context.Background(), now)
	check(w, err)
	return tally
}

// row reads the delivery with the n-th message's key.
func (w *world) row(l Message) Delivery {
	w.Helper()
	var d Delivery
	err := w.DB().NewQuery(selectDelivery + "WHERE d.`key` = {:key}").Bind(dbx.Params{"key": l.identity()}).One(&d)
	check(w, err)
	return d
}

func (w *world) rows() []Delivery {
	w.Helper()
	var all []Delivery
	check(w, w.DB().NewQuery(selectDelivery+"ORDER BY d.due_at, d.id").All(&all))
	return all
}

// run executes SQL on the writing connection.
func (w *world) run(sql string) {
	w.Helper()
	_, err := w.NonconcurrentDB().NewQuery(sql).Execute()
	check(w, err)
}

// expect compares what matters of a row.
func (w *world) expect(l Message, state, reason string) Delivery {
	w.Helper()
	d := w.row(l)
	if d.State != state || d.DisplayReason() != reason {
		w.Errorf("%s is %s (%s), expected %s (%s); last error %q", l.SubjectID, d.State, d.DisplayReason(), state, reason, d.LastError)
	}
	return d
}
