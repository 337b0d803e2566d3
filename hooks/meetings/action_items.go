package meetings

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/markdown"
	"simpul/hooks/programmes"
	"simpul/hooks/tasks"
)

// What becomes of a line that asks somebody to do something. The last four stay
// text and are shown to the writer: no line is lost silently.
const (
	fresh   = "fresh"
	raised  = "raised"
	nobody  = "nobody"
	unknown = "unknown"
	several = "several"
	long    = "long"
)

// The caps of what a line is kept in, in characters.
const (
	titleMax    = 200
	decisionMax = 2000
)

// Line is one line of minutes that asks somebody to do something.
type Line struct {
	markdown.ActionLine
	// Fate is fresh (saving makes it a task), raised (it has its task), or why
	// it stays text: nobody, unknown, several, long.
	Fate string
	// Organisation, Name and Helix are the id, the name and the helix of who is
	// meant, "" if unknown.
	Organisation, Name, Helix string
	// Task is the id of the task of a raised line.
	Task string
}

// Stays reports whether the line cannot become a task as it is written.
func (l Line) Stays() bool { return l.Fate != fresh && l.Fate != raised }

// lines tells of every action line of a text what it is or would become. It
// changes nothing.
func lines(app core.App, meeting *core.Record, body string) ([]Line, error) {
	found := markdown.ActionLines(body)
	if len(found) == 0 {
		return nil, nil
	}
	tasks, err := byKey(app, "tasks", meeting.Id)
	if err != nil {
		return nil, err
	}
	all, err := programmes.TakingPart(app, meeting.GetString("programme"))
	if err != nil {
		return nil, err
	}
	out := make([]Line, 0, len(found))
	for _, action := range found {
		l := Line{ActionLine: action, Task: tasks[action.Key]}
		l.classify(all)
		out = append(out, l)
	}
	return out, nil
}

// classify finds out who is meant and what becomes of the line.
func (l *Line) classify(all programmes.Parties) {
	meant, more := all.Named(l.Who)
	if meant != nil {
		l.Organisation, l.Name, l.Helix = meant.ID, meant.Name, meant.Helix
	}
	switch {
	case l.Task != "":
		l.Fate = raised
	case l.Who == "":
		l.Fate = nobody
	case more:
		l.Fate = several
	case meant == nil:
		l.Fate = unknown
	case utf8.RuneCountInString(l.What) > titleMax:
		l.Fate = long
	default:
		l.Fate = fresh
	}
}

// count counts the lines of one fate.
func count(all []Line, fate string) int {
	n := 0
	for _, l := range all {
		if l.Fate == fate {
			n++
		}
	}
	return n
}

// byKey maps the source keys of what came out of a meeting's minutes to ids.
func byKey(app core.App, collection, meeting string) (map[string]string, error) {
	var rows []struct {
		ID  string `db:"id"`
		Key string `db:"source_key"`
	}
	err := app.DB().Select("id", "source_key").From(collection).
		Where(dbx.HashExp{"meeting": meeting}).
		AndWhere(dbx.NewExp("source_key != ''")).
		All(&rows)
	if err != nil {
		return nil, fmt.Errorf("meetings: %s by line: %w", collection, err)
	}
	ids := make(map[string]string, len(rows))
	for _, row := range rows {
		ids[row.Key] = row.ID
	}
	return ids, nil
}

// applyMinutes turns the lines of saved minutes into tasks and decisions, each once
// however often the minutes are saved. It runs in the transaction of the save;
// one failure undoes all.
func applyMinutes(app core.App, minutes *core.Record) error {
	meeting, err := app.FindRecordById("meetings", minutes.GetString("meeting"))
	if err != nil {
		return fmt.Errorf("meetings: raise: %w", err)
	}
	if err := createTasks(app, meeting, minutes); err != nil {
		return err
	}
	return createDecisions(app, minutes)
}

func createTasks(app core.App, meeting, minutes *core.Record) error {
	all, err := lines(app, meeting, minutes.GetString("body"))
	if err != nil {
		return err
	}
	for _, l := range all {
		if l.Fate != fresh {
			continue
		}
		_, err := tasks.New(app, tasks.Draft{
			Programme:    meeting.GetString("programme"),
			Title:        l.What,
			Organisation: l.Organisation,
			DueOn:        l.DueOn,
			Done:         l.Done,
			Meeting:      meeting.Id,
			SourceKey:    l.Key,
		}, minutes)
		if err != nil {
			return lineError(l, err)
		}
	}
	return nil
}

// lineError says at the text which line could not become a task: the fields of
// the task are not on the writer's page.
func lineError(l Line, err error) error {
	var fields validation.Errors
	if errors.As(err, &fields) {
		return access.Invalid("body", "minutes.problem_line", "line", l.Line, "what", l.What)
	}
	return fmt.Errorf("meetings: raise line %d: %w", l.Line, err)
}

// createDecisions keeps the decisions of a meeting in step with its minutes. A
// line that is gone from a draft takes its decision along, unless somebody has
// worked with it; what was once circulated stays.
func createDecisions(app core.App, minutes *core.Record) error {
	meeting := minutes.GetString("meeting")
	there, err := byKey(app, "decisions", meeting)
	if err != nil {
		return err
	}
	for _, decision := range markdown.Decisions(minutes.GetString("body")) {
		_, known := there[decision.Key]
		delete(there, decision.Key)
		if known || utf8.RuneCountInString(decision.Text) > decisionMax {
			continue
		}
		_, err := access.CreateFor(app, minutes, "decisions", map[string]any{
			"meeting": meeting, "source_key": decision.Key, "text": decision.Text, "state": "standing",
		})
		if err != nil {
			return fmt.Errorf("meetings: decision of line %d: %w", decision.Line, err)
		}
	}
	if minutes.GetString("status") != MinutesDraft {
		return nil
	}
	return deleteStale(app, minutes, there)
}

// deleteStale deletes decisions whose lines are gone, by key and id.
func deleteStale(app core.App, minutes *core.Record, gone map[string]string) error {
	for _, id := range gone {
		untouched, err := app.FindAllRecords("decisions", dbx.HashExp{
			"id": id, "state": "standing", "review_on": "", "public": false,
		})
		if err != nil {
			return fmt.Errorf("meetings: decisions that are gone: %w", err)
		}
		for _, r := range untouched {
			if err := app.Delete(access.Sign(r, access.Actor(minutes), access.Via(minutes))); err != nil {
				return fmt.Errorf("meetings: decisions that are gone: %w", err)
			}
		}
	}
	return nil
}

// OpenActions returns what is still to be done of what the last meeting of a
// programme asked for. The scope must have viewed the programme.
func OpenActions(d *access.Scope, p *programmes.Programme) ([]tasks.Listed, error) {
	last, err := within(d, p, func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("meetings.status", Scheduled, Held)).
			AndWhere(dbx.NewExp("meetings.starts_at < {:now}", dbx.Params{"now": stored(clock.Now())})).
			OrderBy("meetings.starts_at DESC", "meetings.id").
			Limit(1)
	})
	if err != nil || len(last) == 0 {
		return nil, err
	}
	asked, err := tasks.OfMeeting(d, p, last[0].ID)
	return slices.DeleteFunc(asked, func(t tasks.Listed) bool { return !t.Open() }), err
}
