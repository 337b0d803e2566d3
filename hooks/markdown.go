package hooks

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/text"
)

// markdownFields lists the markdown fields; each has a hidden twin `…_html` that is
// rendered once when it is saved, so that no reader waits for it.
var markdownFields = map[string][]string{
	"programmes": {"summary"},
	"tasks":      {"details"},
	"comments":   {"body"},
	"meetings":   {"agenda"},
	"minutes":    {"body"},
}

// renderMarkdown fills the twins of the fields that changed.
func renderMarkdown(e *core.RecordEvent) error {
	for _, field := range markdownFields[e.Record.Collection().Name] {
		source, was := e.Record.GetString(field), e.Record.Original()
		twin := field + "_html"
		// A twin that was typed into the admin UI is rendered anew as well.
		kept := source == was.GetString(field) && e.Record.GetString(twin) == was.GetString(twin)
		if !e.Record.IsNew() && kept {
			continue
		}
		html, err := text.HTML(source)
		if err != nil {
			return fmt.Errorf("render %s: %w", field, err)
		}
		e.Record.Set(twin, html)
	}
	return e.Next()
}
