package hooks

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/reminders"
)

// simulation is what the command line asks for.
type simulation struct {
	days, programme, language string
	csv                       bool
}

// simulateCommand says what will become of the letters of the coming days, also
// while the hub is running elsewhere. It changes nothing in the data folder.
func simulateCommand(app *pocketbase.PocketBase) *cobra.Command {
	s := &simulation{}
	cmd := &cobra.Command{
		Use:          "simulate",
		Short:        "Says which letters will leave in the coming days, to whom, and which will not and why; sends nothing",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.run(cmd, app)
		},
	}
	cmd.Flags().StringVar(&s.days, "days", strconv.Itoa(reminders.UsualDays), fmt.Sprintf("`number` of days to look ahead, 1 to %d", reminders.MostDays))
	cmd.Flags().StringVar(&s.programme, "programme", "", "only the letters of the programme at this address, such as kopi-rehat")
	cmd.Flags().StringVar(&s.language, "language", lang.Languages[0], "id / en")
	cmd.Flags().BoolVar(&s.csv, "csv", false, "as a table for a spreadsheet")
	return cmd
}

func (s *simulation) run(cmd *cobra.Command, app core.App) error {
	days, err := strconv.Atoi(s.days)
	if err != nil || days < 1 || days > reminders.MostDays {
		return errors.New(lang.T(s.language, "reminders.simulated.days", "n", s.days, "most", reminders.MostDays))
	}
	zone, of := clock.Western, ""
	if s.programme != "" {
		p, err := app.FindFirstRecordByData("programmes", "slug", s.programme)
		if err != nil {
			return errors.New(lang.T(s.language, "reminders.simulated.no_programme", "slug", s.programme))
		}
		zone, of = p.GetString("time_zone"), p.Id
	}
	sim, err := reminders.Simulate(cmd.Context(), app, clock.Now(), days)
	if err != nil {
		return err
	}
	teller := &reminders.Teller{App: app, Language: s.language, Zone: zone}
	letters, kept := []reminders.Told{}, []reminders.Simulated{}
	for _, l := range sim.Letters {
		if of != "" && l.Programme != of {
			continue
		}
		said, err := teller.Tell(l)
		if err != nil {
			return err
		}
		letters, kept = append(letters, said), append(kept, l)
	}
	if s.csv {
		return table(cmd.OutOrStdout(), letters)
	}
	err = errors.Join(s.head(cmd.OutOrStdout(), sim, zone), s.list(cmd.OutOrStdout(), letters))
	fmt.Fprintf(cmd.OutOrStdout(), "\n%s\n", reminders.Totals(s.language, kept))
	return err
}

// head says what is simulated and what is taken for granted.
func (s *simulation) head(out io.Writer, sim *reminders.Simulation, zone string) error {
	_, err := fmt.Fprintf(out, "%s\n\n%s:\n- %s\n", lang.T(s.language, "reminders.simulated.head",
		"from", lang.Moment(s.language, sim.From, zone), "until", lang.Moment(s.language, sim.Until, zone)),
		lang.T(s.language, "reminders.assumed"), strings.Join(sim.Assumptions(s.language), "\n- "))
	return err
}

// list says one letter a line under the day on which something becomes of it.
func (s *simulation) list(out io.Writer, letters []reminders.Told) error {
	text, day := &strings.Builder{}, ""
	for _, l := range letters {
		if l.Day != day {
			day = l.Day
			fmt.Fprintf(text, "\n%s\n", lang.DayLong(s.language, day))
		}
		parts := slices.DeleteFunc([]string{l.Kind, l.Title, l.To, l.Fate, l.Reason}, func(part string) bool { return part == "" })
		fmt.Fprintf(text, "  %s  %s\n", l.Hour, strings.Join(parts, " | "))
	}
	if len(letters) == 0 {
		fmt.Fprintf(text, "\n%s.\n", lang.T(s.language, "reminders.simulation_empty"))
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// table writes the letters for a spreadsheet.
func table(out io.Writer, letters []reminders.Told) error {
	w := csv.NewWriter(out)
	rows := [][]string{{"at", "due", "fate", "reason", "kind", "to", "email", "about", "url", "programme", "rule", "code"}}
	for _, l := range letters {
		rows = append(rows, []string{l.At.Format(time.RFC3339), l.Due.Format(time.RFC3339), l.Fate, l.Reason, l.Kind,
			plainCell(l.To), plainCell(l.Email), plainCell(l.Title), l.URL, l.Programme, l.Rule, l.Outcome})
	}
	return w.WriteAll(rows)
}

// plainCell keeps what people typed from being taken for a formula.
func plainCell(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
		return "'" + text
	}
	return text
}
