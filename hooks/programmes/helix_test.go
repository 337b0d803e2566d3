package programmes_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestEveryKindOfOrganisationBelongsToOneHelix(t *testing.T) {
	w := testkit.New(t)
	c := check.Must(w.App.FindCollectionByNameOrId("organisations"))
	stored := c.Fields.GetByName("subtype").(*core.SelectField).Values
	known := []string{}
	for _, helix := range programmes.Helices {
		known = append(known, programmes.Subtypes[helix]...)
	}
	check.Same(t, "the schema", stored, known)
	check.Same(t, "helices", c.Fields.GetByName("helix").(*core.SelectField).Values, programmes.Helices)
	for _, kind := range stored {
		if programmes.HelixOf(kind) == "" {
			t.Errorf("%s belongs to no helix", kind)
		}
	}
	check.Equal(t, "an unknown kind has a helix", programmes.HelixOf("bank"), "")
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
