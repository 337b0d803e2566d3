package outbox

import (
	"errors"
	"strings"
	"testing"

	"simpul/hooks/signedlink"
)

// offered is where a message to somebody lets them set how messages come; "" if nowhere.
func offered(t *testing.T, w *world, d Delivery) (Link, string) {
	t.Helper()
	var c Contents
	check(t, c.offerWishes(w, d))
	_, token, _ := strings.Cut(c.Wishes.URL, WishesPath)
	return c.Wishes, token
}

func TestContents_Preferences_LinkForEveryRecipient(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		letter        Delivery
		label         string
		user, contact string
	}{
		"an account":                   {Delivery{User: "user00000000001", Language: "id"}, "Atur email Anda", "user00000000001", ""},
		"an account that is a contact": {Delivery{User: "user00000000001", Recipient: "contact00000001", Language: "en"}, "Email settings", "user00000000001", ""},
		"a contact without an account": {Delivery{Recipient: "contact00000001", Language: "en"}, "Email settings", "", "contact00000001"},
	} {
		link, token := offered(t, w, c.letter)
		if link.Label != c.label || !strings.HasPrefix(link.URL, strings.TrimRight(w.Settings().Meta.AppURL, "/")+WishesPath) {
			t.Errorf("%s: %q leads to %s", name, link.Label, link.URL)
		}
		user, contact, err := ReadWishes(w, token)
		if err != nil || user != c.user || contact != c.contact {
			t.Errorf("%s: the link is that of %q, %q, %v", name, user, contact, err)
		}
	}
	if link, _ := offered(t, w, Delivery{Email: "tamu@example.org", Language: "id"}); link.URL != "" {
		t.Errorf("a bare address is led to %s", link.URL)
	}
}

func TestReadWishes_Token_IsStable(t *testing.T) {
	w := newWorld(t)
	one, _ := offered(t, w, Delivery{ID: "letter000000001", Kind: "task_due", User: "user00000000001"})
	other, _ := offered(t, w, Delivery{ID: "letter000000002", Kind: "digest", User: "user00000000001"})
	if one.URL != other.URL {
		t.Errorf("one person has two links, %s and %s", one.URL, other.URL)
	}
	for name, of := range map[string][]string{"too few parts": {"user00000000001"}, "too many": {"user00000000001", "", ""}} {
		token, err := signedlink.New(w, purposeWishes, of...)
		check(t, err)
		if _, _, err := ReadWishes(w, token); !errors.Is(err, signedlink.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	stop, err := signedlink.New(w, purposeStop, "user00000000001", "")
	check(t, err)
	if _, _, err := ReadWishes(w, stop); !errors.Is(err, signedlink.ErrInvalid) {
		t.Errorf("a token of another purpose is taken: %v", err)
	}
}
