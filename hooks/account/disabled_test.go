package account_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// Messages are written beside the answer, so a look at the ledger could come too
// early: what counts is for whom PocketBase is let on to write one.
func TestNobodyDisabledIsSentACodeOrALink(t *testing.T) {
	w := testkit.New(t)
	var codes, links []string
	w.App.OnRecordRequestOTPRequest("users").BindFunc(func(e *core.RecordCreateOTPRequestEvent) error {
		if e.Record != nil {
			codes = append(codes, e.Record.Email())
		}
		return e.Next()
	})
	w.App.OnRecordRequestPasswordResetRequest("users").BindFunc(func(e *core.RecordRequestPasswordResetRequestEvent) error {
		links = append(links, e.Record.Email())
		return e.Next()
	})
	for _, address := range []string{"disabled@example.org", partner} {
		w.As(nil).Post("/sign-in", "email", address).Want(303)
		w.As(nil).Post("/sign-in/reset", "email", address).Want(303)
	}
	letter(w, partner, 2) // both are on their way until then
	for what, sent := range map[string][]string{"codes": codes, "links": links} {
		if len(sent) != 1 || sent[0] != partner {
			t.Errorf("%s go to %v", what, sent)
		}
	}
}
