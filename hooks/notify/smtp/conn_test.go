package smtp

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	gomail "github.com/wneessen/go-mail"
)

func TestConn_PolicyAndMechanism_FollowTheSettings(t *testing.T) {
	for _, c := range []struct {
		settings core.SMTPConfig
		policy   gomail.TLSPolicy
		auth     gomail.SMTPAuthType
	}{
		{core.SMTPConfig{Host: "mail.example.org", Password: "x"}, gomail.TLSMandatory, gomail.SMTPAuthPlain},
		{core.SMTPConfig{Host: "mail.example.org", Password: "x", AuthMethod: "LOGIN"}, gomail.TLSMandatory, gomail.SMTPAuthLogin},
		{core.SMTPConfig{Host: "mail.example.org"}, gomail.TLSOpportunistic, gomail.SMTPAuthPlain},
		{core.SMTPConfig{Host: "localhost", Password: "x"}, gomail.TLSOpportunistic, gomail.SMTPAuthPlainNoEnc},
		{core.SMTPConfig{Host: "::1", Password: "x", AuthMethod: "LOGIN"}, gomail.TLSOpportunistic, gomail.SMTPAuthLoginNoEnc},
		{core.SMTPConfig{Host: "127.0.0.1", Password: "x", TLS: true}, gomail.TLSOpportunistic, gomail.SMTPAuthPlain},
	} {
		conn := &Conn{settings: c.settings}
		if conn.policy() != c.policy || authOf(c.settings) != c.auth {
			t.Errorf("%+v: %v, %v", c.settings, conn.policy(), authOf(c.settings))
		}
	}
}

func TestConn_Usable_UntilIdleFullOrReconfigured(t *testing.T) {
	settings := core.SMTPConfig{Host: "mail.example.org"}
	for name, c := range map[string]struct {
		conn *Conn
		want bool
	}{
		"fresh":                  {&Conn{settings: settings, used: time.Now(), sent: perConn - 1}, true},
		"full":                   {&Conn{settings: settings, used: time.Now(), sent: perConn}, false},
		"idle":                   {&Conn{settings: settings, used: time.Now().Add(-maxIdle)}, false},
		"settings changed since": {&Conn{used: time.Now()}, false},
		"none":                   {nil, false},
	} {
		if got := c.conn.Usable(settings); got != c.want {
			t.Errorf("%s: usable = %v, want %v", name, got, c.want)
		}
	}
}
