package migrations

import "github.com/pocketbase/pocketbase/core"

// What links in letters and the sender's domain need to be trusted.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return addFields(app, "hub_settings", signingFields())
	}, func(app core.App) error {
		return removeFields(app, "hub_settings", signingFields())
	})
}

func signingFields() []core.Field {
	return []core.Field{
		text("link_secret", 100, "Dibuat otomatis; menjaga tautan dalam surat. / Made by the hub; keeps links in letters safe.", hidden),
		text("dkim_domain", nameMax, "Domain yang menandatangani surat, misalnya example.org. / Domain that signs letters, such as example.org.", hidden),
		text("dkim_selector", 63, "Selektor DKIM, misalnya simpul. / DKIM selector, such as simpul.", hidden),
		text("dkim_key", 8000, "Kunci pribadi DKIM (PEM) dari perintah: simpul dkim. / Private DKIM key (PEM) from the command: simpul dkim.", hidden),
	}
}

// addFields puts fields at the end of a collection, before its two autodates.
func addFields(app core.App, name string, fields []core.Field) error {
	c, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	const autodates = 2
	c.Fields.AddAt(len(c.Fields)-autodates, fields...)
	return app.Save(c)
}

func removeFields(app core.App, name string, fields []core.Field) error {
	c, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	for _, field := range fields {
		c.Fields.RemoveByName(field.GetName())
	}
	return app.Save(c)
}
