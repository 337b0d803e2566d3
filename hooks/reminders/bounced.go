package reminders

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// bounced lists the addresses of a programme's people from which letters come
// back. An address put right is gone from it.
func bounced(app core.App, programme, zone string) (addresses []string, err error) {
	err = app.DB().NewQuery(`SELECT DISTINCT LOWER(s.email) FROM suppressions s WHERE s.reason = 'bounced' AND (
		EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user
			WHERE m.programme = {:programme} AND u.disabled = FALSE AND u.email = s.email COLLATE NOCASE) OR
		EXISTS (SELECT 1 FROM stakeholders k JOIN contacts c ON c.organisation = k.organisation
			WHERE k.programme = {:programme} AND (k.ended_on = '' OR k.ended_on > {:today}) AND c.user = ''
			AND (c.until_on = '' OR c.until_on >= {:today}) AND c.email = s.email COLLATE NOCASE)) ORDER BY 1`).
		Bind(dbx.Params{"programme": programme, "today": clock.Today(zone)}).Column(&addresses)
	if err != nil {
		return nil, fmt.Errorf("addresses that bounce: %w", err)
	}
	return addresses, nil
}
