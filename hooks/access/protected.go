package access

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// handsOff is what nobody does by hand, not even an administrator, with the
// sentence that says so. The hub's own saves are not asked.
var handsOff = map[string]map[string]string{
	"deliveries": {http.MethodPost: "deliveries.problem_kept", http.MethodPatch: "deliveries.problem_kept",
		http.MethodDelete: "deliveries.problem_kept"},
	"hub_settings": {http.MethodDelete: "problem.settings_kept"},
}

// RejectDirectWrites answers requests by PocketBase's API or its admin UI that nobody may
// make with a sentence in both languages. The method names what is asked for:
// POST, PATCH or DELETE.
func RejectDirectWrites(method string) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		if key := handsOff[e.Collection.Name][method]; key != "" {
			return refusal(e.RequestEvent, key)
		}
		return e.Next()
	}
}

// RejectTruncate does the same for emptying a whole collection, which is no request
// about a record.
func RejectTruncate(e *core.RequestEvent) error {
	if !strings.HasSuffix(e.Request.Pattern, "/{collection}/truncate") || !e.HasSuperuserAuth() {
		return e.Next()
	}
	c, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
	if err != nil || handsOff[c.Name] == nil {
		return e.Next()
	}
	return refusal(e, handsOff[c.Name][http.MethodDelete])
}

// refusal is no 403: the admin UI would lead away from what was typed.
func refusal(e *core.RequestEvent, key string) error {
	return e.BadRequestError(lang.T("id", key)+" / "+lang.T("en", key), nil)
}

// ProtectFields leaves fields as they are that the hub fills in by itself, whatever
// a request says about them: the admin UI sends what it does not know as empty.
func ProtectFields(fields ...string) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		for _, f := range e.Record.Collection().Fields {
			if name := f.GetName(); slices.Contains(fields, name) {
				e.Record.SetRaw(name, e.Record.Original().GetRaw(name))
			}
		}
		return e.Next()
	}
}
