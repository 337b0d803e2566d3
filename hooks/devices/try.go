package devices

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// testUseful is how long the push service keeps a test.
const testUseful = 5 * time.Minute

// try sends a test to a device at once. It counts neither for the day nor as a letter.
func (p *Pusher) try(ctx context.Context, d *Device, language string) (verdict, error) {
	now := clock.Now()
	r, err := p.begin(now)
	if err != nil {
		return verdict{}, err
	}
	title, err := hubName(p.app)
	if err != nil {
		return verdict{}, err
	}
	job := &push{Device: d.Id, Endpoint: d.GetString("endpoint"), Key: d.GetString("p256dh"), Secret: d.GetString("auth")}
	job.notice = notice{title: title, body: lang.T(language, "devices.test_body"), url: "/devices",
		tag: security.RandomString(16), until: now.Add(testUseful)}
	v := r.send(ctx, job)
	return v, p.settle(job, v, now)
}
