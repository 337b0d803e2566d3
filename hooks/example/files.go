// Package example loads the example programmes into a hub, so that the first look at it shows real work, and takes
// them out again without touching anything else.
//
// What is past is known from public articles about the programmes; the present-day work in work.json is made up. The
// files hold positions instead of persons, role mailboxes under example.org, and beneficiaries as counts only.
//
// How the files are written: each holds lists by collection, and each record has a key and the collection's own
// fields. A relation names the key of the record it points to. A day may be counted from the day of loading ("+3",
// "-9"), an instant is a day and a local time ("+6 09:00"), and "{+3}" inside a text becomes such a day. What happened
// to a record later stands under "then".
package example

import (
	"embed"
	"encoding/json"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

//go:embed *.json
var files embed.FS

// exampleFiles are read in this order, which is also the order of records within a collection.
var exampleFiles = []string{
	"organisations.json", "people.json", "programmes.json", "stakeholders.json", "indicators.json",
	"meetings.json", "contributions.json", "work.json",
}

// order names the collections so that each comes after those its records point to.
var order = []string{
	"organisations", "users", core.CollectionNameSuperusers, "programmes", "stages", "milestones", "contacts",
	"stakeholders", "memberships", "indicators", "indicator_values", "meetings", "attendances", "minutes", "tasks",
	"contributions",
}

// entry is one record as the files write it.
type entry map[string]any

func (e entry) key() string { return e.text("key") }

func (e entry) text(name string) string {
	written, _ := e[name].(string)
	return written
}

// book holds everything the example files say, by collection.
type book map[string][]entry

// open reads the example files. It fails only when a file itself is broken.
func open() (book, error) {
	all := book{}
	for _, name := range exampleFiles {
		var part book
		if err := read(name, &part); err != nil {
			return nil, err
		}
		for collection, entries := range part {
			all[collection] = append(all[collection], entries...)
		}
	}
	return all, nil
}

func read(name string, into any) error {
	written, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(written, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// has reports whether the book holds a record under this key.
func (b book) has(collection, key string) bool {
	for _, e := range b[collection] {
		if e.key() == key {
			return true
		}
	}
	return false
}
