package demo

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// LoadHolidays enters the public holidays of the years known so far. They are no examples: every hub needs them. A
// year in which somebody has entered a day already is left alone, so that what an administrator corrects or deletes
// stays so.
func LoadHolidays(app core.App) error {
	var list struct{ Holidays []entry }
	if err := read("holidays.json", &list); err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		for year, days := range byYear(list.Holidays) {
			begun, err := tx.CountRecords("holidays", dbx.NewExp("[[on]] LIKE {:year}", dbx.Params{"year": year + "-%"}))
			if err != nil {
				return err
			}
			if begun > 0 {
				continue
			}
			if err := enter(tx, "holidays", days); err != nil {
				return err
			}
		}
		return nil
	})
}

func byYear(days []entry) map[string][]entry {
	years := map[string][]entry{}
	for _, day := range days {
		year := day.text("on")[:4]
		years[year] = append(years[year], day)
	}
	return years
}

// LoadDefaults enters, for every kind of reminder that has no rule for all programmes yet, the rules a hub begins with:
// a hub that has run for long gets the kinds that are new, and what an administrator changed or switched off stays so.
// An administrator switches a rule off instead of deleting the last one of its kind.
func LoadDefaults(app core.App) error {
	var list struct {
		Rules []entry `json:"reminder_rules"`
	}
	if err := read("rules.json", &list); err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		var begun []string
		err := tx.DB().Select("kind").Distinct(true).From("reminder_rules").Where(dbx.HashExp{"programme": ""}).Column(&begun)
		if err != nil {
			return err
		}
		fresh := slices.DeleteFunc(list.Rules, func(rule entry) bool { return slices.Contains(begun, rule.text("kind")) })
		return enter(tx, "reminder_rules", fresh)
	})
}

// enter saves plain records whose values need no reading.
func enter(tx core.App, name string, entries []entry) error {
	collection, err := tx.FindCachedCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		r := core.NewRecord(collection)
		r.Load(e)
		if err := tx.Save(r); err != nil {
			return err
		}
	}
	return nil
}
