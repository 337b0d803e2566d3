package reminders_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"simpul/hooks/notify/digest"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/signedlink"
)

// Whatever message carries the link, its kind can be stopped and taken back, with an
// account and without.
func TestA15EveryKindOfMessageCanBeStopped(t *testing.T) {
	p := newPost(t)
	contact := p.Make("contacts", "organisation", p.Shop.Id, "position", "Pemilik warung", "email", "warung@example.org")
	for _, kind := range slices.Sorted(maps.Keys(digest.Kinds())) {
		for address, parts := range map[string][]string{"partner@example.org": {p.Partner.Id, "", "", kind}, "warung@example.org": {"", contact.Id, "", kind}} {
			token, err := signedlink.New(p.App, "stop", parts...)
			if err != nil {
				t.Fatal(err)
			}
			if got := press(p, outbox.StopPath+token); got.Status != http.StatusOK {
				t.Errorf("%s to %s: status %d", kind, address, got.Status)
				continue
			}
			reason, err := outbox.Suppressed(p.App, outbox.Delivery{Email: address, Kind: kind}, false)
			if err != nil || reason != outbox.ReasonUnsubscribed {
				t.Errorf("%s to %s is stopped: %q, %v", kind, address, reason, err)
			}
			p.As(nil).Post(outbox.StopPath + token + "/undo").Want(http.StatusOK)
			if reason, err = outbox.Suppressed(p.App, outbox.Delivery{Email: address, Kind: kind}, false); err != nil || reason != "" {
				t.Errorf("%s to %s stays stopped: %q, %v", kind, address, reason, err)
			}
		}
	}
	if kinds := muted(p, p.Partner); len(kinds) != 0 {
		t.Errorf("muted are still %v", kinds)
	}
}
