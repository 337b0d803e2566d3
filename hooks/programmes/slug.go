package programmes

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/unicode/norm"
)

const (
	// slugMax leaves room for a number behind the name.
	slugMax  = 70
	nameless = "program"
)

// reserved are names that mean something else below /programmes.
var reserved = []string{"new"}

// SlugOf writes a name as a piece of an address or a file name: small letters,
// digits and hyphens, accents left off; never empty.
func SlugOf(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
			continue
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			gap = false
		default:
			gap = true
		}
		if b.Len() >= slugMax-1 { // a hyphen and a letter may come together
			break
		}
	}
	if b.Len() == 0 {
		return nameless
	}
	return b.String()
}

// freeSlug returns the address for a name; the second programme of a name gets
// -2 behind it, and so on. It must run in the transaction of the save, so that
// no other programme takes the address meanwhile.
func freeSlug(app core.App, name string) (string, error) {
	slug := SlugOf(name)
	var taken []string
	err := app.DB().Select("slug").From("programmes").
		Where(dbx.HashExp{"slug": slug}).
		OrWhere(dbx.Like("slug", slug+"-").Match(false, true)).
		Column(&taken)
	if err != nil {
		return "", err
	}
	taken = append(taken, reserved...)
	free := slug
	for n := 2; slices.Contains(taken, free); n++ {
		free = slug + "-" + strconv.Itoa(n)
	}
	return free, nil
}
