package contributions

import (
	"fmt"
	"strings"

	"simpul/hooks/access"
)

// letterhead is what the hub prints under the name of the programme's owner.
// Everybody who prints reads it, so no rule is asked.
func letterhead(d *access.Scope) ([]string, error) {
	var typed string
	err := d.App().ConcurrentDB().NewQuery("SELECT COALESCE(MAX(letterhead_lines), '') FROM hub_settings").Row(&typed)
	if err != nil {
		return nil, fmt.Errorf("contributions: letterhead: %w", err)
	}
	lines := []string{}
	for line := range strings.Lines(typed) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines, nil
}
