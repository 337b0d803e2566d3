package demo

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"

	"simpul/hooks/testkit/check"
)

// everyText calls look with every text of the example files, also those inside lists.
func everyText(t *testing.T, look func(collection, key, field, text string)) {
	t.Helper()
	for collection, entries := range all(t) {
		for _, e := range entries {
			for field, written := range e {
				for _, text := range texts(written) {
					look(collection, e.key(), field, text)
				}
			}
		}
	}
}

func texts(written any) []string {
	switch value := written.(type) {
	case string:
		return []string{value}
	case []any:
		found := []string{}
		for _, inner := range value {
			found = append(found, texts(inner)...)
		}
		return found
	case map[string]any:
		found := []string{}
		for _, inner := range value {
			found = append(found, texts(inner)...)
		}
		return found
	}
	return nil
}

// whole is an entry with what happened later as fields of its own.
func whole(e entry) entry {
	merged := maps.Clone(e)
	then, _ := e["then"].(map[string]any)
	maps.Copy(merged, then)
	return merged
}

func TestFiles_IdentityOrPhoneNumbers_None(t *testing.T) {
	identity := regexp.MustCompile(`(\d[ .-]?){16}`)
	phone := regexp.MustCompile(`(\+62|\b62|\b0)[ -]?8[ -]?\d([ -]?\d){6,}|\(0\d{2,3}\)`)
	seen := 0
	everyText(t, func(collection, key, field, text string) {
		seen++
		check.That(t, !identity.MatchString(text), "%s %s %s holds a 16-digit number: %s", collection, key, field, text)
		check.That(t, text == nobodys || !phone.MatchString(text) && field != "phone", "%s %s %s holds a phone number: %s", collection, key, field, text)
	})
	check.That(t, seen >= 500, "looked at %d texts only", seen)
}

func TestFiles_Addresses_RoleMailboxes(t *testing.T) {
	address := regexp.MustCompile(`[^\s"]+@[a-z0-9.-]+\.[a-z]+`)
	seen := 0
	everyText(t, func(collection, key, field, text string) {
		for _, found := range address.FindAllString(text, -1) {
			seen++
			check.That(t, strings.HasSuffix(found, "@example.org"), "%s %s %s: %s", collection, key, field, found)
		}
	})
	check.That(t, seen >= 15, "found %d addresses only", seen)
}

func TestFiles_URLs_ExampleOrg(t *testing.T) {
	everyText(t, func(collection, key, field, text string) {
		check.That(t, !strings.Contains(text, "://") || strings.HasPrefix(text, "https://example.org/"), "%s %s %s: %s", collection, key, field, text)
	})
}

func TestFiles_Persons_NotNamed(t *testing.T) {
	// Academic titles and forms of address come with persons' names, never with offices.
	person := regexp.MustCompile(`\b(Bapak|Ibu|Bpk|Drs?\.|Dra\.|Ir\.|Hj?\.|S\.Sos|S\.Pd|S\.KM|M\.Si|M\.M)\b`)
	everyText(t, func(collection, key, field, text string) {
		check.That(t, !person.MatchString(text), "%s %s %s may name a person: %s", collection, key, field, text)
	})
}

func TestFiles_Keys_Unique(t *testing.T) {
	for collection, entries := range all(t) {
		if collection == "sign_in" {
			continue
		}
		seen := map[string]bool{}
		for _, e := range entries {
			if e.key() == "" || seen[e.key()] {
				t.Errorf("%s: key %q is empty or twice", collection, e.key())
			}
			seen[e.key()] = true
		}
	}
}

func TestFiles_Collections_AllLoaded(t *testing.T) {
	for collection := range all(t) {
		check.That(t, collection == "sign_in" || slices.Contains(order, collection), "%s is in the files and never loaded", collection)
	}
}

func TestFiles_Relations_LoadedBefore(t *testing.T) {
	app := newApp(t)
	everything := all(t)
	checked := 0
	for place, name := range order {
		for _, field := range relationsOf(t, app, name) {
			target, err := app.FindCollectionByNameOrId(field.CollectionId)
			must(t, err)
			for i, e := range everything[name] {
				key := whole(e).text(field.Name)
				if key == "" {
					continue
				}
				checked++
				before := slices.Index(order, target.Name) < place
				if target.Name == name {
					before = indexOf(everything[name], key) < i
				}
				if !everything.has(target.Name, key) || !before {
					t.Errorf("%s %s: %s %q is missing or loaded later", name, e.key(), field.Name, key)
				}
			}
		}
	}
	check.That(t, checked >= 250, "checked %d relations only", checked)
}

func relationsOf(t *testing.T, app core.App, name string) []*core.RelationField {
	t.Helper()
	collection, err := app.FindCollectionByNameOrId(name)
	must(t, err)
	relations := []*core.RelationField{}
	for _, field := range collection.Fields {
		if relation, ok := field.(*core.RelationField); ok {
			relations = append(relations, relation)
		}
	}
	return relations
}

func indexOf(entries []entry, key string) int {
	return slices.IndexFunc(entries, func(e entry) bool { return e.key() == key })
}

func TestFiles_Codes_InSelect(t *testing.T) {
	app := newApp(t)
	checked := 0
	for _, name := range order {
		collection, err := app.FindCollectionByNameOrId(name)
		must(t, err)
		for _, e := range all(t)[name] {
			for field, written := range whole(e) {
				choice, ok := collection.Fields.GetByName(field).(*core.SelectField)
				if !ok {
					continue
				}
				for _, code := range texts(written) {
					checked++
					if !slices.Contains(choice.Values, code) {
						t.Errorf("%s %s: %s is no code of %s", name, e.key(), code, field)
					}
				}
			}
		}
	}
	check.That(t, checked >= 300, "checked %d codes only", checked)
}

func TestFiles_Provinces_Known(t *testing.T) {
	everything := all(t)
	for _, collection := range []string{"organisations", "programmes"} {
		for _, e := range everything[collection] {
			province := e.text("province")
			if province == "" {
				continue
			}
			if !slices.Contains(clock.Provinces, province) {
				t.Errorf("%s %s: unknown province %q", collection, e.key(), province)
			}
			if zone := e.text("time_zone"); zone != "" && zone != clock.ZoneOfProvince(province) {
				t.Errorf("%s %s: %s is not the zone of %s", collection, e.key(), zone, province)
			}
		}
	}
}

func TestFiles_Organisations_AreStakeholders(t *testing.T) {
	everything := all(t)
	takesPart := map[[2]string]bool{}
	for _, s := range everything["stakeholders"] {
		takesPart[[2]string{s.text("programme"), s.text("organisation")}] = true
	}
	for collection, field := range map[string]string{"contributions": "contributor", "tasks": "organisation"} {
		for _, e := range everything[collection] {
			if !takesPart[[2]string{e.text("programme"), e.text(field)}] {
				t.Errorf("%s %s: %s is no stakeholder of %s", collection, e.key(), e.text(field), e.text("programme"))
			}
		}
	}
	for _, s := range everything["programmes"] {
		if !takesPart[[2]string{s.key(), s.text("owner")}] {
			t.Errorf("the owner of %s is no stakeholder of it", s.key())
		}
	}
}

func TestFiles_Assignees_OfTasksOrganisation(t *testing.T) {
	everything := all(t)
	for _, task := range everything["tasks"] {
		i := indexOf(everything["contacts"], task.text("assignee"))
		if i < 0 || everything["contacts"][i].text("organisation") != task.text("organisation") {
			t.Errorf("task %s: %s is not of %s", task.key(), task.text("assignee"), task.text("organisation"))
		}
	}
}
