package access_test

import (
	"regexp"
	"testing"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

var alias = regexp.MustCompile(`@collection\.(\w+:\w+)`)

// TestRulesJoinFewTables counts the tables beside its own that each rule looks
// into. PocketBase joins one for each alias, with no condition of its own: three
// of four hundred memberships are sixty-four million rows, and one page of a
// list once took half a minute.
func TestRulesJoinFewTables(t *testing.T) {
	app := testkit.New(t).App
	collections := check.Must(app.FindAllCollections())
	seen := 0
	for _, c := range collections {
		for verb, rule := range map[string]*string{"list": c.ListRule, "create": c.CreateRule, "update": c.UpdateRule, "delete": c.DeleteRule} {
			if rule == nil || c.System {
				continue
			}
			joined := map[string]bool{}
			for _, found := range alias.FindAllStringSubmatch(*rule, -1) {
				joined[found[1]] = true
				seen++
			}
			if len(joined) > 2 {
				t.Errorf("%s %s joins %v", c.Name, verb, joined)
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d joins seen", seen)
	}
}
