package migrations

import (
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// What rules learnt: a day of their own, a ladder of people, and the kinds of
// reminder and words for people that came later.
var (
	laterKinds     = []string{"programme_date", "invitation_open"}
	laterAudiences = []string{"team", "logged_by", "partners", "task_owners"}
)

func init() {
	core.AppMigrations.Register(func(app core.App) error {
		kinds, audiences := slices.Concat(reminderKinds, laterKinds), slices.Concat(reminderAudiences, laterAudiences)
		return teachRules(app, kinds, audiences, func(c *core.Collection) {
			afterHours := slices.IndexFunc(c.Fields, func(f core.Field) bool { return f.GetName() == "offset_hours" }) + 1
			c.Fields.AddAt(afterHours, day("on_day", "Hari tertentu, untuk patokan programme.on_day. / A day of its own, for the anchor programme.on_day."))
			afterLadder := slices.IndexFunc(c.Fields, func(f core.Field) bool { return f.GetName() == "escalate_to" }) + 1
			c.Fields.AddAt(afterLadder, whole("escalate_after_workdays", span{0, 60},
				"Hari kerja tanpa kabar sebelum naik selangkah. / Workdays of silence before each step."))
			choose(c, "escalate_to", reminderAudiences, len(reminderAudiences))
		})
	}, func(app core.App) error {
		return teachRules(app, reminderKinds, reminderAudiences, func(c *core.Collection) {
			c.Fields.RemoveByName("on_day")
			c.Fields.RemoveByName("escalate_after_workdays")
			choose(c, "escalate_to", reminderAudiences, 1)
		})
	})
}

// teachRules gives rules, and what people may mute, their kinds and audiences.
func teachRules(app core.App, kinds, audiences []string, more func(*core.Collection)) error {
	rules, err := app.FindCollectionByNameOrId("reminder_rules")
	if err != nil {
		return fmt.Errorf("teach rules: %w", err)
	}
	choose(rules, "kind", kinds, 1)
	choose(rules, "audience", audiences, len(audiences))
	more(rules)
	if err := app.Save(rules); err != nil {
		return fmt.Errorf("teach rules: %w", err)
	}
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return fmt.Errorf("teach rules: %w", err)
	}
	choose(users, "muted_kinds", kinds, len(kinds))
	return app.Save(users)
}

// choose sets the codes a field offers and how many of them it takes.
func choose(c *core.Collection, name string, codes []string, most int) {
	field := c.Fields.GetByName(name).(*core.SelectField)
	field.Values, field.MaxSelect = codes, most
}
