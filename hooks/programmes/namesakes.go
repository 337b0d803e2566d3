package programmes

import (
	"strings"
	"unicode"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
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
func LookUp(d *access.Door, name, regency string) (Match, error) {
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
func namesakes(d *access.Door, name string) ([]*core.Record, error) {
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
