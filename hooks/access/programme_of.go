package access

import "github.com/pocketbase/pocketbase/core"

// parents tells through which relation a record without a programme of its own
// hangs on one.
var parents = map[string][2]string{
	"minutes":           {"meeting", "meetings"},
	"decisions":         {"meeting", "meetings"},
	"attendances":       {"meeting", "meetings"},
	"minutes_revisions": {"minutes", "minutes"},
	"assessments":       {"stakeholder", "stakeholders"},
	"indicator_values":  {"indicator", "indicators"},
}

// ProgrammeOf returns the id of the programme a record belongs to, "" if none.
func ProgrammeOf(app core.App, r *core.Record) string {
	c := r.Collection()
	if c.Name == "programmes" {
		return r.Id
	}
	if c.Fields.GetByName("programme") != nil {
		return r.GetString("programme")
	}
	up, ok := parents[c.Name]
	if !ok {
		return ""
	}
	parent, err := app.FindRecordById(up[1], r.GetString(up[0]))
	if err != nil {
		return ""
	}
	return ProgrammeOf(app, parent)
}
