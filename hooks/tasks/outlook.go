package tasks

import "github.com/pocketbase/pocketbase/core"

// Outlook says, one sentence each, what happens if an open task stays undone.
type Outlook func(app core.App, task *core.Record, language string) ([]string, error)

const outlookKey = "tasks.outlook"

// Foretell gives an app's tasks an outlook. The roof knows who can tell; this
// room does not.
func Foretell(app core.App, tell Outlook) { app.Store().Set(outlookKey, tell) }

// outlook is for those who can still do something about it: the team and the
// organisation that owns the task.
func (s *sight) outlook(language string) ([]string, error) {
	tell, known := s.d.App().Store().Get(outlookKey).(Outlook)
	if !known || !s.mayAnswer() || !s.task.Open() {
		return nil, nil
	}
	return tell(s.d.App(), s.task.Record, language)
}
