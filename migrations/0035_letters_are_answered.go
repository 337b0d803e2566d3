package migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
)

// What readers answer by the links in a letter stands with the letter; that an
// organisation had nothing to give in a month is a row of its own.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return errors.Join(widen(app, answers()), create(app, "nil_reports", []core.Field{
			inProgramme(),
			to("organisation", "organisations", "Mitra yang tidak punya kontribusi bulan itu. / Partner with nothing to report that month.", required, presentable),
			text("month", 7, "Bulan (TTTT-BB). / Month (YYYY-MM).", required, presentable, matching(`^\d{4}-(0[1-9]|1[0-2])$`)),
			to("said_by", "users", "Siapa yang menyatakan; diisi otomatis. / Who said so; kept by the hub."),
		}, []index{
			unique("programme", "organisation", "month"),
			sorted("organisation"),
			sorted("said_by"),
		}))
	}, func(app core.App) error {
		return errors.Join(remove("nil_reports")(app), narrow(app, answers()))
	})
}

func answers() map[string][]core.Field {
	return map[string][]core.Field{"deliveries": {
		oneOf("answer", []string{"done", "later", "not_mine", "nothing"}, "Jawaban penerima lewat tautan di surat. / What the reader answered by a link in the letter."),
		instant("answered_at", "Kapan dijawab. / When it was answered."),
	}}
}
