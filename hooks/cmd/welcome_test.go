package cmd

import (
	"strings"
	"testing"
)

func TestTheDemonstrationSaysWhetherMessagesLeave(t *testing.T) {
	app := program(t)
	if said := whereMessagesGo(app); !strings.Contains(said, "Email tidak dikirim;") || !strings.Contains(said, "emails are not sent;") {
		t.Errorf("by itself it says %q", said)
	}
	app.Settings().SMTP.Enabled, app.Settings().SMTP.Host = true, "mail.example.org"
	said := whereMessagesGo(app)
	if strings.Contains(said, "tidak dikirim;") || strings.Contains(said, "not sent;") || strings.Count(said, " mail.example.org,") != 2 {
		t.Errorf("with a mail server it says %q", said)
	}
}
