package access_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestApplyWritesEveryRuleOnce(t *testing.T) {
	app := testkit.New(t).App
	saved := 0
	app.OnCollectionUpdate().BindFunc(func(e *core.CollectionEvent) error {
		saved++
		return e.Next()
	})
	check.NoError(t, access.Apply(app))
	check.Equal(t, "the second Apply saved", saved, 0)
}

func TestApplyRefusesACollectionWithoutRules(t *testing.T) {
	app := testkit.New(t).App
	forgotten := core.NewBaseCollection("forgotten")
	check.NoError(t, app.Save(forgotten))
	if err := access.Apply(app); err == nil {
		t.Fatal("a collection without rules went unnoticed")
	}
}

func TestApplyRestoresARuleThatWasOpened(t *testing.T) {
	app := testkit.New(t).App
	c := check.Must(app.FindCollectionByNameOrId("contributions"))
	everyone := ""
	c.ListRule = &everyone
	check.NoError(t, app.Save(c))
	check.NoError(t, access.Apply(app))
	c = check.Must(app.FindCollectionByNameOrId("contributions"))
	if c.ListRule == nil || *c.ListRule == "" {
		t.Error("the opened rule was left open")
	}
}

func TestEveryRuleAsksThatSomebodyIsSignedIn(t *testing.T) {
	app := testkit.New(t).App
	collections := check.Must(app.FindAllCollections())
	const asked = `@request.auth.id != "" && @request.auth.disabled = false`
	checked := 0
	for _, c := range collections {
		if c.System {
			continue
		}
		for verb, rule := range map[string]*string{"list": c.ListRule, "view": c.ViewRule, "create": c.CreateRule, "update": c.UpdateRule, "delete": c.DeleteRule} {
			if rule == nil {
				continue
			}
			checked++
			if len(*rule) < len(asked) || (*rule)[:len(asked)] != asked {
				t.Errorf("%s %s does not begin by asking who is signed in: %s", c.Name, verb, *rule)
			}
		}
	}
	if checked < 60 {
		t.Errorf("only %d rules seen", checked)
	}
}
