package access

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// RefuseRequest answers whoever wants to change rows that only the hub writes, by
// PocketBase's API or its admin UI, with a sentence in both languages. The hub's
// own saves are no requests.
func RefuseRequest(key string) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error { return refusal(e.RequestEvent, key) }
}

// RefuseTruncate does the same for emptying a whole collection, which is no
// request about a record. Keys are those of the sentences, by collection.
func RefuseTruncate(keys map[string]string) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		if !strings.HasSuffix(e.Request.Pattern, "/{collection}/truncate") || !e.HasSuperuserAuth() {
			return e.Next()
		}
		c, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
		if err != nil || keys[c.Name] == "" {
			return e.Next()
		}
		return refusal(e, keys[c.Name])
	}
}

func refusal(e *core.RequestEvent, key string) error {
	return e.BadRequestError(lang.T("id", key)+" / "+lang.T("en", key), nil)
}

// KeepFields leaves fields as they are that the hub fills in by itself, whatever
// a request says about them: the admin UI sends what it does not know as empty.
func KeepFields(fields ...string) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		for _, f := range e.Record.Collection().Fields {
			if name := f.GetName(); slices.Contains(fields, name) {
				e.Record.SetRaw(name, e.Record.Original().GetRaw(name))
			}
		}
		return e.Next()
	}
}
