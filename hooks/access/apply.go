package access

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/fields"
)

// Apply writes the page of rules into the database where the two differ. It
// fails when a collection has no rule, or a rule no collection, or when a
// described noun and its schema differ, so that nothing can be forgotten.
func Apply(app core.App) error {
	if err := fields.Check(app); err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		if err := complete(tx); err != nil {
			return err
		}
		for _, r := range rules {
			if err := apply(tx, r); err != nil {
				return fmt.Errorf("rules of %s: %w", r.collection, err)
			}
		}
		return nil
	})
}

// complete checks that every collection of ours has its row on the page.
func complete(app core.App) error {
	known := map[string]bool{}
	for _, r := range rules {
		known[r.collection] = true
	}
	collections, err := app.FindAllCollections()
	if err != nil {
		return err
	}
	for _, c := range collections {
		if !c.System && !known[c.Name] {
			return fmt.Errorf("no rules for collection %s", c.Name)
		}
	}
	return nil
}

func apply(app core.App, r rule) error {
	c, err := app.FindCollectionByNameOrId(r.collection)
	if err != nil {
		return err
	}
	differs := set(&c.ListRule, r.read)
	differs = set(&c.ViewRule, r.read) || differs
	if !c.IsView() {
		differs = set(&c.CreateRule, r.create) || differs
		differs = set(&c.UpdateRule, r.update) || differs
		differs = set(&c.DeleteRule, r.remove) || differs
	}
	if !differs {
		return nil
	}
	return app.Save(c)
}

// set writes one rule and reports whether it was another before.
func set(slot **string, rule string) bool {
	was := *slot
	*slot = &rule
	if rule == nobody {
		*slot = nil
	}
	return (was == nil) != (*slot == nil) || was != nil && *was != rule
}
