package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	gomail "github.com/wneessen/go-mail"
)

// label tells mail programs and mail services what sort of letter it is and how to refuse it.
func label(msg *gomail.Msg, d Delivery, meta core.MetaConfig) {
	domain := domainOf(meta)
	msg.SetGenHeader("List-Id", "<"+strings.ReplaceAll(d.Kind, "_", "-")+"."+domain+">")
	msg.SetGenHeader("Feedback-ID", feedbackID(d, domain))
	if oneClick(d.StopURL) {
		// Not by the library's own call, which writes preformatted headers in any order: copies would differ.
		msg.SetGenHeader("List-Unsubscribe", "<"+d.StopURL+">")
		msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
}

// oneClick reports whether an address may be offered to mail programs: RFC 8058 asks for https. An address that is
// written as it stands must not hold line breaks, which no URL does.
func oneClick(address string) bool {
	parsed, err := url.Parse(address)
	return err == nil && parsed.Scheme == "https" && parsed.Host != "" && !strings.ContainsAny(address, " <>\r\n")
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
