package hooks

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/text"
)

// written lists the markdown fields; each has a hidden twin `…_html` that is
// rendered once when it is saved, so that no reader waits for it.
var written = map[string][]string{
	"programmes": {"summary"},
	"tasks":      {"details"},
	"comments":   {"body"},
	"meetings":   {"agenda"},
	"minutes":    {"body"},
}

// renderMarkdown fills the twins of the fields that changed.
func renderMarkdown(e *core.RecordEvent) error {
	for _, field := range written[e.Record.Collection().Name] {
		source := e.Record.GetString(field)
		if !e.Record.IsNew() && source == e.Record.Original().GetString(field) {
			continue
		}
		html, err := text.HTML(source)
		if err != nil {
			return fmt.Errorf("render %s: %w", field, err)
		}
		e.Record.Set(field+"_html", html)
	}
	return e.Next()
}
