package reminders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/mail"
)

// gather puts every folded letter that still holds under its heading. Several
// about one thing are told once.
func (i *issue) gather() error {
	members, err := mail.Members(i.app, i.letter.ID)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	for _, m := range members {
		a := &asked{app: i.app, letter: m, now: i.now}
		reason, err := a.objection()
		if err == nil && reason == "" {
			reason, err = mail.Suppressed(i.app, m, a.rule.Mandatory())
		}
		if err != nil {
			return fmt.Errorf("letter %s of the daily one: %w", m.ID, err)
		}
		if reason != "" {
			i.out[m.ID] = reason
			continue
		}
		if told[a.subject.URL] {
			continue
		}
		told[a.subject.URL] = true
		if i.owns(a) {
			i.yours = append(i.yours, a.item(i.letter.Language))
		} else {
			i.others = append(i.others, a.item(i.letter.Language))
		}
	}
	return nil
}

// owns reports whether it is the reader who has something to do. The team is
// told of tasks that others have to do.
func (i *issue) owns(a *asked) bool {
	if a.subject.Collection != "tasks" || i.door == nil {
		return true
	}
	return slices.Contains(i.door.Speaks(), a.subject.Record.GetString("organisation"))
}

// item is one folded letter in a line.
func (a *asked) item(language string) mail.Item {
	words := map[string]string{}
	for pairs := range slices.Chunk(a.words(language), 2) {
		words[fmt.Sprint(pairs[0])] = fmt.Sprint(pairs[1])
	}
	note := strings.Join([]string{lang.T(language, "reminder_rules.kind."+a.letter.Kind), words["when"], words["programme"]}, " · ")
	return mail.Item{Link: mail.Link{Label: a.subject.Title, URL: home(a.app) + a.subject.URL}, Note: note}
}

// home is the hub's address without a slash at its end.
func home(app core.App) string { return strings.TrimRight(app.Settings().Meta.AppURL, "/") }
