package access_test

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// identity has the form of a national identity number.
const identity = "3374010112900001"

// written are the fields that programs write, where sixteen digits are chance.
var written = []string{"once", "source_key", "sha256", "uid", "tokenKey", "endpoint", "p256dh", "auth"}

// kept by the hub alone, from what was searched when it came in.
var ledgers = []string{"deliveries", "activity", "minutes_revisions", "push_messages"}

// numbered returns a value with an identity number in it for a field that
// somebody may type into, nil for other fields.
func numbered(f core.Field) any {
	if f.GetName() == core.FieldNameId || slices.Contains(written, f.GetName()) {
		return nil
	}
	switch f.Type() {
	case core.FieldTypeText, core.FieldTypeEditor:
		return "NIK " + identity
	case core.FieldTypeEmail:
		return identity + "@example.org"
	case core.FieldTypeURL:
		return "https://example.org/" + identity
	case core.FieldTypeJSON:
		return fields{"nik": identity}
	case core.FieldTypeNumber:
		return 3374010112900001
	}
	return nil
}

// TestSave_IdentityNumber_RefusedInEveryField tries every field that can be typed into,
// over the API and through the scope, as the initiator and as an administrator.
func TestSave_IdentityNumber_RefusedInEveryField(t *testing.T) {
	w := testkit.New(t)
	tried, said, refused := 0, 0, 0
	for _, f := range oneOfEach(w) {
		c := f.record.Collection()
		if slices.Contains(ledgers, c.Name) {
			continue
		}
		for _, field := range c.Fields {
			value := numbered(field)
			if value == nil {
				continue
			}
			tried++
			for _, person := range []*core.Record{w.Initiator, w.Administrator} {
				answer := w.As(person).API(http.MethodPatch, path(f), fields{field.GetName(): value})
				if strings.Contains(answer.Body, "problem.sixteen_digits") {
					said++
				}
				row := w.Fresh(f.record)
				row.Set(field.GetName(), value)
				if at(w, person).Update(row) != nil {
					refused++
				}
			}
			holdsNone(t, w, c.Name, field.GetName())
		}
	}
	if tried < 120 || said < 110 || refused < 220 {
		t.Errorf("%d fields tried, %d answers with the reason, %d refused by the scope; some collection is missing", tried, said, refused)
	}
}

func holdsNone(t *testing.T, w *testkit.World, collection, field string) {
	t.Helper()
	var n int
	check.NoError(t, w.App.DB().NewQuery("SELECT COUNT(*) FROM `"+collection+"` WHERE CAST(`"+field+"` AS TEXT) LIKE '%"+identity+"%'").Row(&n))
	check.That(t, n <= 0, "%s.%s holds an identity number", collection, field)
}

func TestCreate_IdentityNumber_Refused(t *testing.T) {
	w := testkit.New(t)
	tried := 0
	for _, f := range fixtures(w) {
		for name, value := range f.body {
			typed, ok := value.(string)
			if !ok || !strings.Contains(typed, " ") || strings.HasSuffix(name, "_at") {
				continue // ids, codes and moments cannot hold one
			}
			tried++
			body := maps.Clone(f.body)
			body[name] = typed + " 3374 0101 1290 0001"
			if status := w.As(w.Administrator).API(http.MethodPost, base(f), body).Status; status != http.StatusBadRequest {
				t.Errorf("%s: %s with an identity number: status %d", f.name, name, status)
			}
		}
	}
	check.That(t, tried >= 8, "only %d bodies tried", tried)
}

func TestSave_SixteenDigitsInMachineField_Allowed(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	r.Set("source_key", identity)
	r.Set("once", identity)
	if err := w.App.Save(r); err != nil {
		t.Errorf("task: %v", err)
	}
	w.Make("deliveries", "kind", "task_due", "key", identity, "due_at", "2026-12-01 01:00:00.000Z", "state", "queued",
		"message_id", identity+"@example.org", "subject", "Kode "+identity)
	if _, err := w.App.FindFirstRecordByData("deliveries", "key", identity); err != nil {
		t.Error(err)
	}
	n, err := w.App.CountRecords("tasks", dbx.HashExp{"source_key": identity})
	check.That(t, err == nil && n == 1, "%d tasks, %v", n, err)
}

func TestInvalid_API_BothLanguages(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	answer := w.As(w.Initiator).API("PATCH", records("tasks")+"/"+r.Id, fields{"title": "NIK 3374010112900001"}).Want(400)
	data, _ := answer.JSON()["data"].(map[string]any)
	said, _ := data["title"].(map[string]any)
	check.Equal(t, "the code", said["code"], "problem.sixteen_digits")
	for _, language := range lang.Languages {
		if !strings.Contains(said["message"].(string), lang.T(language, "problem.sixteen_digits")) {
			t.Errorf("%q lacks the words in %s", said["message"], language)
		}
	}
}

func TestInvalid_Page_CarriesValues(t *testing.T) {
	err := access.Invalid("title", "problem.too_long", "n", 5)
	var fields validation.Errors
	if !errors.As(err, &fields) {
		t.Fatalf("%T", err)
	}
	problems := access.Problems(fields)
	if len(problems) != 1 || problems[0].Field != "title" || problems[0].Key != "problem.too_long" {
		t.Fatalf("%v", problems)
	}
	if got, want := lang.T("en", problems[0].Key, append([]any{"label", "Title"}, problems[0].Args...)...), "5"; !strings.Contains(got, want) {
		t.Errorf("%q does not name the limit", got)
	}
}

// A value that a person typed may look like a template; it stays a value.
func TestInvalid_TemplateSyntax_NotExecuted(t *testing.T) {
	err := access.Invalid("title", "problem.needed", "label", "{{.Secret}}{{")
	check.That(t, err.Error() != "" && !strings.Contains(err.Error(), "{{"), "%q", err)
}

func TestInvalid_SeveralProblems_StableOrder(t *testing.T) {
	for range 20 {
		problems := access.Problems(validation.Errors{
			"c": errors.New("UNIQUE constraint failed: tasks.title"),
			"a": validation.NewError("validation_required", "cannot be blank"),
			"b": validation.NewError("validation_never_heard_of", "SQL logic error"),
		})
		got := []string{}
		for _, p := range problems {
			got = append(got, p.Field+" "+p.Key)
		}
		if strings.Join(got, ", ") != "a problem.needed, b problem.not_accepted, c problem.not_accepted" {
			t.Fatalf("%v", got)
		}
	}
}

// telling are words by which the database or its driver would be known.
var telling = regexp.MustCompile(`SQL|SELECT |INSERT INTO|UPDATE .* SET|no such (column|table)|constraint failed|syntax error|goroutine|panic:|\.go:[0-9]|database is`)

// TestAPI_DatabaseError_NotShown asks in ways that make the database complain.
func TestAPI_DatabaseError_NotShown(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	long := strings.Repeat("x", 5000)
	bad := []string{"'", `"`, "') OR 1=1 --", "\x00", "%00", "{{", "`", long, "🌧", "..", "NULL"}
	answers := 0
	see := func(what string, answer *testkit.Response) {
		answers++
		check.That(t, answer.Status < http.StatusInternalServerError, "%.80s: status %d", what, answer.Status)
		if found := telling.FindString(answer.Body); found != "" {
			t.Errorf("%.80s: the answer says %q: %.200s", what, found, answer.Body)
		}
	}
	for _, person := range []*core.Record{w.Partner, w.Initiator} {
		c := w.As(person)
		for _, b := range bad {
			q := url.QueryEscape(b)
			for _, part := range []string{"filter=", "sort=", "expand=", "fields=", "page=", "perPage=", "filter=title~"} {
				see(part+b, c.API(http.MethodGet, records("tasks")+"?"+part+q, nil))
			}
			see("record "+b, c.API(http.MethodGet, records("tasks")+"/"+url.PathEscape(b), nil))
			see("page "+b, c.Get("/tasks/"+url.PathEscape(b)))
			see("slug "+b, c.Get("/programmes/"+url.PathEscape(b)+"/tasks"))
			see("list "+b, c.Get("/programmes/kopi/tasks?state="+q+"&organisation="+q+"&page="+q))
			for _, field := range []string{"programme", "organisation", "state", "due_on", "position", "id"} {
				body := fields{"programme": w.Kopi.Id, "title": "Satu", "organisation": w.Puskesmas.Id, "accountable": w.Initiator.Id}
				body[field] = b
				see("new "+field+b, c.API(http.MethodPost, records("tasks"), body))
				see("change "+field+b, c.API(http.MethodPatch, records("tasks")+"/"+r.Id, fields{field: b}))
			}
		}
	}
	check.That(t, answers >= 400, "only %d answers seen", answers)
}

func TestAPI_UniqueViolation_NamedAtField(t *testing.T) {
	w := testkit.New(t)
	for name, of := range map[string]struct {
		collection string
		body       fields
		field      string
	}{
		"slug":    {"programmes", fields{"name": "Kopi dua", "slug": "kopi", "owner": w.Agency.Id, "province": "Jawa Tengah", "time_zone": "Asia/Jakarta", "kind": "service", "status": "draft"}, "slug"},
		"address": {"users", fields{"email": "partner@example.org", "password": testkit.Password, "passwordConfirm": testkit.Password, "name": "Kembar"}, "email"},
	} {
		answer := w.As(w.Administrator).API(http.MethodPost, records(of.collection), of.body).Want(http.StatusBadRequest)
		data, _ := answer.JSON()["data"].(map[string]any)
		check.That(t, data[of.field] != nil && !telling.MatchString(answer.Body), "%s: %s", name, answer.Body)
	}
}
