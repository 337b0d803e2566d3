package meetings

import (
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// The states of an attendance in which somebody was there.
var there = []string{"present_in_person", "present_online", "represented"}

var attendanceStates = []string{"invited", "confirmed", "present_in_person", "present_online", "represented", "excused", "absent"}

// sameRow finds another line of the list that says the same.
const sameRow = `SELECT 1 FROM attendances WHERE meeting = {:meeting} AND stakeholder = {:stakeholder}
	AND contact = {:contact} AND name = {:name} AND id != {:id}`

// SettleAttendance holds for every line of an attendance list: it is about a
// stakeholder of the meeting's programme or a guest with a name, and stands once.
func SettleAttendance(e *core.RecordEvent) error {
	r := e.Record
	setDefault(r, "state", attendanceStates[0])
	r.Set("name", strings.Join(strings.Fields(r.GetString("name")), " "))
	guest := r.GetString("stakeholder") == "" && r.GetString("contact") == ""
	// A list keeps its lines when a contact goes; only who writes one must name somebody.
	if guest && r.GetString("name") == "" && (r.IsNew() || access.Actor(r) != nil) {
		return access.Invalid("name", "problem.needed")
	}
	if err := checkPointers(e.App, r, "meeting", attendancePointers); err != nil {
		return err
	}
	again, err := holds(e.App, sameRow, dbx.Params{
		"meeting": r.GetString("meeting"), "stakeholder": r.GetString("stakeholder"),
		"contact": r.GetString("contact"), "name": r.GetString("name"), "id": r.Id,
	})
	if err != nil {
		return err
	}
	if again {
		return access.Invalid("name", "problem.already_there")
	}
	return e.Next()
}

// SettleDecision holds for every decision: it stands until something else is said.
func SettleDecision(e *core.RecordEvent) error {
	r := e.Record
	setDefault(r, "state", "standing")
	if err := checkPointers(e.App, r, "meeting", decisionPointers); err != nil {
		return err
	}
	return e.Next()
}
