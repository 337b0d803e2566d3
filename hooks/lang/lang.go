// Package lang holds every sentence people read, in each language, and writes money, numbers and dates the way a
// reader of that language expects.
//
// A sentence has a key such as "tasks.due_on". The first part of the key names the file the sentence stands in:
// id/tasks.json for Indonesian, en/tasks.json for English. Codes kept in the database are shown by the key
// <collection>.<field>.<code>.
package lang

import "slices"

// Languages lists the languages of the hub, the first being the one used when nothing else is known.
var Languages = []string{"id", "en"}

// T returns the sentence for a key in a language, its placeholders filled from args, which are pairs of a name
// and a value: T("en", "tasks.count", "n", 3). The number named "n" picks singular or plural and is written as
// Number writes it; every other value is written as it is. An unknown language is answered as the first of
// Languages. A key that does not exist, or a placeholder without a value, returns the key between ⟦ and ⟧, so that
// the gap is seen.
func T(language, key string, args ...any) string {
	c := catalogueOf(language)
	if sentence, found := c.plain[key]; found {
		return sentence
	}
	shaped, found := c.shaped[key]
	if !found {
		return missing(key)
	}
	return c.shape(key, shaped, args)
}

// Has reports whether a key exists. Both languages hold the same keys.
func Has(key string) bool {
	c := catalogueOf(Languages[0])
	_, plain := c.plain[key]
	_, shaped := c.shaped[key]
	return plain || shaped
}

// Keys returns all keys of a language in alphabetical order.
func Keys(language string) []string {
	c := catalogueOf(language)
	keys := make([]string, 0, len(c.plain)+len(c.shaped))
	for key := range c.plain {
		keys = append(keys, key)
	}
	for key := range c.shaped {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func missing(key string) string {
	return "⟦" + key + "⟧"
}
