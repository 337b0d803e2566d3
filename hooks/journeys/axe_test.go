package journeys_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"simpul/hooks/testkit"
)

// axe is the source of axe-core, as package-lock.json names it.
var axe = sync.OnceValues(func() (string, error) {
	raw, err := os.ReadFile(filepath.Join(testkit.Root(), "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("these tests need axe-core: run `make tools` (%w)", err)
	}
	return string(raw), nil
})

// inspect asks axe-core what a page breaks of the rules it is given.
const inspect = `async () => {
	const { violations } = await axe.run(document, { runOnly: %s, resultTypes: ['violations'] })
	return violations.map(({ id, help, nodes }) => id + ': ' + help + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | '))
}`

// What axe-core may be asked: every rule of WCAG 2.0 to 2.2, A and AA, and of best
// practice; or only that of colours, for a page seen before in another light.
const (
	everything = `{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }`
	colours    = `{ type: 'rule', values: ['color-contrast'] }`
)

// barriers returns what keeps people from using the page as it stands.
func (v *visitor) barriers(rules string) []string {
	v.Helper()
	source, err := axe()
	v.must(err)
	eval[any](v, "() => { if (!window.axe) {"+source+"}; return null }")
	return eval[[]string](v, fmt.Sprintf(inspect, rules))
}
