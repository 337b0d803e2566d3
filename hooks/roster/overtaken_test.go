package roster_test

import (
	"testing"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// TestNobodyOverwritesWhatSomebodyElseJustChanged has two people of the team open
// each form that changes a record. The second to save is told what the first one
// stored, and decides.
func TestNobodyOverwritesWhatSomebodyElseJustChanged(t *testing.T) {
	w := testkit.New(t)
	contact, place := w.Only("contacts", "user", w.Partner.Id), place(w, w.Kopi, w.Campus)
	cases := map[string]struct {
		path, collection, id string
		rest                 []string
		first, second        string // the fields that each of the two changes
		kept, label          string // what the first one typed, and where
	}{
		"organisation": {"/organisations/" + w.Puskesmas.Id + "/edit", "organisations", w.Puskesmas.Id,
			[]string{"name", "Puskesmas Tambakaji", "helix", "government", "regency", "Kota Semarang"}, "short_name", "email", "PKM", "Nama singkat"},
		"contact": {"/contacts/" + contact.Id + "/edit", "contacts", contact.Id,
			[]string{"position", "Kepala Puskesmas"}, "name", "email", "dr. Sari", "Nama orang"},
		"stakeholder": {"/stakeholders/" + place.Id + "/edit", "stakeholders", place.Id,
			nil, "role", "position", "Riset", "Peran"},
	}
	for name, c := range cases {
		early, late := w.As(w.Initiator), w.As(w.Coordinator)
		opened := late.Get(c.path).Want(200).Seen()
		early.Change(c.path, append(c.rest, c.first, c.kept)...).Want(303)
		typed := append([]string{c.second, "lain@example.org"}, c.rest...)
		refused := late.Post(c.path, append(typed, "seen", opened)...).Want(422)
		check.Contains(t, name+": the page", refused.Text(".problems"), "Orang lain baru saja mengubahnya")
		check.Equal(t, name+": the field", refused.Text("#"+c.first+"-error"), "Perlu diperbaiki: “"+c.label+"” kini tersimpan sebagai: "+c.kept)
		check.Equal(t, name+": what was typed", refused.Doc().Find("#"+c.second).AttrOr("value", ""), "lain@example.org")
		stored := func(field string) string { return w.Only(c.collection, "id", c.id).GetString(field) }
		if stored(c.first) != c.kept || stored(c.second) == "lain@example.org" {
			t.Errorf("%s: the older form was kept", name)
		}
		again := append(typed, c.first, c.kept, "seen", refused.Seen())
		late.Post(c.path, again...).Want(303)
		if stored(c.first) != c.kept || stored(c.second) != "lain@example.org" {
			t.Errorf("%s: %q and %q are stored after the second look", name, stored(c.first), stored(c.second))
		}
	}
}

func TestAFormThatDoesNotSayWhatItSawChangesNothing(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Initiator).Post("/organisations/"+w.Puskesmas.Id+"/edit", "name", "Nama lain", "helix", "government").Want(422)
	check.Equal(t, "the name", w.Fresh(w.Puskesmas).GetString("name"), "Puskesmas Tambakaji")
}
