package signedlink_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/signedlink"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

func setSecret(t *testing.T, app core.App, secret string) {
	t.Helper()
	_, err := app.NonconcurrentDB().Update("hub_settings", dbx.Params{"link_secret": secret}, nil).Execute()
	check.NoError(t, err)
}

func TestRead_NewToken_ReturnsItsParts(t *testing.T) {
	app, _ := testkit.App(t)
	for name, parts := range map[string][]string{
		"none": nil, "one": {"user00000000001"}, "an empty one": {""}, "several, some empty": {"", "a", "", "task_due"},
		"with separators": {"a\x00b", "c"}, "of any bytes": {"\xff\xfe", "évaluasi"}, "long": {strings.Repeat("x", 1000)},
	} {
		token, err := signedlink.New(app, "stop", parts...)
		check.NoError(t, err)
		if got, err := signedlink.Read(app, "stop", token); err != nil || !slices.Equal(got, parts) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		check.Equal(t, name+": the same parts give another token", check.Must(signedlink.New(app, "stop", parts...)), token)
		check.That(t, strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == "", "%s: %s does not fit into an address", name, token)
	}
}

func TestNew_PartsCutElsewhere_GiveAnotherToken(t *testing.T) {
	app, _ := testkit.App(t)
	one, err := signedlink.New(app, "stop", "ab", "c")
	check.NoError(t, err)
	other, err := signedlink.New(app, "stop", "a", "bc")
	check.NoError(t, err)
	check.That(t, one != other, "ab, c and a, bc have one token")
}

func TestRead_AlteredToken_IsInvalid(t *testing.T) {
	app, _ := testkit.App(t)
	token, err := signedlink.New(app, "stop", "user00000000001", "task_due")
	check.NoError(t, err)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	check.NoError(t, err)
	for i := range raw {
		for _, flip := range []byte{1, 0x80} {
			raw[i] ^= flip
			if _, err := signedlink.Read(app, "stop", base64.RawURLEncoding.EncodeToString(raw)); !errors.Is(err, signedlink.ErrInvalid) {
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
		if _, err := signedlink.Read(app, "stop", wrong); !errors.Is(err, signedlink.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRead_OtherPurpose_IsInvalid(t *testing.T) {
	app, _ := testkit.App(t)
	token, err := signedlink.New(app, "stop", "user00000000001", "task_due")
	check.NoError(t, err)
	for _, purpose := range []string{"", "sto", "stop\x00", "preferences"} {
		if _, err := signedlink.Read(app, purpose, token); !errors.Is(err, signedlink.ErrInvalid) {
			t.Errorf("as %q: %v", purpose, err)
		}
	}
}

func TestRead_AfterExpiry_IsExpired(t *testing.T) {
	app, _ := testkit.App(t)
	token, err := signedlink.NewUntil(app, testkit.Monday.Add(time.Hour), "answer", "row")
	check.NoError(t, err)
	for after, fits := range map[time.Duration]bool{0: true, time.Hour - time.Second: true, time.Hour: false, 24 * time.Hour: false} {
		restore := clock.Freeze(testkit.Monday.Add(after))
		if _, err := signedlink.Read(app, "answer", token); (err == nil) != fits || err != nil && !(errors.Is(err, signedlink.ErrInvalid) && errors.Is(err, signedlink.ErrExpired)) {
			t.Errorf("after %s: %v", after, err)
		}
		restore()
	}
}

func TestEnsureSecret_IsMadeOnceAndNeeded(t *testing.T) {
	app, _ := testkit.App(t)
	token, err := signedlink.New(app, "stop", "a")
	check.NoError(t, err)
	check.NoError(t, signedlink.EnsureSecret(app))
	if _, err := signedlink.Read(app, "stop", token); err != nil {
		t.Errorf("after another start old links fail: %v", err)
	}
	var secret string
	if err := app.DB().NewQuery("SELECT link_secret FROM hub_settings").Row(&secret); err != nil || len(secret) != 64 {
		t.Errorf("the secret has %d signs, %v", len(secret), err)
	}
	setSecret(t, app, "another")
	if _, err := signedlink.Read(app, "stop", token); !errors.Is(err, signedlink.ErrInvalid) {
		t.Errorf("another hub takes the link: %v", err)
	}
	setSecret(t, app, "")
	if made, err := signedlink.New(app, "stop", "a"); err == nil {
		t.Errorf("an empty secret made %s", made)
	}
	if _, err := signedlink.Read(app, "stop", token); err == nil || errors.Is(err, signedlink.ErrInvalid) {
		t.Errorf("without a secret: %v", err)
	}
}
