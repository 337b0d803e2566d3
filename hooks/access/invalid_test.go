package access_test

import (
	"errors"
	"strings"
	"testing"

	validation "github.com/pocketbase/ozzo-validation/v4"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestInvalidSpeaksBothLanguagesOverTheAPI(t *testing.T) {
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

func TestInvalidCarriesItsValuesToThePage(t *testing.T) {
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
func TestInvalidDoesNotTakeValuesForTemplates(t *testing.T) {
	err := access.Invalid("title", "problem.needed", "label", "{{.Secret}}{{")
	if err.Error() == "" || strings.Contains(err.Error(), "{{") {
		t.Errorf("%q", err)
	}
}

func TestProblemsAreToldInASteadyOrderAndUnknownOnesVaguely(t *testing.T) {
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
