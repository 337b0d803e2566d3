package journeys_test

import (
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watch notes what no page may do: complain in the console, break the content
// policy, throw, or ask another origin for anything.
type watch struct {
	home string
	mu   sync.Mutex
	bad  []string
	// bytes counts what came over the wire since the last time it was asked.
	bytes float64
}

// note runs in the loop that reads the browser's messages.
func (w *watch) note(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		if u := event.Request.URL; !strings.HasPrefix(u, w.home) && !strings.HasPrefix(u, "data:") {
			w.bad = append(w.bad, "asks another origin: "+u)
		}
	case *network.EventLoadingFinished:
		w.bytes += event.EncodedDataLength
	case *log.EventEntryAdded:
		w.logged(event.Entry)
	case *runtime.EventExceptionThrown:
		w.bad = append(w.bad, "throws: "+event.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if event.Type == runtime.ConsoleAPICalledTypeError || event.Type == runtime.ConsoleAPICalledTypeWarning {
			w.bad = append(w.bad, fmt.Sprintf("writes to the console: %s", event.Args[0].Value))
		}
	}
}

// logged keeps errors and warnings of the browser. That a page was refused is
// no fault of the page: the test itself asks for the status.
func (w *watch) logged(entry *log.Entry) {
	refused := entry.Source == log.EntrySourceNetwork && strings.HasPrefix(entry.Text, "Failed to load resource: the server responded")
	serious := entry.Level == log.EntryLevelError || entry.Level == log.EntryLevelWarning
	if serious && !(refused && !strings.Contains(entry.URL, "/assets/")) {
		w.bad = append(w.bad, fmt.Sprintf("%s: %s (%s)", entry.Source, entry.Text, entry.URL))
	}
}

// troubles returns what was noted and forgets it.
func (w *watch) troubles() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	bad := w.bad
	w.bad = nil
	return bad
}
