package home

import (
	"slices"

	"simpul/hooks/access"
	"simpul/hooks/contributions"
	"simpul/hooks/meetings"
	"simpul/hooks/notify/offline"
	"simpul/hooks/tasks"
	"simpul/hooks/web"
)

// How much the home page shows of what waits.
const (
	mineShown     = 5
	meetingsShown = 2
)

type workPage struct {
	web.Base
	// Partner and Team say which of the two pages to show; a person can be both.
	Partner, Team bool
	Nobody        bool
	Attention     []Figure
	Waiting       []contributions.Queue
	Gaps          []programmeGap
	// ToTell are the programmes with people whom no mail reaches.
	ToTell []offline.Queue
	// Tasks are the reader's own, Followed those of others to look after.
	Tasks, Followed []tasks.Row
	Meetings        []meetings.Card
}

// programmeGap is a programme with a party missing.
type programmeGap struct {
	Programme, URL string
	Gap
}

func (data *workPage) fill(d *access.Door) error {
	members, err := d.Programmes()
	if err != nil {
		return err
	}
	data.Nobody = len(members) == 0
	led := []string{}
	for _, m := range members {
		roles := d.Roles(m.Programme)
		data.Partner = data.Partner || roles.Partner
		if roles.Team && !slices.Contains(led, m.Programme) { // a person can be there twice, as a partner too
			led = append(led, m.Programme)
		}
	}
	data.Team = len(led) > 0
	mine, err := tasks.Mine(d, mineShown)
	if err != nil {
		return err
	}
	data.Tasks = tasks.RowsAcross(d, data.Language, mine)
	followed, err := tasks.Followed(d, mineShown)
	if err != nil {
		return err
	}
	data.Followed = tasks.RowsAcross(d, data.Language, followed)
	next, err := meetings.NextAcross(d, meetingsShown)
	if err != nil {
		return err
	}
	data.Meetings = meetings.RowsAcross(data.Language, next)
	if !data.Team {
		return nil
	}
	return data.fillAttention(d, led)
}
