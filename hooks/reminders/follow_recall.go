package reminders

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// CallOff tells those invited that a meeting is gone, or all meetings of a programme that is gone. What was known of them
// is gathered before it goes.
func CallOff(e *core.RecordEvent) error {
	found := []*core.Record{e.Record}
	var err error
	if e.Record.Collection().Name == "programmes" {
		if found, err = e.App.FindAllRecords("meetings", dbx.HashExp{"programme": e.Record.Id}); err != nil {
			return err
		}
	}
	guests := make([][]guest, len(found))
	for i, meeting := range found {
		if guests[i], err = (calling{app: e.App, known: meeting}).guests(); err != nil {
			return err
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	for i, meeting := range found {
		if err := (calling{app: e.App, known: meeting}).write(guests[i]); err != nil {
			return err
		}
	}
	return nil
}
