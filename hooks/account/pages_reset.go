package account

import (
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/page"
)

func resetForm(e *core.RequestEvent) *page.Form {
	return page.NewForm(e, "account", page.Email("email").Need())
}

// AskReset asks for the address to which a link to a new password is mailed.
func AskReset(e *core.RequestEvent) error {
	return page.Render(e, http.StatusOK, "account/reset", signInPage{Base: page.New(e, "account.ask_reset_title").At("sign-in"), Form: resetForm(e)})
}

// SendReset mails the link. Known and unknown addresses get the same answer.
func SendReset(e *core.RequestEvent) error {
	form := resetForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if !form.OK() {
		return page.Render(e, http.StatusUnprocessableEntity, "account/reset",
			signInPage{Base: page.New(e, "account.ask_reset_title").At("sign-in"), Form: form})
	}
	var refused page.Refusal
	status, err := page.Post(e, "/api/collections/users/request-password-reset", map[string]string{"email": form.Value("email")}, &refused)
	if err != nil {
		return err
	}
	switch status {
	case http.StatusNoContent:
		return page.See(e, "/sign-in", "account.reset_sent")
	case http.StatusTooManyRequests:
		return e.TooManyRequestsError("", nil)
	}
	return e.InternalServerError("", fmt.Errorf("request-password-reset answers %d", status))
}
