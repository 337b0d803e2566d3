package migrations

// Lists of codes that more than one collection stores. Codes never change and
// are never shown: people read the labels in the language files.
var (
	languages = []string{"id", "en"}
	timeZones = []string{"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
	helices   = []string{"government", "university", "business", "community", "media"}

	visibilities = []string{"team", "partners", "public"}

	frequencies   = []string{"immediate", "daily", "weekly"}
	reminderKinds = []string{
		"task_due", "task_overdue", "meeting_invite", "meeting_soon", "minutes_followup",
		"contribution_prompt", "contribution_waiting", "contribution_revision",
		"indicator_due", "milestone_due", "agreement_expiring", "report_ready", "digest",
	}
	reminderAudiences = []string{"assignee", "focal_point", "organisation", "accountable", "initiators", "attendees"}

	documentTypes = []string{
		"image/jpeg", "image/png", "image/webp", "application/pdf",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
		"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
	}
	pictureTypes = []string{"image/jpeg", "image/png", "image/webp"}
)
