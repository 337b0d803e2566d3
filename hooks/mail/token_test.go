package mail

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul/hooks/clock"
)

func TestATokenBringsItsPartsBack(t *testing.T) {
	w := newWorld(t)
	for name, parts := range map[string][]string{
		"none": nil, "one": {"user00000000001"}, "an empty one": {""}, "several, some empty": {"", "a", "", "task_due"},
		"with separators": {"a\x00b", "c"}, "of any bytes": {"\xff\xfe", "évaluasi"}, "long": {strings.Repeat("x", 1000)},
	} {
		token, err := Token(w, "stop", parts...)
		check(t, err)
		if got, err := ReadToken(w, "stop", token); err != nil || !slices.Equal(got, parts) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if again, err := Token(w, "stop", parts...); err != nil || again != token {
			t.Errorf("%s: the same parts give another token", name)
		}
		if strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("%s: %s does not fit into an address", name, token)
		}
	}
}

func TestPartsAreNotConfusedWithOneAnother(t *testing.T) {
	w := newWorld(t)
	one, err := Token(w, "stop", "ab", "c")
	check(t, err)
	other, err := Token(w, "stop", "a", "bc")
	check(t, err)
	if one == other {
		t.Error("ab, c and a, bc have one token")
	}
}

func TestAnAlteredTokenIsRefused(t *testing.T) {
	w := newWorld(t)
	token, err := Token(w, "stop", "user00000000001", "task_due")
	check(t, err)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	check(t, err)
	for i := range raw {
		for _, flip := range []byte{1, 0x80} {
			raw[i] ^= flip
			if _, err := ReadToken(w, "stop", base64.RawURLEncoding.EncodeToString(raw)); !errors.Is(err, ErrToken) {
				t.Fatalf("byte %d may be altered: %v", i, err)
			}
			raw[i] ^= flip
		}
	}
	// The last sign of a text carries spare bits, which must be the ones we wrote.
	last := strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", token[len(token)-1])
	sibling := token[:len(token)-1] + string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last^1])
	for name, wrong := range map[string]string{"empty": "", "short": token[:20], "a sign more": token + "A", "a sign less": token[:len(token)-1],
		"padded": token + "=", "spaced": " " + token, "broken": token[:30] + "\n" + token[30:], "spare bits": sibling, "words": "a-token",
	} {
		if _, err := ReadToken(w, "stop", wrong); !errors.Is(err, ErrToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestATokenIsGoodForItsPurposeOnly(t *testing.T) {
	w := newWorld(t)
	token, err := Token(w, "stop", "user00000000001", "task_due")
	check(t, err)
	for _, purpose := range []string{"", "sto", "stop\x00", "preferences"} {
		if _, err := ReadToken(w, purpose, token); !errors.Is(err, ErrToken) {
			t.Errorf("as %q: %v", purpose, err)
		}
	}
}

func TestATokenMayEnd(t *testing.T) {
	w := newWorld(t)
	token, err := TokenUntil(w, monday.Add(time.Hour), "answer", "row")
	check(t, err)
	for after, fits := range map[time.Duration]bool{0: true, time.Hour - time.Second: true, time.Hour: false, 24 * time.Hour: false} {
		restore := clock.Freeze(monday.Add(after))
		if _, err := ReadToken(w, "answer", token); (err == nil) != fits || err != nil && !errors.Is(err, ErrToken) {
			t.Errorf("after %s: %v", after, err)
		}
		restore()
	}
}

func TestTheSecretIsMadeOnceAndNothingIsMadeWithoutIt(t *testing.T) {
	w := newWorld(t)
	token, err := Token(w, "stop", "a")
	check(t, err)
	check(t, EnsureSecret(w))
	if _, err := ReadToken(w, "stop", token); err != nil {
		t.Errorf("after another start old links fail: %v", err)
	}
	secret, err := secretOf(w)
	if err != nil || len(secret) != secretLength {
		t.Errorf("the secret has %d signs, %v", len(secret), err)
	}
	w.run(`UPDATE hub_settings SET link_secret = 'another'`)
	if _, err := ReadToken(w, "stop", token); !errors.Is(err, ErrToken) {
		t.Errorf("another hub takes the link: %v", err)
	}
	w.run(`UPDATE hub_settings SET link_secret = ''`)
	if made, err := Token(w, "stop", "a"); err == nil {
		t.Errorf("an empty secret made %s", made)
	}
	if _, err := ReadToken(w, "stop", token); err == nil || errors.Is(err, ErrToken) {
		t.Errorf("without a secret: %v", err)
	}
}
