package contributions

import (
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// numbered is the form of every number. A year has room for 999,999 of them.
var numbered = regexp.MustCompile(`^SL-\d{4}-\d{6}$`)

// nextNumber returns the number after the last one of a year. It must run in
// the transaction that stores it: writers stand in line for that, so no two
// take the same.
func nextNumber(app core.App, year string) (string, error) {
	prefix := "SL-" + year + "-"
	var last string
	err := app.DB().Select("number").From("contributions").
		// The dot is the sign after the hyphen, and so ends the year's numbers.
		Where(dbx.NewExp("number != '' AND number >= {:first} AND number < {:after}",
			dbx.Params{"first": prefix, "after": "SL-" + year + "."})).
		OrderBy("number DESC").Limit(1).Row(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("number of a contribution: %w", err)
	}
	n := 0
	if last != "" {
		if n, err = strconv.Atoi(strings.TrimPrefix(last, prefix)); err != nil {
			return "", fmt.Errorf("number of a contribution: %w", err)
		}
	}
	return fmt.Sprintf("%s%06d", prefix, n+1), nil
}

// unbroken writes a number so that a narrow line does not break it.
func unbroken(number string) string { return strings.ReplaceAll(number, "-", "\u2011") }
