package journeys_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// visit is a page and the person to see it.
type visit struct {
	route, who string
	path       func(d *demonstration) string
	// status is 200 unless told.
	status int
}

func plain(path string) func(*demonstration) string {
	return func(*demonstration) string { return path }
}

// linkTo is the address in a message to the partner.
func linkTo(page string, token func(*core.Record) (string, error)) func(*demonstration) string {
	return func(d *demonstration) string {
		made := check.Must(token(d.people["partner"]))
		return "/sign-in/" + page + "/" + made
	}
}

func inProgramme(rest string) func(*demonstration) string {
	return plain("/programmes/kopi-rehat" + rest)
}

// visits are the pages of the hub, each as somebody who uses it. A new page
// has to be added here, or the test of the site map fails.
var visits = []visit{
	{"/sign-in", "guest", plain("/sign-in"), 0},
	{"/sign-in/code", "guest", plain("/sign-in/code"), 0},
	{"/sign-in/reset", "guest", plain("/sign-in/reset"), 0},
	{"/sign-in/reset/{token}", "guest", linkTo("reset", (*core.Record).NewPasswordResetToken), 0},
	{"/sign-in/reset/{token}", "guest", plain("/sign-in/reset/used"), 410},
	{"/sign-in/verify/{token}", "guest", linkTo("verify", (*core.Record).NewVerificationToken), 0},
	{"/sign-in/new-address/{token}", "guest", linkTo("new-address", func(r *core.Record) (string, error) {
		return r.NewEmailChangeToken("baru@example.org")
	}), 0},
	{"/unsubscribe/{token}", "guest", (*demonstration).unsubscribe, 0},
	{"/unsubscribe/{token}", "guest", plain("/unsubscribe/wrong"), 404},
	{"/reminders/wishes/{token}", "guest", (*demonstration).wishes, 0},
	{"/reminders/wishes/{token}", "guest", plain("/reminders/wishes/wrong"), 404},
	{"/reminders/answer/{token}", "guest", (*demonstration).answer, 0},
	{"/reminders/answer/{token}", "guest", plain("/reminders/answer/wrong"), 404},
	{"/mailbox", "administrator", plain("/mailbox"), 0},
	{"/", "guest", plain("/nowhere"), 404},
	{"/", "partner", plain("/nowhere"), 404},

	{"/{$}", "initiator", plain("/"), 0},
	{"/{$}", "partner", plain("/"), 0},
	{"/{$}", "observer", plain("/"), 0},
	{"/{$}", "administrator", plain("/"), 0},
	{"/programmes/{slug}", "initiator", inProgramme(""), 0},
	{"/programmes/{slug}", "partner", inProgramme(""), 0},
	{"/programmes/{slug}", "observer", plain("/programmes/kopi-rehat"), 0},
	{"/programmes/{slug}", "administrator", plain("/programmes/ska"), 0},

	{"/programmes", "initiator", plain("/programmes"), 0},
	{"/programmes/new", "initiator", plain("/programmes/new"), 0},
	{"/programmes/{slug}/edit", "initiator", inProgramme("/edit"), 0},
	{"/programmes/{slug}/team", "initiator", inProgramme("/team"), 0},

	{"/programmes/{slug}/stakeholders", "initiator", inProgramme("/stakeholders"), 0},
	{"/programmes/{slug}/stakeholders", "partner", inProgramme("/stakeholders"), 0},
	{"/programmes/{slug}/stakeholders/new", "initiator", inProgramme("/stakeholders/new"), 0},
	{"/stakeholders/{id}/edit", "initiator", (*demonstration).stakeholderEdit, 0},
	{"/organisations", "initiator", plain("/organisations"), 0},
	{"/organisations/new", "initiator", plain("/organisations/new"), 0},
	{"/organisations/{id}", "initiator", (*demonstration).organisation, 0},
	{"/organisations/{id}", "partner", (*demonstration).organisation, 0},
	{"/organisations/{id}/edit", "administrator", func(d *demonstration) string { return d.organisation() + "/edit" }, 0},
	{"/organisations/{id}/contacts/new", "administrator", func(d *demonstration) string { return d.organisation() + "/contacts/new" }, 0},
	{"/contacts/{id}/edit", "administrator", (*demonstration).contactEdit, 0},

	{"/tasks", "partner", plain("/tasks"), 0},
	{"/programmes/{slug}/tasks", "initiator", inProgramme("/tasks"), 0},
	{"/programmes/{slug}/tasks", "partner", inProgramme("/tasks?show=done"), 0},
	{"/programmes/{slug}/tasks/new", "initiator", inProgramme("/tasks/new"), 0},
	{"/tasks/{id}", "initiator", (*demonstration).task, 0},
	{"/tasks/{id}", "partner", (*demonstration).task, 0},
	{"/tasks/{id}/edit", "initiator", func(d *demonstration) string { return d.task() + "/edit" }, 0},
	{"/tasks/{id}/reminders", "initiator", func(d *demonstration) string { return d.task() + "/reminders" }, 0},
	{"/tasks/{id}/reminders", "partner", func(d *demonstration) string { return d.task() + "/reminders" }, 0},

	{"/programmes/{slug}/meetings", "initiator", inProgramme("/meetings"), 0},
	{"/programmes/{slug}/meetings/new", "initiator", inProgramme("/meetings/new"), 0},
	{"/meetings/{id}", "initiator", func(d *demonstration) string { return "/meetings/" + d.planned().Id }, 0},
	{"/meetings/{id}", "partner", func(d *demonstration) string { return "/meetings/" + d.held().Id }, 0},
	{"/meetings/{id}/edit", "initiator", func(d *demonstration) string { return "/meetings/" + d.planned().Id + "/edit" }, 0},
	{"/meetings/{id}/reminders", "initiator", func(d *demonstration) string { return "/meetings/" + d.planned().Id + "/reminders" }, 0},
	{"/meetings/{id}/attendances", "initiator", func(d *demonstration) string { return "/meetings/" + d.held().Id + "/attendances" }, 0},
	{"/meetings/{id}/minutes", "initiator", func(d *demonstration) string { return "/meetings/" + d.held().Id + "/minutes" }, 0},
	{"/meetings/{id}/minutes/edit", "initiator", func(d *demonstration) string { return "/meetings/" + d.held().Id + "/minutes/edit" }, 0},

	{"/programmes/{slug}/contributions", "initiator", inProgramme("/contributions"), 0},
	{"/programmes/{slug}/contributions", "partner", inProgramme("/contributions"), 0},
	{"/contributions/new", "partner", plain("/contributions/new"), 0},
	{"/contributions/new", "administrator", plain("/contributions/new"), 0},
	{"/contributions/{id}", "initiator", func(d *demonstration) string { return "/contributions/" + d.contribution("submitted").Id }, 0},
	{"/contributions/{id}", "partner", (*demonstration).returned, 0},
	{"/contributions/{id}", "initiator", func(d *demonstration) string { return "/contributions/" + d.contribution("verified").Id }, 0},
	{"/contributions/{id}/reminders", "initiator", func(d *demonstration) string {
		return "/contributions/" + d.contribution("submitted").Id + "/reminders"
	}, 0},
	{"/contributions/{id}/edit", "partner", func(d *demonstration) string { return d.returned() + "/edit" }, 0},

	{"/programmes/{slug}/indicators", "initiator", inProgramme("/indicators"), 0},
	{"/programmes/{slug}/indicators/new", "initiator", inProgramme("/indicators/new"), 0},
	{"/indicators/{id}/values/new", "initiator", (*demonstration).newValue, 0},
	{"/programmes/{slug}/reminders", "initiator", inProgramme("/reminders"), 0},
	{"/programmes/{slug}/reminders/new", "initiator", inProgramme("/reminders/new"), 0},
	{"/programmes/{slug}/reminders/new", "initiator", inProgramme("/reminders/new?kind=task_overdue"), 0},
	{"/programmes/{slug}/reminders/new", "initiator", inProgramme("/reminders/new?kind=programme_date"), 0},
	{"/programmes/{slug}/reminders/{id}", "initiator", (*demonstration).hubRule, 0},
	{"/programmes/{slug}/reminders/people", "initiator", (*demonstration).peopleAsked, 0},
	{"/deliveries", "partner", plain("/deliveries"), 0},
	{"/deliveries", "initiator", plain("/deliveries?show=unread"), 0},
	{"/programmes/{slug}/deliveries/by-hand", "initiator", inProgramme("/deliveries/by-hand"), 0},
	{"/me", "partner", plain("/me"), 0},
	{"/me", "administrator", plain("/me"), 0},
	{"/devices", "partner", plain("/devices"), 0},
}

// notPages answer a GET with something that is not a page of words.
var notPages = []string{"/assets/{hash}/{path...}", "/evidence/{id}/file", "/meetings/{id}/calendar.ics", "/health", "/sw.js", "/api/{path...}"}

func TestEveryAddressOfTheSiteMapIsVisited(t *testing.T) {
	var raw []byte
	for _, name := range []string{"routes.go"} {
		part := check.Must(os.ReadFile(filepath.Join(testkit.Root(), "hooks", name)))
		raw = append(raw, part...)
	}
	known := map[string]bool{}
	for _, path := range notPages {
		known[path] = true
	}
	for _, v := range visits {
		known[v.route] = true
	}
	bound := regexp.MustCompile(`\.(?:GET|Any)\("([^"]+)"`).FindAllStringSubmatch(string(raw), -1)
	if len(bound) < 40 {
		t.Fatalf("only %d addresses read from the site map", len(bound))
	}
	there := map[string]bool{}
	for _, route := range bound {
		there[route[1]] = true
		if !known[route[1]] {
			t.Errorf("%s is bound and no visit sees it", route[1])
		}
	}
	for path := range known {
		if !there[path] {
			t.Errorf("%s is visited and not bound", path)
		}
	}
}
