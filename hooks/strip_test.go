package hooks_test

import (
	"strings"
	"testing"

	"simpul/hooks/testkit"
	"simpul/hooks/web"

	"simpul/hooks/testkit/check"
)

func TestTheStripOfTheDemonstrationWarnsOnceMessagesLeave(t *testing.T) {
	const warning = "Perhatian: server email aktif"
	w := testkit.New(t)
	for _, c := range []struct{ demo, sends, strip, warns bool }{
		{false, true, false, false}, {true, false, true, false}, {true, true, true, true},
	} {
		if c.demo {
			web.Demonstrate(w.App)
		}
		w.App.Settings().SMTP.Enabled = c.sends
		text := w.As(nil).Get("/sign-in").Text(".site-head")
		check.That(t, strings.Contains(text, "Ini demo") == c.strip && strings.Contains(text, warning) == c.warns, "%+v: it says %q", c, text)
	}
}
