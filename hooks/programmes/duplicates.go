package programmes

import (
	"slices"
	"strings"
	"unicode"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
)

// expanded are the short forms that agencies write for the same word.
var expanded = map[string]string{
	"kab": "kabupaten", "kec": "kecamatan", "kel": "kelurahan", "prov": "provinsi",
	"univ": "universitas", "dinsos": "dinassosial", "dinkes": "dinaskesehatan", "&": "dan",
}

// legalForms say what a company is, not what it is called.
var legalForms = map[string]bool{"pt": true, "cv": true, "ud": true, "tbk": true, "persero": true}

// Spelling brings the name of an organisation to a form in which two spellings
// of it are equal: case, punctuation, spaces, legal forms and common short
// forms do not count. It is "" for a name without letters or digits.
func Spelling(name string) string {
	var kept strings.Builder
	for _, word := range words(name) {
		if legalForms[word] {
			continue
		}
		if long, short := expanded[word]; short {
			word = long
		}
		kept.WriteString(word)
	}
	return kept.String()
}

// words splits a name at everything but letters, digits and "&"; single
// letters in a row ("P.T.", "K3S" written "K 3 S") make one word.
func words(name string) []string {
	split := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '&'
	})
	joined, run := []string{}, false
	for _, word := range split {
		single := len([]rune(word)) == 1 && word != "&"
		if single && run {
			joined[len(joined)-1] += word
		} else {
			joined = append(joined, word)
		}
		run = single
	}
	return joined
}

// Match is what is known of a name that was typed.
type Match struct {
	// Found is the organisation that the name means, nil if none is known.
	Found *core.Record
	// Elsewhere bears the name in another regency: perhaps meant, perhaps not.
	Elsewhere *core.Record
	// Several says that more than one could be meant.
	Several bool
}

// LookUp finds the organisation that somebody means by a name typed for a
// regency. One whose regency nobody wrote down is taken to be here.
func LookUp(d *access.Scope, name, regency string) (Match, error) {
	same, err := namesakes(d, name)
	if err != nil {
		return Match{}, err
	}
	var here, there []*core.Record
	for _, r := range same {
		switch place := r.GetString("regency"); {
		case regency != "" && Spelling(place) == Spelling(regency):
			return Match{Found: r}, nil
		case regency == "" || place == "":
			here = append(here, r)
		default:
			there = append(there, r)
		}
	}
	switch {
	case len(here) == 1:
		return Match{Found: here[0]}, nil
	case len(here) > 1:
		return Match{Several: true}, nil
	case len(there) > 0:
		return Match{Elsewhere: there[0]}, nil
	}
	return Match{}, nil
}

// namesakes lists the organisations whose name reads the same; duplicates that
// were merged into another do not count. Only what a list of names needs is read.
func namesakes(d *access.Scope, name string) ([]*core.Record, error) {
	wanted := Spelling(name)
	if wanted == "" {
		return nil, nil
	}
	all, err := d.List("organisations", func(q *dbx.SelectQuery) {
		q.Select("organisations.id", "organisations.name", "organisations.regency").
			AndWhere(dbx.HashExp{"organisations.merged_into": ""})
	})
	if err != nil {
		return nil, err
	}
	var same []*core.Record
	for _, r := range all {
		if Spelling(r.GetString("name")) == wanted {
			same = append(same, r)
		}
	}
	return same, nil
}

// shortest is how many letters the beginning of a name must have to mean somebody.
const shortest = 3

// Party is an organisation that takes part in a programme, with everything by
// which minutes may call it.
type Party struct {
	ID, Name, Helix string
	// called are the spellings of its name, short name and offices.
	called []string
}

// Parties are the organisations that take part in a programme now.
type Parties []*Party

// TakingPart reads which organisations take part in a programme on its present day.
func TakingPart(app core.App, programme string) (Parties, error) {
	var rows []struct {
		ID     string `db:"id"`
		Name   string `db:"name"`
		Short  string `db:"short_name"`
		Helix  string `db:"party"`
		Office string `db:"office"`
	}
	err := app.DB().
		Select("o.id", "o.name", "o.short_name", "COALESCE(NULLIF(s.helix, ''), o.helix) AS party", "s.position AS office").
		From("stakeholders s").
		InnerJoin("organisations o", dbx.NewExp("o.id = s.organisation")).
		InnerJoin("programmes p", dbx.NewExp("p.id = s.programme")).
		Where(dbx.HashExp{"s.programme": programme}).
		AndWhere(dbx.NewExp("(s.ended_on = '' OR s.ended_on > "+TodayThere+")", Days(clock.Now()))).
		OrderBy("o.name", "s.id").
		All(&rows)
	var all Parties
	known := map[string]*Party{}
	for _, row := range rows {
		p := known[row.ID]
		if p == nil {
			p = &Party{ID: row.ID, Name: row.Name, Helix: row.Helix}
			known[row.ID], all = p, append(all, p)
		}
		for _, name := range []string{row.Name, row.Short, row.Office} {
			if spelling := Spelling(name); spelling != "" {
				p.called = append(p.called, spelling)
			}
		}
	}
	return all, err
}

// Named finds whom a line means: the one called exactly so, else the only one
// whose name begins so. Several says that more than one could be meant.
func (all Parties) Named(who string) (found *Party, several bool) {
	wanted := Spelling(who)
	if wanted == "" {
		return nil, false
	}
	exact := all.calledBy(func(name string) bool { return name == wanted })
	if len(exact) == 0 && len([]rune(wanted)) >= shortest {
		exact = all.calledBy(func(name string) bool { return strings.HasPrefix(name, wanted) })
	}
	if len(exact) == 1 {
		return exact[0], false
	}
	return nil, len(exact) > 1
}

func (all Parties) calledBy(fits func(string) bool) Parties {
	var found Parties
	for _, p := range all {
		if slices.ContainsFunc(p.called, fits) {
			found = append(found, p)
		}
	}
	return found
}
