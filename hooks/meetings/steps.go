package meetings

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// Circulate lets the partners of the programme read draft minutes. The error is
// access.ErrRefused if the person may not, or the minutes are no draft.
func Circulate(d *access.Door, minutes string) (*core.Record, error) {
	return advance(d, minutes, access.MayCirculate, Circulated)
}

// Finalise makes minutes final: nobody changes them any more. The error is
// access.ErrRefused if the person may not, or they are final already.
func Finalise(d *access.Door, minutes string) (*core.Record, error) {
	return advance(d, minutes, access.MayFinalise, Final)
}

// advance reads the minutes anew inside the transaction, so that a text saved
// meanwhile is not lost.
func advance(d *access.Door, minutes string, sentence access.Sentence, status string) (*core.Record, error) {
	var moved *core.Record
	err := d.Together(func(inner *access.Door) error {
		r, err := inner.View("minutes", minutes)
		if err != nil {
			return err
		}
		moved = r
		return inner.Move(sentence, r, func(r *core.Record) { r.Set("status", status) })
	})
	return moved, err
}
