package outbox

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/smtp"
)

// message is what is sent for a row.
func (d Delivery) message(b body, contents Contents, meta core.MetaConfig, now time.Time) smtp.Message {
	m := smtp.Message{ID: d.MessageID, Date: now.In(clock.Zone(d.Zone)), FromName: smtp.HeaderText(meta.SenderName), From: meta.SenderAddress,
		To: d.Email, Subject: b.subject, Text: b.text, HTML: b.html, Calendar: contents.Calendar}
	if d.Kind != KindAccount {
		domain := smtp.Domain(meta)
		m.ListID, m.FeedbackID = strings.ReplaceAll(d.Kind, "_", "-")+"."+domain, feedbackID(d, domain)
		m.Unsubscribe = contents.stopURL
	}
	return m
}

// feedbackID lets a mail service report complaints by rule, kind and programme without naming anybody. The last of its
// four parts must stay the same for the hub and have 5 to 15 characters.
func feedbackID(d Delivery, domain string) string {
	sum := sha256.Sum256([]byte(domain))
	parts := []string{d.Rule, d.Kind, d.Programme, "simpul" + hex.EncodeToString(sum[:4])}
	for i, part := range parts {
		if part == "" {
			parts[i] = "hub"
		}
	}
	return strings.Join(parts, ":")
}
