package access_test

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// snapshot is a copy of every table, to which a world can be put back after a
// change and all that followed from it.
type snapshot struct {
	w      *testkit.World
	tables []string
}

const copied = "copy_of_"

func takeSnapshot(w *testkit.World) *snapshot {
	w.Helper()
	s := &snapshot{w: w}
	err := w.App.DB().NewQuery(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).Column(&s.tables)
	if err != nil {
		w.Fatal(err)
	}
	for _, table := range s.tables {
		s.run(w.App, fmt.Sprintf("CREATE TABLE `%s%s` AS SELECT * FROM `%s`", copied, table, table))
	}
	return s
}

// restore puts every table back as it was.
func (s *snapshot) restore() {
	s.w.Helper()
	err := s.w.App.RunInTransaction(func(tx core.App) error {
		for _, table := range s.tables {
			if strings.HasPrefix(table, "_") && table != "_otps" {
				continue // PocketBase's own tables are left alone by what is tested here
			}
			s.run(tx, fmt.Sprintf("DELETE FROM `%s`", table))
			s.run(tx, fmt.Sprintf("INSERT INTO `%s` SELECT * FROM `%s%s`", table, copied, table))
		}
		return nil
	})
	if err != nil {
		s.w.Fatal(err)
	}
}

func (s *snapshot) run(app core.App, sql string) {
	s.w.Helper()
	if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
		s.w.Fatal(err)
	}
}
