package cmd_test

import (
	"strings"
	"testing"

	"simpul/hooks/signedlink"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestASecretInWrongHandsIsMadeAnewByACommand(t *testing.T) {
	for what, c := range map[string]struct {
		field, keeps string
		subscribed   int64
	}{
		"links": {"link_secret", "push_key", 1},
		"push":  {"push_key", "link_secret", 0},
	} {
		t.Run(what, func(t *testing.T) {
			w := testkit.New(t)
			w.Make("push_subscriptions", "user", w.Partner.Id, "endpoint", "https://fcm.googleapis.com/x", "p256dh", "p", "auth", "a")
			token, err := signedlink.New(w.App, "stop", "x")
			if err != nil {
				t.Fatal(err)
			}
			before := w.Only("hub_settings", "hub_name", "Simpul Lima")
			// The hub goes on running meanwhile.
			said, err := command(t, w.App.DataDir(), "renew", what)
			if err != nil || !strings.Contains(said, " / ") {
				t.Fatalf("it says %q, %v", said, err)
			}
			after := w.Fresh(before)
			if now := after.GetString(c.field); now == before.GetString(c.field) || len(now) != len(before.GetString(c.field)) {
				t.Errorf("%s is %q", c.field, now)
			}
			check.Equal(t, c.keeps+" is another as well", after.GetString(c.keeps), before.GetString(c.keeps))
			check.Equal(t, "rows of push_subscriptions", w.Count("push_subscriptions"), c.subscribed)
			if _, err := signedlink.Read(w.App, "stop", token); (err == nil) != (what != "links") {
				t.Errorf("an old link gives %v", err)
			}
		})
	}
	w := testkit.New(t)
	for _, args := range [][]string{{"renew"}, {"renew", "everything"}, {"renew", "links", "push"}} {
		if said, err := command(t, w.App.DataDir(), args...); err == nil {
			t.Errorf("%v is taken: %s", args, said)
		}
	}
}
