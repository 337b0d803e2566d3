package devices

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/SherClockHolmes/webpush-go"
)

// longest is how long a push service keeps a notice for a device that is switched off, at most.
const longest = 24 * time.Hour

// verdict is what became of an attempt.
type verdict struct {
	sent  bool
	gone  bool          // the device is not there any more
	later bool          // surely not taken, worth another attempt
	after time.Duration // how long the service wants to be left alone
	words string        // kept in devices.last_error
}

// away is the verdict when the service could not be reached.
var away = verdict{later: true, words: "away"}

// send hands a notice to the device's push service.
func (r *round) send(ctx context.Context, job *push) verdict {
	answer, err := webpush.SendNotificationWithContext(ctx, job.notice.payload(),
		&webpush.Subscription{Endpoint: job.Endpoint, Keys: webpush.Keys{P256dh: job.Key, Auth: job.Secret}},
		&webpush.Options{HTTPClient: r.client, Subscriber: r.subscriber(), Topic: job.notice.tag, Urgency: webpush.UrgencyNormal,
			TTL:            int(min(job.notice.until.Sub(r.moment()), longest).Seconds()),
			VAPIDPublicKey: r.keys.public, VAPIDPrivateKey: r.keys.private})
	if err != nil {
		r.app.Logger().Warn("devices: push service", "error", strings.ReplaceAll(err.Error(), job.Endpoint, host(job.Endpoint)))
		return away
	}
	defer answer.Body.Close()
	// A connection can be used again once its answer is read.
	_, _ = io.CopyN(io.Discard, answer.Body, 4<<10)
	return judge(answer)
}

// judge reads what the push service answered.
func judge(answer *http.Response) verdict {
	code := answer.StatusCode
	switch {
	case code >= 200 && code < 300:
		return verdict{sent: true}
	case code == http.StatusNotFound || code == http.StatusGone:
		return verdict{gone: true, words: errorGone}
	case code == http.StatusTooManyRequests || code >= 500:
		seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
		return verdict{later: true, words: fmt.Sprintf("busy %d", code), after: time.Duration(max(seconds, 0)) * time.Second}
	}
	return verdict{words: fmt.Sprintf("refused %d", code)}
}

// subscriber is whom a push service may write to about us.
func (p *Pusher) subscriber() string {
	meta := p.app.Settings().Meta
	if strings.HasPrefix(meta.AppURL, "https://") {
		return meta.AppURL
	}
	return meta.SenderAddress
}

func host(endpoint string) string {
	rest, _ := strings.CutPrefix(endpoint, "https://")
	name, _, _ := strings.Cut(rest, "/")
	return name
}
