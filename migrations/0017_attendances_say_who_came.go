package migrations

import "github.com/pocketbase/pocketbase/core"

// Who was invited to a meeting and who came, for whom. Guests stand here by name only.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "attendances", []core.Field{
			to("meeting", "meetings", "Rapat. / Meeting.", required, dying),
			to("stakeholder", "stakeholders", "Pemangku kepentingan yang diundang. / Stakeholder invited."),
			to("contact", "contacts", "Narahubung yang diundang. / Contact invited."),
			text("name", nameMax, "Nama seperti di daftar hadir. / Name as on the attendance list.", presentable),
			text("position", nameMax, "Jabatan. / Position.", presentable),
			text("organisation_name", nameMax, "Organisasi tamu. / A guest's organisation."),
			oneOf("state", []string{"invited", "confirmed", "present_in_person", "present_online", "represented", "excused", "absent"},
				"Kehadiran. / Attendance.", presentable),
			text("represents", nameMax, "Mewakili siapa. / On whose behalf."),
			instant("checked_in_at", "Kapan mengisi daftar hadir. / When they signed in."),
			formKey(),
		}, []index{
			unique("meeting", "stakeholder", "contact", "name"),
			sorted("stakeholder", "meeting"),
			sorted("contact", "meeting"),
			onceOnly(),
		})
	}, remove("attendances"))
}
