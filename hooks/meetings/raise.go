package meetings

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/markdown"
	"simpul/hooks/tasks"
)

// raise turns the lines of saved minutes into tasks and decisions, each once
// however often the minutes are saved. It runs in the transaction of the save;
// one failure undoes all.
func raise(app core.App, minutes *core.Record) error {
	meeting, err := app.FindRecordById("meetings", minutes.GetString("meeting"))
	if err != nil {
		return fmt.Errorf("meetings: raise: %w", err)
	}
	if err := raiseTasks(app, meeting, minutes); err != nil {
		return err
	}
	return raiseDecisions(app, minutes)
}

func raiseTasks(app core.App, meeting, minutes *core.Record) error {
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
			return refusal(l, err)
		}
	}
	return nil
}

// refusal says at the text which line could not become a task: the fields of
// the task are not on the writer's page.
func refusal(l Line, err error) error {
	var fields validation.Errors
	if errors.As(err, &fields) {
		return access.Invalid("body", "minutes.problem_line", "line", l.Line, "what", l.What)
	}
	return fmt.Errorf("meetings: raise line %d: %w", l.Line, err)
}

// raiseDecisions keeps the decisions of a meeting in step with its minutes. A
// line that is gone from a draft takes its decision along, unless somebody has
// worked with it; what was once circulated stays.
func raiseDecisions(app core.App, minutes *core.Record) error {
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
		err := save(app, minutes, "decisions", map[string]any{
			"meeting": meeting, "source_key": decision.Key, "text": decision.Text, "state": "standing",
		})
		if err != nil {
			return fmt.Errorf("meetings: decision of line %d: %w", decision.Line, err)
		}
	}
	if minutes.GetString("status") != MinutesDraft {
		return nil
	}
	return forget(app, minutes, there)
}

// forget deletes decisions whose lines are gone, by key and id.
func forget(app core.App, minutes *core.Record, gone map[string]string) error {
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
