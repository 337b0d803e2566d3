package lang_test

import (
	"errors"
	"fmt"
	"testing"

	"simpul/hooks/lang"

	"simpul/hooks/testkit/check"
)

func TestProblems_Empty_NoError(t *testing.T) {
	var problems lang.Problems
	if err := problems.Err(); err != nil {
		t.Errorf("no problems give the error %v", err)
	}
	problems.Add("title", "problem.needed")
	problems.Add("title", "problem.too_long", "n", 200)
	problems.Add("due_on", "problem.not_a_date")
	wrapped := fmt.Errorf("saving: %w", problems.Err())

	var found lang.Problems
	if !errors.As(wrapped, &found) || len(found) != 3 {
		t.Fatalf("errors.As found %v in %v", found, wrapped)
	}
	want := "title: problem.needed; title: problem.too_long; due_on: problem.not_a_date"
	check.Equal(t, "Error() =", found.Error(), want)
}

func TestOf_Field_FirstProblem(t *testing.T) {
	var problems lang.Problems
	problems.Add("title", "problem.needed")
	problems.Add("title", "problem.too_short")
	if first, found := problems.Of("title"); !found || first.Key != "problem.needed" {
		t.Errorf("Of(title) = %v, %v", first, found)
	}
	if _, found := problems.Of("due_on"); found {
		t.Error("Of(due_on) found a problem nobody added")
	}
}

func TestSentence_Field_Label(t *testing.T) {
	cases := []struct {
		problem lang.Problem
		id, en  string
	}{
		{
			lang.Problem{Field: "title", Key: "problem.needed"},
			"Isi “Judul” dulu.", "Please fill in “Judul”.",
		},
		{
			lang.Problem{Field: "title", Key: "problem.too_long", Args: []any{"n", 20000}},
			"“Judul” terlalu panjang. Paling banyak 20.000 karakter.",
			"“Judul” is too long. It may have at most 20,000 characters.",
		},
		{
			lang.Problem{Field: "title", Key: "problem.needed", Args: []any{"label", "nama program"}},
			"Isi “nama program” dulu.", "Please fill in “nama program”.",
		},
		{
			lang.Problem{Field: "due_on", Key: "problem.not_a_date"},
			"Tulis tanggal seperti 10/12/2026 atau 10 Desember 2026.",
			"Write a date such as 10/12/2026 (day first) or 10 December 2026.",
		},
	}
	for _, c := range cases {
		if got := c.problem.Sentence("id", "Judul"); got != c.id {
			t.Errorf("Sentence(id) of %v = %q, want %q", c.problem, got, c.id)
		}
		if got := c.problem.Sentence("en", "Judul"); got != c.en {
			t.Errorf("Sentence(en) of %v = %q, want %q", c.problem, got, c.en)
		}
	}
}

func TestSentence_Arguments_Unchanged(t *testing.T) {
	args := make([]any, 2, 10)
	args[0], args[1] = "n", 5
	problem := lang.Problem{Key: "problem.too_long", Args: args}
	first := problem.Sentence("id", "Judul")
	if second := problem.Sentence("id", "Judul"); second != first || args[0] != "n" {
		t.Errorf("said %q, then %q; the arguments are now %v", first, second, args)
	}
}
