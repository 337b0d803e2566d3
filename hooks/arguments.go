package hooks

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

// oneWord takes exactly one argument, only one of the choices if there are any,
// and says in both languages what is expected. Cobra's own sentences count
// arguments without naming them, in English.
func oneWord(indonesian, english string, choices ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 && args[0] != "" && (len(choices) == 0 || slices.Contains(choices, args[0])) {
			return nil
		}
		return fmt.Errorf("%s perlu tepat satu kata: %s (misalnya: %s) / needs exactly one word: %s (for example: %s)",
			cmd.Name(), indonesian, cmd.Example, english, cmd.Example)
	}
}
