package access

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/fields"
)

// Rule is a rule that has a name: the vocabulary of rules.go.
type Rule string

// nobody means: superusers only.
const nobody = "-"

// signedIn begins every sentence: an empty caller would equal an empty owner
// field, and a disabled user is nobody.
const signedIn = `@request.auth.id != "" && @request.auth.disabled = false`

// Roles in a programme, as sets of codes.
var (
	teamRoles      = []string{"initiator", "coordinator", "member"}
	initiatorRoles = []string{"initiator"}
	observerRoles  = []string{"observer"}
)

// one joins sentences of which one must hold; the caller is signed in anyway.
func one(sentences ...string) string {
	return signedIn + " && ((" + strings.Join(sentences, ") || (") + "))"
}

// all joins sentences that must all hold.
func all(sentences ...string) string { return strings.Join(sentences, " && ") }

// mine is a membership of the caller. All sentences about a programme speak of
// it under this one alias: PocketBase joins the table once for each alias, and
// every further join multiplies the rows that a list has to go through.
const mine = "@collection.memberships:mine"

// has says that the caller takes part in the programme at path in one of the roles.
func has(path string, roles []string) string {
	return "(" + membership(path) + " && " + as(roles) + ")"
}

// as says that the caller's membership has one of the roles.
func as(roles []string) string {
	asked := make([]string, len(roles))
	for i, role := range roles {
		asked[i] = mine + `.role ?= "` + role + `"`
	}
	return "(" + strings.Join(asked, " || ") + ")"
}

// part says that the caller takes part in the programme at path and that one of
// the conditions holds. The membership stands before them, not in each: only
// then can the database begin with the few memberships of the caller instead of
// going through everybody's.
func part(path string, conditions ...string) string {
	return signedIn + " && " + membership(path) + " && ((" + strings.Join(conditions, ") || (") + "))"
}

// asTeam and asObserver are roles as conditions of part.
var (
	asTeam     = as(teamRoles)
	asObserver = as(observerRoles)
)

// asVoice is the condition of part that the caller speaks for the organisation
// at path. Only a partner's membership names an organisation; without asking
// for the role, an empty path would equal everybody else's.
func asVoice(organisation string) string {
	return mine + `.role ?= "partner" && ` + mine + ".organisation ?= " + organisation
}

func membership(path string) string {
	return mine + ".user ?= @request.auth.id && " + mine + ".programme ?= " + path
}

// inside says that the caller takes part in the programme at path in any role.
func inside(path string) string {
	return "(" + membership(path) + ")"
}

// team and initiator are the roles of has.
func team(path string) string { return has(path, teamRoles) }

func initiator(path string) string { return has(path, initiatorRoles) }

// hubUnset says that a new record leaves to the hub what only the hub fills in.
func hubUnset(n fields.Noun) string { return unset(n.FilledByHub()...) }

// writable says that a change touches only what the noun's description opens to
// the writer. A field that is not described stops the start, so none is open by
// mistake.
func writable(n fields.Noun, w fields.Writer) string { return kept(n.ClosedTo(w)...) }

// unset says that a new record's body leaves these fields to the hub.
func unset(fields ...string) string { return guard(":isset", fields) }

// kept says that a change leaves these fields as they are.
func kept(fields ...string) string { return guard(":changed", fields) }

func guard(modifier string, fields []string) string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = "@request.body." + f + modifier + " = false"
	}
	return strings.Join(out, " && ")
}

// insideIts is the rule of everything that all who take part may read.
var insideIts = all(signedIn, inside("programme"))

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
