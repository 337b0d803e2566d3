package mail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"simpul/hooks/notify/smtp"
)

// refusedError says that one letter did not leave; the next one may.
type refusedError struct{ words string }

func (e refusedError) Error() string { return e.words }

// deliver brings one row as far as it can at this moment and returns its new state; empty when the row was left alone.
// A refusedError concerns this letter only, every other error ends the round. The caller holds the turn.
func (s *Sender) deliver(ctx context.Context, id string, now time.Time) (string, error) {
	if !s.app.Settings().SMTP.Enabled {
		return "", nil
	}
	// The line is opened before the row is claimed, so that a dead server costs no letter an attempt.
	if err := s.connect(ctx, now); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", s.blame(id, now, err)
	}
	claimed, state, err := s.claim(id, now)
	if err != nil {
		return "", s.blame(id, now, err)
	}
	if claimed == nil {
		return state, nil
	}
	result := s.line.Send(ctx, s.app.Settings().Meta.SenderAddress, claimed.Email, []byte(claimed.Message))
	if result.SenderRefused {
		s.pause(now, smtp.TransportError{Reason: smtp.FaultSenderRefused, Err: errors.New(result.Reply)})
	} else {
		s.calm()
	}
	outcome := claimed.settle(result, now)
	err = s.save(outcome)
	// QUIT comes after the outcome is safe.
	s.leave(result)
	switch {
	case err != nil:
		return "", err
	case result.SenderRefused:
		return outcome.state, fmt.Errorf("%w: %s", errPaused, result.Reply)
	case result.Class != smtp.Accepted:
		return outcome.state, refusedError{result.Reply}
	}
	return outcome.state, nil
}

// connect makes sure of a usable line. Its faults are TransportErrors.
func (s *Sender) connect(ctx context.Context, now time.Time) error {
	settings := s.app.Settings().SMTP
	if s.line.Usable(settings) {
		return nil
	}
	s.hangUp()
	line, err := s.newConn(ctx)
	if err != nil {
		return err
	}
	s.line = line
	// That the server lets us in says nothing about what it thinks of the sender.
	if s.Channel().Reason != smtp.FaultSenderRefused {
		s.calm()
	}
	return nil
}

// newConn opens a connection to the mail server of the settings.
func (s *Sender) newConn(ctx context.Context) (*smtp.Conn, error) {
	options, settings := s.dial, s.app.Settings()
	options.Helo = smtp.Domain(settings.Meta)
	return smtp.Dial(ctx, settings.SMTP, options)
}

// calm forgets the channel's faults.
func (s *Sender) calm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channel = smtp.Breaker{}
}

// pause lets the channel rest after a fault.
func (s *Sender) pause(now time.Time, fault smtp.TransportError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channel = s.channel.Trip(now, s.app.Settings().SMTP, fault)
}

// blame pauses the channel and writes the reason on the row that met the fault, without counting an attempt.
func (s *Sender) blame(id string, now time.Time, err error) error {
	var fault smtp.TransportError
	if !errors.As(err, &fault) {
		return err
	}
	s.pause(now, fault)
	if err := postpone(s.app, id, s.Channel()); err != nil {
		return err
	}
	return fmt.Errorf("%w: %w", errPaused, fault)
}

// leave gives up a connection that met an error. Only after a clear answer is a QUIT safe.
func (s *Sender) leave(result smtp.Result) {
	switch result.Class {
	case smtp.Accepted:
	case smtp.Rejected:
		s.hangUp()
	default:
		s.line.Close()
		s.line = nil
	}
}
