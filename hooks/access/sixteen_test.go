package access_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

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

// TestNoFieldTakesAnIdentityNumber tries every field that can be typed into,
// over the API and through the scope, as the initiator and as an administrator.
func TestNoFieldTakesAnIdentityNumber(t *testing.T) {
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
		t.Errorf("%d fields tried, %d answers with the reason, %d refused at the door; some collection is missing", tried, said, refused)
	}
}

func holdsNone(t *testing.T, w *testkit.World, collection, field string) {
	t.Helper()
	var n int
	check.NoError(t, w.App.DB().NewQuery("SELECT COUNT(*) FROM `"+collection+"` WHERE CAST(`"+field+"` AS TEXT) LIKE '%"+identity+"%'").Row(&n))
	if n > 0 {
		t.Errorf("%s.%s holds an identity number", collection, field)
	}
}

func TestNoNewRecordTakesAnIdentityNumber(t *testing.T) {
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
	if tried < 8 {
		t.Errorf("only %d bodies tried", tried)
	}
}

func TestMachineFieldsMayHoldSixteenDigits(t *testing.T) {
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
	if err != nil || n != 1 {
		t.Errorf("%d tasks, %v", n, err)
	}
}
