package meetings

import (
	"html/template"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/markdown"
)

// note is an action line as the writer sees it.
type note struct {
	What, Helix, Who, Due string
	// Badge says what the line is or will be; Problem why it stays text.
	Badge   Badge
	Problem string
	URL     string
}

// preview is what saving a text would do. It is worked out without changing anything.
type preview struct {
	HTML      template.HTML
	Notes     []note
	Decisions []string
	// Fresh is how many tasks saving would make.
	Fresh int
}

// foresee works out a preview of a text that is not too long.
func foresee(app core.App, meeting *core.Record, body, language string) (*preview, error) {
	html, err := markdown.HTML(body)
	if err != nil {
		return nil, err
	}
	found, err := lines(app, meeting, body)
	if err != nil {
		return nil, err
	}
	p := &preview{HTML: template.HTML(html), Notes: notes(language, found), Fresh: count(found, fresh)}
	for _, d := range markdown.Decisions(body) {
		if utf8.RuneCountInString(d.Text) > decisionMax {
			p.Notes = append(p.Notes, stays(language, note{What: d.Text}, lang.T(language, "minutes.why_long", "max", decisionMax)))
			continue
		}
		p.Decisions = append(p.Decisions, d.Text)
	}
	return p, nil
}

// notes puts action lines into the reader's words.
func notes(language string, found []Line) []note {
	out := make([]note, 0, len(found))
	for _, l := range found {
		n := note{What: l.What, Helix: l.Helix, Who: l.Name}
		if n.Who == "" {
			n.Who = l.Who
		}
		if l.DueOn != "" {
			n.Due = lang.Day(language, l.DueOn)
		}
		switch {
		case l.Fate == raised:
			n.Badge = Badge{Text: lang.T(language, "minutes.line_raised"), Kind: "ok", Icon: "tick"}
			n.URL = "/tasks/" + l.Task
		case l.Fate == fresh && l.Done:
			n.Badge = Badge{Text: lang.T(language, "minutes.line_fresh_done"), Icon: "plus"}
		case l.Fate == fresh:
			n.Badge = Badge{Text: lang.T(language, "minutes.line_fresh"), Icon: "plus"}
		default:
			n = stays(language, n, lang.T(language, "minutes.why_"+l.Fate, "who", l.Who, "max", titleMax))
		}
		out = append(out, n)
	}
	return out
}

// stays marks a line that remains text, and says why.
func stays(language string, n note, why string) note {
	n.Badge = Badge{Text: lang.T(language, "minutes.line_stays"), Kind: "warn", Icon: "warning"}
	n.Problem = why
	return n
}

// skeleton is what new minutes begin with. Its example line names nobody, so
// that it never becomes a task.
func skeleton(m *Meeting, language string) string {
	return lang.T(language, "minutes.skeleton", "due", lang.DayShort(language, clock.AddDays(m.Hours().Day(), exampleDays)))
}

// exampleDays is how many days after the meeting the example line is due.
const exampleDays = 14

// author is the name of who saved the present text of minutes, "" if unknown to
// the reader.
func (s *sight) author(minutes *core.Record) (string, error) {
	found, err := s.d.List("minutes_revisions", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{
			"minutes_revisions.minutes":  minutes.Id,
			"minutes_revisions.revision": minutes.GetInt("revision"),
		}).Limit(1)
	})
	if err != nil || len(found) == 0 {
		return "", err
	}
	if err := s.d.With(found, "author"); err != nil {
		return "", err
	}
	if author := found[0].ExpandedOne("author"); author != nil {
		return author.GetString("name"), nil
	}
	return "", nil
}
