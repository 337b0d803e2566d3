package programmes_test

import (
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"
)

func TestEveryKindOfOrganisationBelongsToOneHelix(t *testing.T) {
	w := testkit.New(t)
	c, err := w.App.FindCollectionByNameOrId("organisations")
	if err != nil {
		t.Fatal(err)
	}
	stored := c.Fields.GetByName("subtype").(*core.SelectField).Values
	known := []string{}
	for _, helix := range programmes.Helices {
		known = append(known, programmes.Subtypes[helix]...)
	}
	if !slices.Equal(stored, known) {
		t.Errorf("the schema knows %v,\nthe page %v", stored, known)
	}
	if parties := c.Fields.GetByName("helix").(*core.SelectField).Values; !slices.Equal(parties, programmes.Helices) {
		t.Errorf("helices %v", parties)
	}
	for _, kind := range stored {
		if programmes.HelixOf(kind) == "" {
			t.Errorf("%s belongs to no helix", kind)
		}
	}
	if programmes.HelixOf("bank") != "" {
		t.Error("an unknown kind has a helix")
	}
}

func TestKindsAreOfferedUnderTheirHelixInBothLanguages(t *testing.T) {
	for _, language := range lang.Languages {
		groups := []string{}
		for _, o := range programmes.SubtypeOptions(language) {
			if len(groups) == 0 || groups[len(groups)-1] != o.Group {
				groups = append(groups, o.Group)
			}
			if o.Label == "" || o.Label[0] == 0xE2 {
				t.Errorf("%s has no word for %s", language, o.Value)
			}
		}
		if len(groups) != len(programmes.Helices) || groups[0] != programmes.HelixLabel(language, "government") {
			t.Errorf("groups %v", groups)
		}
	}
}
