package example

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// idOf is the id of an example record: always the same for the same key, so that removing finds exactly what loading
// wrote, and never one that PocketBase would give, since those have no fixed beginning.
func idOf(collection, key string) string {
	sum := sha256.Sum256([]byte(collection + "/" + key))
	return "ex" + hex.EncodeToString(sum[:])[:13]
}

// value turns what the files say into what the field stores.
func (l *loader) value(field core.Field, zone string, written any) (any, error) {
	text, isText := written.(string)
	if !isText {
		return written, nil
	}
	switch f := field.(type) {
	case *core.RelationField:
		return l.pointed(f, text)
	case *core.DateField:
		return l.instant(text, zone)
	case *core.TextField:
		if f.Name == "on" || strings.HasSuffix(f.Name, "_on") {
			return l.day(text, zone)
		}
		return l.withDays(text, zone)
	}
	return text, nil
}

func (l *loader) pointed(field *core.RelationField, key string) (string, error) {
	target, err := l.app.FindCachedCollectionByNameOrId(field.CollectionId)
	if err != nil {
		return "", err
	}
	if !l.all.has(target.Name, key) {
		return "", fmt.Errorf("%s has no %q", target.Name, key)
	}
	return idOf(target.Name, key), nil
}

// day reads a day, or the count of days from today, such as "+3" or "-9". A counted day falls on a working day: the
// next one in the future, the last one in the past.
func (l *loader) day(written, zone string) (string, error) {
	if !strings.HasPrefix(written, "+") && !strings.HasPrefix(written, "-") {
		return clock.ParseDay(written)
	}
	days, err := strconv.Atoi(written)
	if err != nil {
		return "", err
	}
	step := 1
	if days < 0 {
		step = -1
	}
	day := clock.AddDays(clock.Day(l.now, zone), days)
	for !clock.IsWorkday(day) {
		day = clock.AddDays(day, step)
	}
	return day, nil
}

// instant reads a day and a local time, such as "2023-11-01 09:00" or "+6 09:00".
func (l *loader) instant(written, zone string) (time.Time, error) {
	day, hour, _ := strings.Cut(written, " ")
	day, err := l.day(day, zone)
	if err != nil {
		return time.Time{}, err
	}
	return clock.At(day, hour, zone)
}

var countedDay = regexp.MustCompile(`\{([+-]\d+)\}`)

// withDays writes the counted days inside a text the way people write them in minutes, day first.
func (l *loader) withDays(text, zone string) (string, error) {
	var failed error
	filled := countedDay.ReplaceAllStringFunc(text, func(found string) string {
		day, err := l.day(strings.Trim(found, "{}"), zone)
		if err != nil {
			failed = err
			return found
		}
		part := strings.Split(day, "-")
		return part[2] + "/" + part[1] + "/" + part[0]
	})
	return filled, failed
}
