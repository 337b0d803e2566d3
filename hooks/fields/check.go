package fields

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// Check compares every description with the schema and the words. What is
// missing in one of them stops the start.
func Check(app core.App) error {
	for _, n := range Nouns {
		c, err := app.FindCachedCollectionByNameOrId(n.Name)
		if err != nil {
			return fmt.Errorf("fields: %s: %w", n.Name, err)
		}
		if err := n.check(c); err != nil {
			return err
		}
	}
	return nil
}

func (n Noun) check(c *core.Collection) error {
	described := map[string]bool{}
	for _, f := range n.Fields {
		if described[f.Name] {
			return fmt.Errorf("fields: %s.%s is described twice", n.Name, f.Name)
		}
		described[f.Name] = true
		stored := c.Fields.GetByName(f.Name)
		if stored == nil {
			return fmt.Errorf("fields: %s has no field %s", n.Name, f.Name)
		}
		if err := n.decided(f, stored); err != nil {
			return fmt.Errorf("fields: %s.%s %w", n.Name, f.Name, err)
		}
	}
	for _, stored := range c.Fields {
		if !kept(stored) && !described[stored.GetName()] {
			return fmt.Errorf("fields: %s.%s is not described", n.Name, stored.GetName())
		}
	}
	return nil
}

// kept reports whether a field is filled along with every change, so that no
// description is needed.
func kept(f core.Field) bool {
	return f.Type() == core.FieldTypeAutodate || f.GetName() == core.FieldNameId || strings.HasSuffix(f.GetName(), "_html")
}

// decided reports what a description leaves open.
func (n Noun) decided(f Field, stored core.Field) error {
	people := f.Write == Team || f.Write == Partner
	spoken := f.Use&(New|Change|Shown|Filter|Search) != 0
	switch {
	case f.Write == undecided:
		return fmt.Errorf("says nobody who may write it")
	case f.Log == unlogged:
		return fmt.Errorf("does not say whether the activity keeps its values")
	case people && f.Use&(New|Change|Unasked) == 0:
		return fmt.Errorf("is asked by no form and is not Unasked")
	case spoken && !lang.Has(n.Name+"."+f.Name):
		return fmt.Errorf("has no words")
	}
	choice, coded := stored.(*core.SelectField)
	if !spoken || !coded || slices.Contains(labelled, f.Name) {
		return nil
	}
	for _, code := range choice.Values {
		if !lang.Has(n.Name + "." + f.Name + "." + code) {
			return fmt.Errorf("has no words for %s", code)
		}
	}
	return nil
}

// labelled are codes that bear the same words wherever they stand, which the
// forms bring along.
var labelled = []string{"helix", "language", "time_zone"}
