package migrations

import "github.com/pocketbase/pocketbase/core"

// Lists of open tasks show the nearest due day first and tasks without one last.
// In that order the first thirty of a programme are found without reading the
// rest; the condition and the expression are those of the query to the letter.
func init() {
	const name = "idx_tasks_open"
	core.AppMigrations.Register(func(app core.App) error {
		tasks, err := app.FindCollectionByNameOrId("tasks")
		if err != nil {
			return err
		}
		tasks.AddIndex(name, false, "`programme`, (`due_on` = ''), `due_on`, `id`", "`state` IN ('todo', 'in_progress', 'waiting')")
		return app.Save(tasks)
	}, func(app core.App) error {
		tasks, err := app.FindCollectionByNameOrId("tasks")
		if err != nil {
			return err
		}
		tasks.RemoveIndex(name)
		return app.Save(tasks)
	})
}
