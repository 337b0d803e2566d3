package home

import (
	"strconv"

	"simpul/hooks/access"
	"simpul/hooks/contributions"
	"simpul/hooks/lang"
	"simpul/hooks/notify/offline"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
	"simpul/hooks/tasks"
)

// fillAttention counts what a team has to look after. Each number opens exactly
// the list it counts.
func (data *workPage) fillAttention(d *access.Door, led []string) (err error) {
	needs, err := tasks.Attention(d)
	if err != nil {
		return err
	}
	say := func(key string) string { return lang.T(data.Language, key) }
	data.Attention = []Figure{
		{say("home.late"), strconv.Itoa(needs.Late), say("home.late_note"), needs.LateURL()},
		{say("home.unanswered"), strconv.Itoa(needs.Unanswered), say("home.unanswered_note"), needs.UnansweredURL()},
		{say("home.trouble"), strconv.Itoa(needs.Trouble), say("home.trouble_note"), needs.TroubleURL()},
	}
	if data.Waiting, err = contributions.Waiting(d, led); err != nil {
		return err
	}
	if data.ToTell, err = offline.ToTell(d, led); err != nil {
		return err
	}
	for _, id := range led {
		if err := data.addGap(d, id); err != nil {
			return err
		}
	}
	return nil
}

func (data *workPage) addGap(d *access.Door, id string) error {
	p, err := programmes.ByID(d, id)
	if err != nil {
		return err
	}
	strip, err := roster.Coverage(d, p, data.Language)
	if err != nil {
		return err
	}
	if gap := firstGap(strip, data.Language); gap != nil {
		data.Gaps = append(data.Gaps, programmeGap{p.Name(), p.URL(), *gap})
	}
	return nil
}
