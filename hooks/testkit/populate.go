package testkit

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// populate fills the world. Memberships of partners are not made here: the hub
// keeps them from contacts and stakeholders.
func populate(app core.App) error {
	b := &builder{app: app}
	agency := b.organisation("Dinas Sosial Kota Semarang", "government", "city_regency_agency", "Jawa Tengah", "Kota Semarang")
	puskesmas := b.organisation("Puskesmas Tambakaji", "government", "puskesmas", "Jawa Tengah", "Kota Semarang")
	campus := b.organisation("UIN Walisongo", "university", "public_religious_university", "Jawa Tengah", "Kota Semarang")
	shop := b.organisation("Warung Kopi Banaran", "business", "msme", "Jawa Tengah", "Kota Semarang")
	forum := b.organisation("Forum PSM Semarang", "community", "psm_forum", "Jawa Tengah", "Kota Semarang")
	bali := b.organisation("K3S Tabanan", "community", "k3s", "Bali", "Tabanan")

	kopi := b.programme("kopi", "KOPI REHAT", agency, "Jawa Tengah", "Kota Semarang", "Asia/Jakarta")
	rantang := b.programme("rantang", "Rantang Tresna", bali, "Bali", "Tabanan", "Asia/Makassar")
	papua := b.programme("papua", "Noken Peduli", bali, "Papua", "Kota Jayapura", "Asia/Jayapura")

	initiator := b.user("initiator", "Kepala Panti", "Asia/Jakarta", "may_create_programmes", true)
	coordinator := b.user("coordinator", "Sub Koordinator", "Asia/Jakarta")
	observer := b.user("observer", "Kepala Dinas", "Asia/Jakarta")
	partner := b.user("partner", "Narahubung Puskesmas", "Asia/Jakarta")
	other := b.user("other-partner", "Ketua Forum PSM", "Asia/Jakarta")
	baliInitiator := b.user("bali-initiator", "Kepala Bidang", "Asia/Makassar", "may_create_programmes", true)
	baliPartner := b.user("bali-partner", "Ketua K3S", "Asia/Makassar")
	b.user("outsider", "Orang luar", "Asia/Jakarta")
	disabled := b.user("disabled", "Mantan anggota", "Asia/Jakarta", "disabled", true)
	b.administrator()

	for role, user := range map[string]string{"initiator": initiator, "coordinator": coordinator, "observer": observer, "member": disabled} {
		b.make("memberships", "programme", kopi, "user", user, "role", role)
	}
	b.make("memberships", "programme", rantang, "user", baliInitiator, "role", "initiator")
	b.make("memberships", "programme", papua, "user", baliInitiator, "role", "initiator")
	for _, organisation := range []string{agency, puskesmas, campus, shop, forum} {
		b.make("stakeholders", "programme", kopi, "organisation", organisation, "joined_on", "2026-01-05")
	}
	b.make("stakeholders", "programme", rantang, "organisation", bali, "joined_on", "2026-01-05")
	b.contact(puskesmas, "Kepala Puskesmas", partner, "partner")
	b.contact(forum, "Ketua Forum", other, "other-partner")
	b.contact(bali, "Ketua", baliPartner, "bali-partner")
	b.forgetMessages()
	return b.err
}

// builder makes records until the first error and remembers it.
type builder struct {
	app core.App
	err error
}

func (b *builder) make(collection string, fields ...any) string {
	if b.err != nil {
		return ""
	}
	r, err := save(b.app, collection, fields...)
	if err != nil {
		b.err = err
		return ""
	}
	return r.Id
}

// forgetMessages leaves a world in which nobody waits for a message: a test counts
// those that it calls for.
func (b *builder) forgetMessages() {
	if b.err == nil {
		_, b.err = b.app.DB().NewQuery("DELETE FROM deliveries").Execute()
	}
}

func (b *builder) organisation(name, helix, subtype, province, regency string) string {
	return b.make("organisations", "name", name, "helix", helix, "subtype", subtype, "province", province, "regency", regency)
}

func (b *builder) programme(slug, name, owner, province, regency, zone string) string {
	return b.make("programmes", "slug", slug, "name", name, "owner", owner, "province", province, "regency", regency,
		"time_zone", zone, "kind", "change_action", "status", "active", "starts_on", "2026-01-01", "ends_on", "2026-12-31")
}

func (b *builder) user(name, position, zone string, more ...any) string {
	fields := []any{"email", name + "@example.org", "password", Password, "verified", true, "name", position,
		"position", position, "language", "id", "time_zone", zone, "mail_frequency", "immediate", "send_at", "08:00"}
	return b.make("users", append(fields, more...)...)
}

func (b *builder) administrator() {
	b.make(core.CollectionNameSuperusers, "email", "admin@example.org", "password", Password)
}

func (b *builder) contact(organisation, position, user, mailbox string) {
	b.make("contacts", "organisation", organisation, "position", position, "user", user,
		"email", mailbox+"@example.org", "focal_point", true, "from_on", "2026-01-05")
}

func save(app core.App, collection string, fields ...any) (*core.Record, error) {
	c, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	r := core.NewRecord(c)
	for i := 0; i+1 < len(fields); i += 2 {
		name, ok := fields[i].(string)
		if !ok {
			return nil, fmt.Errorf("%v is not a field name", fields[i])
		}
		r.Set(name, fields[i+1])
	}
	if err := app.Save(r); err != nil {
		return nil, fmt.Errorf("make %s: %w", collection, err)
	}
	return r, nil
}

func hash(column string, value any) dbx.Expression { return dbx.HashExp{column: value} }
