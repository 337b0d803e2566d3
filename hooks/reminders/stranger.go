package reminders

import (
	"simpul/hooks/lang"
	"simpul/hooks/page"
)

// stranger says that somebody else is signed in here than the one in whose name
// a link of a letter acts: a borrowed phone, a forwarded letter. It is "" when
// nobody is signed in, or the right person.
func stranger(b page.Base, key, user, whose string) string {
	if b.Person == nil || b.Person.ID == user {
		return ""
	}
	return lang.T(b.Language, key, "reader", b.Person.Name, "whose", whose)
}
