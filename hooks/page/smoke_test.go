package page_test

import (
	"testing"

	"simpul/hooks/testkit"
)

func TestSmoke(t *testing.T) {
	w := testkit.New(t)
	r := w.As(nil).Get("/sign-in").Want(200)
	t.Log(len(r.Body))
	w.As(w.Partner).Get("/me").Want(200)
	w.As(nil).Get("/me").Want(303)
	w.As(w.Partner).Get("/nowhere").Want(404)
}
