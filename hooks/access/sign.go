package access

import "github.com/pocketbase/pocketbase/core"

// The ways by which a change can reach the hub.
const (
	ViaPage  = "page"
	ViaLink  = "link"
	ViaAPI   = "api"
	ViaAdmin = "admin"
	ViaJob   = "job"
)

const (
	actorKey = "@actor"
	viaKey   = "@via"
)

// Sign notes on a record in memory who is about to save it and by which way,
// so that reactions and the activity know. The note itself is never stored.
func Sign(r *core.Record, person *core.Record, via string) *core.Record {
	r.SetRaw(actorKey, person)
	r.SetRaw(viaKey, via)
	return r
}

// Actor returns who signed the record, nil for the hub itself.
func Actor(r *core.Record) *core.Record {
	person, _ := r.GetRaw(actorKey).(*core.Record)
	return person
}

// Via returns the way by which the record's change came, ViaJob if unsigned.
func Via(r *core.Record) string {
	if via, ok := r.GetRaw(viaKey).(string); ok && via != "" {
		return via
	}
	return ViaJob
}

// SignRequest signs a record that comes through PocketBase's own API or its
// admin UI, so that these leave the same trace as pages.
func SignRequest(e *core.RecordRequestEvent) error {
	via := ViaAPI
	if e.HasSuperuserAuth() {
		via = ViaAdmin
	}
	Sign(e.Record, e.Auth, via)
	return e.Next()
}
