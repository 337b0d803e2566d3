package migrations

import "github.com/pocketbase/pocketbase/core"

// The activity keeps no words that people typed. The reason of a reply that gave
// way to an answer in a letter therefore stands with the letter, for whoever
// takes the answer back.
func init() {
	more := func() map[string][]core.Field {
		return map[string][]core.Field{"deliveries": {
			text("replaced", 1000, "Alasan yang digantikan jawaban itu; kembali bila jawabannya diurungkan. / Reason that gave way to the answer; put back when the answer is taken back.", hidden),
		}}
	}
	core.AppMigrations.Register(func(app core.App) error {
		return widen(app, more())
	}, func(app core.App) error {
		return narrow(app, more())
	})
}
