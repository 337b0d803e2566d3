package reminders

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/page"
)

// CopyRule makes the hub's rules of a kind the programme's own, to be changed there.
func CopyRule(e *core.RequestEvent) error {
	s, err := lookAtRule(e)
	if err != nil {
		return err
	}
	if !s.p.Roles.Initiator && !s.d.Super() || s.rule.GetString("programme") != "" {
		return access.ErrRefused
	}
	copied, err := adopt(s.d, s.p, s.rule)
	if err != nil {
		return err
	}
	return page.See(e, s.home()+"/"+copied.Id, "reminders.rule_copied")
}

// SwitchRule switches one of the programme's rules off, or on again.
func SwitchRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	on := e.Request.PostFormValue("active") == "on"
	s.rule.Set("active", on)
	if err := s.d.Update(s.rule.ProxyRecord()); err != nil {
		return err
	}
	if on {
		return page.See(e, s.home(), "reminders.rule_on")
	}
	return page.See(e, s.home(), "reminders.rule_off")
}

// DeleteRule removes one of the programme's rules.
func DeleteRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	if err := s.d.Delete(s.rule.ProxyRecord()); err != nil {
		return err
	}
	return page.See(e, s.home(), "reminders.rule_deleted")
}

// TryRule sends what a stored rule says to whoever asks, and to nobody else.
func TryRule(e *core.RequestEvent) error {
	s, err := lookAtRule(e)
	if err != nil {
		return err
	}
	if !s.p.Roles.Initiator && !s.d.Super() {
		return access.ErrRefused
	}
	if err := Try(e.App, s.rule.ProxyRecord(), s.d.Person(), page.Language(e)); err != nil {
		return err
	}
	return page.See(e, s.home()+"/"+s.rule.Id, "reminders.tried", "address", s.d.Person().Email())
}
