package inbox

// The questions put to the database, for a test of how it answers them.
var Questions = map[string]string{
	"idx_deliveries_unread":      countUnread,
	"idx_deliveries_unread ":     listUnread + newestFirst,
	"idx_deliveries_user_due_at": listAll + newestFirst,
}
