package check_test

import (
	"errors"
	"testing"

	"simpul/hooks/testkit/check"
)

// recorder counts failures instead of failing.
type recorder struct {
	testing.TB
	failures int
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failures++ }
func (r *recorder) Fatal(...any)          { r.failures++ }

func TestChecks_EachCase_CountsFailures(t *testing.T) {
	type pair struct{ a, b int }
	for name, c := range map[string]struct {
		do   func(testing.TB)
		want int
	}{
		"equal":             {func(t testing.TB) { check.Equal(t, "x", 1, 1) }, 0},
		"not equal":         {func(t testing.TB) { check.Equal(t, "x", "a", "b") }, 1},
		"holds":             {func(t testing.TB) { check.That(t, true, "x") }, 0},
		"does not hold":     {func(t testing.TB) { check.That(t, false, "x") }, 1},
		"same, nil and not": {func(t testing.TB) { check.Same(t, "x", nil, []int{}) }, 0},
		"other order":       {func(t testing.TB) { check.Same(t, "x", []int{1, 2}, []int{2, 1}) }, 1},
		"unexported":        {func(t testing.TB) { check.Same(t, "x", pair{1, 2}, pair{1, 3}) }, 1},
		"contains one of 2": {func(t testing.TB) { check.Contains(t, "x", "abc", "b", "d") }, 1},
		"lacks one of 2":    {func(t testing.TB) { check.Lacks(t, "x", "abc", "b", "d") }, 1},
		"no error":          {func(t testing.TB) { check.NoError(t, nil) }, 0},
		"an error":          {func(t testing.TB) { check.NoError(t, errors.New("x")) }, 1},
	} {
		r := &recorder{}
		c.do(r)
		if r.failures != c.want {
			t.Errorf("%s: %d failures, want %d", name, r.failures, c.want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Must returned in spite of an error")
		}
	}()
	check.Must(0, errors.New("x"))
}
