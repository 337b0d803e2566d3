package cmd

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestACommandSaysInBothLanguagesWhichWordItNeeds(t *testing.T) {
	for _, c := range []struct {
		cmd   *cobra.Command
		tries [][]string
		wants []string
	}{
		{renewCommand(nil), [][]string{{}, {""}, {"LINKS"}, {"everything"}, {"links", "push"}}, []string{"links atau push", "links or push", "simpul renew links"}},
		{testmailCommand(nil), [][]string{{}, {""}, {"a@example.org", "b@example.org"}}, []string{"alamat email penerima", "recipient's email address", "simpul testmail nama@example.org"}},
		{dkimCommand(nil), [][]string{{}, {""}, {"example.org", "s1"}}, []string{"nama domain", "sending domain", "simpul dkim example.org"}},
	} {
		for _, args := range c.tries {
			// The app is not there: whatever is refused later than this would fail otherwise.
			said, err := execute(t, c.cmd, append([]string{}, args...)...)
			if err == nil {
				t.Fatalf("%s takes %q: %s", c.cmd.Name(), args, said)
			}
			for _, want := range append(c.wants, " perlu tepat satu kata: ", " / needs exactly one word: ") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%s %q says %q, without %q", c.cmd.Name(), args, err, want)
				}
			}
			if strings.Contains(said, "Usage:") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s %q says more than a sentence: %s%v", c.cmd.Name(), args, said, err)
			}
		}
	}
}
