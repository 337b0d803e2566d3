package mail

import (
	"context"
	"errors"
	"fmt"
	"time"
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
	v := s.send(ctx, claimed.Delivery)
	if v.channel {
		s.pause(now, channelError{ChannelSenderRefused, errors.New(v.words)})
	} else {
		s.calm()
	}
	outcome := claimed.settle(v, now)
	err = s.save(outcome)
	// QUIT comes after the outcome is safe.
	s.leave(v)
	switch {
	case err != nil:
		return "", err
	case v.channel:
		return outcome.state, fmt.Errorf("%w: %s", errPaused, v.words)
	case v.state != StateSent:
		return outcome.state, refusedError{v.words}
	}
	return outcome.state, nil
}

// connect makes sure of a usable line. Errors of the line are channelErrors.
func (s *Sender) connect(ctx context.Context, now time.Time) error {
	settings := s.app.Settings().SMTP
	if s.line.usable(settings) {
		return nil
	}
	s.hangUp()
	terms := s.terms
	terms.helo = domainOf(s.app.Settings().Meta)
	line, err := dialLine(ctx, settings, terms)
	if err != nil {
		return err
	}
	s.line = line
	// That the server lets us in says nothing about what it thinks of the sender.
	if s.Channel().Reason != ChannelSenderRefused {
		s.calm()
	}
	return nil
}

// calm forgets the channel's faults.
func (s *Sender) calm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channel = Channel{}
}

// pause lets the channel rest after a fault.
func (s *Sender) pause(now time.Time, fault channelError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channel = s.channel.rest(now, s.app.Settings().SMTP, fault)
}

// blame pauses the channel and writes the reason on the row that met the fault, without counting an attempt.
func (s *Sender) blame(id string, now time.Time, err error) error {
	var fault channelError
	if !errors.As(err, &fault) {
		return err
	}
	s.pause(now, fault)
	if err := postpone(s.app, id, s.Channel()); err != nil {
		return err
	}
	return fmt.Errorf("%w: %w", errPaused, fault)
}

// send hands the message of a claimed row to the server.
func (s *Sender) send(ctx context.Context, d Delivery) verdict {
	return s.line.send(ctx, s.app.Settings().Meta.SenderAddress, d.Email, []byte(d.Message))
}

// leave gives up a connection that met an error. Only after a clear answer is a QUIT safe.
func (s *Sender) leave(v verdict) {
	switch v.state {
	case StateSent:
	case StateFailed:
		s.hangUp()
	default:
		s.line.cut()
		s.line = nil
	}
}
