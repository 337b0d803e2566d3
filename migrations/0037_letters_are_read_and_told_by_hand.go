package migrations

import "github.com/pocketbase/pocketbase/core"

// A letter can be read on a page, and told by a person where no mail arrives.
// What was due before is taken as read, so that nobody begins with a heap.
func init() {
	marks := func() map[string][]core.Field {
		return map[string][]core.Field{"deliveries": {
			instant("read_at", "Kapan dibaca atau tidak perlu dibaca lagi. / When it was read, or need not be any more."),
			to("told_by", "users", "Siapa yang menyampaikannya sendiri. / Who told it in person."),
			oneOf("channel", []string{"whatsapp"}, "Lewat apa disampaikan sendiri; kosong berarti surel. / How a person told it; empty means by mail."),
		}}
	}
	core.AppMigrations.Register(func(app core.App) error {
		c, err := app.FindCollectionByNameOrId("deliveries")
		if err != nil {
			return err
		}
		fields := marks()["deliveries"]
		if err := resolve(app, c, fields); err != nil {
			return err
		}
		c.Fields.Add(fields...)
		sorted("told_by").addTo(c)
		c.AddIndex(unreadLetters, false, "`user`, `due_at`", "`read_at` = '' AND `user` != ''")
		c.AddIndex(unmailedLetters, false, "`programme`, `due_at`", "`email` = '' OR `reason` IN ('bounced', 'refused', 'bad_address')")
		if err := app.Save(c); err != nil {
			return err
		}
		_, err = app.DB().NewQuery(`UPDATE deliveries SET read_at = strftime('%Y-%m-%d %H:%M:%fZ') WHERE due_at <= strftime('%Y-%m-%d %H:%M:%fZ')`).Execute()
		return err
	}, func(app core.App) error {
		c, err := app.FindCollectionByNameOrId("deliveries")
		if err != nil {
			return err
		}
		c.RemoveIndex(unreadLetters)
		c.RemoveIndex(unmailedLetters)
		if err := app.Save(c); err != nil {
			return err
		}
		return narrow(app, marks())
	})
}

// The indexes of what a person has not read, and of what no mail brings: each
// holds the few rows that its pages ask for.
const (
	unreadLetters   = "idx_deliveries_unread"
	unmailedLetters = "idx_deliveries_unmailed"
)
