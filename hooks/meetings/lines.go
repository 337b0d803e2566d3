package meetings

import (
	"fmt"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/markdown"
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
	tasks, err := tasksByLine(app, meeting.Id)
	if err != nil {
		return nil, err
	}
	all, err := takingPart(app, meeting.GetString("programme"))
	if err != nil {
		return nil, err
	}
	out := make([]Line, 0, len(found))
	for _, action := range found {
		l := Line{ActionLine: action, Task: tasks[action.Key]}
		l.judge(all)
		out = append(out, l)
	}
	return out, nil
}

// judge finds out who is meant and what becomes of the line.
func (l *Line) judge(all parties) {
	meant, more := all.named(l.Who)
	if meant != nil {
		l.Organisation, l.Name, l.Helix = meant.id, meant.name, meant.helix
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

// staying picks the lines that cannot become tasks as they are written.
func staying(all []Line) []Line {
	var out []Line
	for _, l := range all {
		if l.Stays() {
			out = append(out, l)
		}
	}
	return out
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

// tasksByLine returns the ids of the tasks that lines of a meeting's minutes
// have become, by the key of the line.
func tasksByLine(app core.App, meeting string) (map[string]string, error) {
	return byKey(app, "tasks", meeting)
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
