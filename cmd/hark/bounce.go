package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/harkhq/hark/mailer/bounce"
	"github.com/harkhq/hark/mailer/intake"
	"github.com/harkhq/hark/surveys/flow"
)

type bounceCommand struct {
	To   string `help:"Whom the mail came to, as the mail server knows it (Postfix: $${recipient}). Without it, the mail's own words." placeholder:"ADDRESS"`
	From string `help:"The envelope's sender (Postfix: $${sender}). Without it, the mail's own words." placeholder:"ADDRESS"`
}

// Run takes in one mail that came back, from the standard input, as a mail
// server's pipe hands it over. It exits with what such a pipe expects: 75 when
// it should be tried again, 69 when there is no use in it.
func (c bounceCommand) Run(ctx context.Context, settings *Settings, t terminal) error {
	raw, err := readMail(t.in)
	if err != nil {
		return laterError{fmt.Errorf("read the mail: %w", err)}
	}
	log := settings.logger(t)
	opened, err := settings.open(ctx, log)
	if err != nil {
		return laterError{err}
	}
	defer opened.Close()
	in := &intake.Intake{Bounces: flow.NewBounces(opened, flow.NewDirectory(opened)), Log: log}
	incoming := intake.Incoming{From: c.From, To: []string{c.To}, Body: bytes.NewReader(raw)}
	if c.To == "" {
		incoming.To = bounce.Parse(bytes.NewReader(raw)).To
	}
	if len(incoming.To) == 0 {
		return neverError{fmt.Errorf("the mail does not say whom it came to: give --to")}
	}
	switch err := in.Receive(ctx, incoming); {
	case err == nil:
		return nil
	case intake.Refused(err):
		return neverError{err}
	default:
		return laterError{err}
	}
}

// mailDrained bounds how much of a mail is read and thrown away, so that the
// mail server can hand all of it over.
const mailDrained = 256 << 20

// readMail reads the beginning of a mail, and takes the rest off the pipe.
func readMail(in io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(in, bounce.MaxBytes))
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(in, mailDrained))
	return raw, err
}

// laterError and neverError end the program with the status of sysexits.h that
// mail servers know.
type (
	laterError struct{ error }
	neverError struct{ error }
)

// ExitCode is EX_TEMPFAIL.
func (laterError) ExitCode() int { return 75 }

// Unwrap gives the reason.
func (e laterError) Unwrap() error { return e.error }

// ExitCode is EX_UNAVAILABLE.
func (neverError) ExitCode() int { return 69 }

// Unwrap gives the reason.
func (e neverError) Unwrap() error { return e.error }
