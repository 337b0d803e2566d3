package contributions

import (
	"math"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// maxReason is how long a reviewer's reason may be, in characters.
const maxReason = 2000

// step is a transition of the review: who may take it, from where and to where.
type step struct {
	rule access.Rule
	from []string
	to   string
}

// steps are all transitions by the last part of their addresses. A withdrawn contribution stays visible and counts
// for nothing.
var steps = map[string]step{
	"verify":   {access.MayReview, []string{statusSubmitted}, statusVerified},
	"return":   {access.MayReview, []string{statusSubmitted}, statusNeedsRevision},
	"reject":   {access.MayReview, []string{statusSubmitted}, statusRejected},
	"submit":   {access.MaySubmit, []string{statusDraft, statusNeedsRevision}, statusSubmitted},
	"withdraw": {access.MayWithdraw, []string{statusDraft, statusSubmitted, statusNeedsRevision}, statusWithdrawn},
}

// stepInput is what a reviewer adds to a step.
type stepInput struct {
	// Quantity is what was found at verification, in the contribution's own unit; 0 means as given.
	Quantity float64 `json:"quantity"`
	// Reason is why a contribution is returned or rejected.
	Reason string `json:"reason"`
}

func (in *stepInput) validate(name string, r *core.Record) error {
	q := in.Quantity
	in.Reason = strings.TrimSpace(in.Reason)
	switch {
	case name == "verify" && (q < 0 || q > maxQuantity || math.IsNaN(q) || r.GetString("kind") == kindMoney && q != math.Trunc(q)):
		return access.Invalid("verified_quantity", "problem.not_a_number")
	case name != "return" && name != "reject":
		in.Reason = ""
	case in.Reason == "":
		return access.Invalid("reason", "contributions.problem_reason")
	case utf8.RuneCountInString(in.Reason) > maxReason:
		return access.Invalid("reason", "problem.too_long", "n", maxReason)
	}
	return nil
}

// takeStep takes a step in the name of the scope's person and saves the record with whatever else was changed in
// it.
func takeStep(d *access.Scope, r *core.Record, name string, in stepInput) error {
	s := steps[name]
	if err := in.validate(name, r); err != nil {
		return err
	}
	// The status is checked here too, since no rule stops an administrator.
	if !slices.Contains(s.from, r.GetString("review_status")) {
		return access.ErrRefused
	}
	return d.Transition(s.rule, r, func(r *core.Record) {
		r.Set("review_status", s.to)
		if name == "submit" {
			r.Set("submitted_at", clock.Now())
		}
		if name == "verify" {
			r.Set("verified_quantity", in.Quantity)
		}
		if s.rule == access.MayReview {
			r.Load(map[string]any{"review_note": in.Reason, "reviewed_at": clock.Now(), "reviewed_by": access.UserID(d.Person())})
		}
	})
}

// StepAPI takes the step that the address names and answers, as PocketBase's own API does, with the record or with
// what is wrong.
func StepAPI(e *core.RequestEvent) error {
	name := e.Request.PathValue("step")
	if _, known := steps[name]; !known {
		return e.NotFoundError("", nil)
	}
	var in stepInput
	if err := e.BindBody(&in); err != nil {
		return e.BadRequestError("", err)
	}
	d := access.As(e.App, e.Auth).Through(access.ViaAPI)
	r, err := d.View("contributions", e.Request.PathValue("id"))
	if err == nil {
		err = takeStep(d, r, name, in)
	}
	return web.AnswerRecord(e, r, err)
}

// returnReasons are the usual ones for returning a contribution.
var returnReasons = []string{"quantity", "unit", "date", "proof", "giver", "duplicate", "other"}

// reviewBox is what the team decides about a contribution that waits.
type reviewBox struct {
	// Own says that the reader logged it and so may not review it.
	Own                    bool
	Verify, Return, Reject *web.Form
	// Seen is the version of the contribution that the reader reviews.
	Seen string
	// Sent is the step whose form has errors, so that it must not be folded away.
	Sent string
}

// newReviewBox is nil for those who do not review and unless it waits.
func (v *contributionView) newReviewBox(e *core.RequestEvent) *reviewBox {
	if !v.p.Roles.Team || v.status() != statusSubmitted {
		return nil
	}
	if !v.d.Can(access.MayReview, v.r) {
		return &reviewBox{Own: true}
	}
	quantity := web.Quantity("verified_quantity")
	if v.isMoney() {
		quantity = web.Money("verified_quantity")
	}
	return &reviewBox{
		Verify: web.NewForm(e, "contributions", quantity),
		Return: web.NewForm(e, "contributions",
			web.Codes("return_reason", returnReasons...).Need(), web.Long("return_note").Max(1500).Need()),
		Reject: web.NewForm(e, "contributions", web.Long("reject_note").Max(1500).Need()),
		Seen:   v.r.GetString("updated"),
	}
}

// ReviewPage verifies, returns or rejects a contribution, as the last part of the address says.
func ReviewPage(e *core.RequestEvent) error {
	name := path.Base(e.Request.URL.Path)
	v, err := loadView(e)
	if err != nil {
		return err
	}
	box := v.newReviewBox(e)
	isReviewer := v.p.Roles.Team && v.reader() != "" && v.reader() == v.r.GetString("reviewed_by")
	switch {
	case v.status() == steps[name].to && isReviewer:
		return v.redirect(e) // the button was pressed twice
	case box == nil || box.Own:
		return access.ErrRefused
	}
	form := map[string]*web.Form{"verify": box.Verify, "return": box.Return, "reject": box.Reject}[name]
	if err := form.Read(e); err != nil {
		return err
	}
	if seen := e.Request.PostFormValue("seen"); seen != "" && seen != box.Seen {
		form.AddError("", "problem.changed_meanwhile")
	}
	box.Sent = name
	if form.OK() {
		err = v.review(form, name, web.Language(e))
	}
	if form.AddErrors(err) || err == nil && !form.OK() {
		// The refused step changed the record in memory.
		if v, err = loadView(e); err != nil {
			return err
		}
		return v.show(e, http.StatusUnprocessableEntity, sentForms{review: box})
	}
	if err != nil {
		return err
	}
	return v.redirect(e)
}

// review takes a step with what its form says.
func (v *contributionView) review(form *web.Form, name, language string) error {
	in := stepInput{}
	switch name {
	case "verify":
		in.Quantity = form.Number("verified_quantity")
		if in.Quantity == 0 && form.Value("verified_quantity") != "" {
			// Empty means as given; a zero that was typed means that nothing came.
			return lang.Problems{{Field: "verified_quantity", Key: "contributions.problem_none_found"}}
		}
	case "return":
		in.Reason = lang.T(language, "contributions.return_reason."+form.Value("return_reason")) + ": " + form.Value("return_note")
	case "reject":
		in.Reason = form.Value("reject_note")
	}
	return takeStep(v.d, v.r, name, in)
}

// WithdrawPage withdraws a contribution.
func WithdrawPage(e *core.RequestEvent) error {
	v, err := loadView(e)
	if err != nil {
		return err
	}
	if v.status() == statusWithdrawn && v.isContributor() {
		return v.redirect(e) // the button was pressed twice
	}
	if err := takeStep(v.d, v.r, "withdraw", stepInput{}); err != nil {
		return err
	}
	return v.redirect(e)
}

// redirect leads to the contribution with a message about its status.
func (v *contributionView) redirect(e *core.RequestEvent) error {
	return web.RedirectWithFlash(e, v.url(), "contributions.done."+v.status(), "number", v.r.GetString("number"))
}
