package reminders

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/page"
)

// WishInputs are what people set about their letters, beside the kinds that they
// mute. The words stand with the users' own.
func WishInputs() []*page.Input {
	return []*page.Input{
		page.Codes("mail_frequency", immediate, daily, weekly),
		page.Time("send_at"),
		page.Check("weekend_off"),
		page.Date("paused_until_on"),
	}
}

// MutedKinds are the kinds of letters that a person may switch off, with those
// chosen that are off, or that were ticked in the form just sent.
func MutedKinds(e *core.RequestEvent, off []string) ([]page.Option, error) {
	kinds, err := mutable(e.App, off)
	if err != nil {
		return nil, err
	}
	if e.Request.Method == http.MethodPost {
		off = e.Request.PostForm["muted_kinds"]
	}
	options := make([]page.Option, len(kinds))
	for i, kind := range kinds {
		options[i] = page.Option{Value: kind, Label: lang.T(page.Language(e), "reminder_rules.kind."+kind), Chosen: slices.Contains(off, kind)}
	}
	return options, nil
}

// TickedKinds are those ticked in the form just sent, of the kinds that were offered.
func TickedKinds(e *core.RequestEvent, off []string) ([]string, error) {
	options, err := MutedKinds(e, off)
	ticked := []string{}
	for _, o := range options {
		if o.Chosen {
			ticked = append(ticked, o.Value)
		}
	}
	return ticked, err
}

// mutable are the kinds that may be muted at all and for which some rule is in
// force, and those already off.
func mutable(app core.App, off []string) ([]string, error) {
	users, err := app.FindCachedCollectionByNameOrId("users")
	if err != nil {
		return nil, err
	}
	f, ok := users.Fields.GetByName("muted_kinds").(*core.SelectField)
	if !ok {
		return nil, fmt.Errorf("users have no kinds of letters to mute")
	}
	var spoken []string
	err = app.DB().Select("kind").Distinct(true).From("reminder_rules").Where(dbx.HashExp{"active": true}).Column(&spoken)
	if err != nil {
		return nil, fmt.Errorf("kinds of reminders: %w", err)
	}
	spoken = append(spoken, off...)
	return slices.DeleteFunc(slices.Clone(f.Values), func(kind string) bool { return !slices.Contains(spoken, kind) }), nil
}
