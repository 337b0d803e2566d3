package outbox

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
)

func TestRemoveFromDigest_Members_ArePlannedWhileUseful(t *testing.T) {
	reopens := monday.Add(24 * time.Hour)
	for name, c := range map[string]struct {
		useful time.Time
		state  string
	}{
		"useful after it":      {reopens.Add(time.Second), StatePlanned},
		"useless from then on": {reopens, StateSkipped},
		"useless before":       {reopens.Add(-time.Hour), StateSkipped},
		"useful without end":   {time.Time{}, StatePlanned},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.queue(letter(1), letter(2))
			check(t, w.set(letter(2).identity(), dbx.Params{"state": StateDigested, "digest_id": w.row(letter(1)).ID, "useful_until_at": Stamp(c.useful)}))
			check(t, NewTx(w, monday).RemoveFromDigest(w.row(letter(1)).ID, reopens, ReasonHoliday))
			row := w.row(letter(2))
			if row.State != c.state || row.DigestID != "" || row.Reason != ReasonHoliday {
				t.Errorf("the letter is %s (%s), told by %q", row.State, row.Reason, row.DigestID)
			}
			if waits := row.NextAttemptAt.Time().Equal(reopens); waits != (c.state == StatePlanned) {
				t.Errorf("it is looked at again at %v", row.NextAttemptAt)
			}
		})
	}
}
