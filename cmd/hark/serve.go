package main

import (
	"context"
	"runtime/debug"

	"github.com/harkhq/hark/mailer"
)

type serveCommand struct{}

// Run opens the database and serves until the program is asked to stop.
func (serveCommand) Run(ctx context.Context, settings *Settings, t terminal) error {
	log := settings.logger(t)
	if err := settings.check(); err != nil {
		return err
	}
	collectSeldom()
	transport, err := settings.transport()
	if err != nil {
		return err
	}
	opened, err := settings.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.Close()
	workspaces, err := opened.Workspaces(ctx)
	if err != nil {
		return err
	}
	return serveOn(ctx, serverParts{settings: settings, log: log, store: opened, transport: transport}, func(s *server) error {
		if transport == nil {
			log.Warn(noMail(settings))
		}
		log.Info("serving", "address", s.address(), "url", settings.URL, "database", string(opened.Dialect()))
		if len(workspaces) == 0 {
			log.Warn("nobody can sign in yet: run `hark user add you@example.com --workspace \"Your company\"` with the same HARK_DATABASE")
		}
		return nil
	})
}

// garbage is how much of what is not needed any more a server lets lie, in parts of a
// hundred of what it needs: it mails with a tenth less of the processor than with the
// usual 100, and holds some 20 MB more.
const garbage = 200

// collectSeldom has memory freed half as often as usual, unless GOGC says how often.
func collectSeldom() {
	if chosen := debug.SetGCPercent(garbage); chosen != 100 {
		debug.SetGCPercent(chosen)
	}
}

// transport is the way to the mail server, or nil when none is set.
func (s *Settings) transport() (mailer.Transport, error) {
	if s.SMTP == "" {
		return nil, nil
	}
	smtp, err := mailer.ParseSMTP(s.SMTP)
	if err != nil {
		return nil, err
	}
	hello, err := s.hello()
	if err != nil {
		return nil, err
	}
	return mailer.NewSMTP(mailer.SMTPOptions{Settings: smtp, Hello: hello}), nil
}

// noMail says what is missing for mails to leave.
func noMail(s *Settings) string {
	if s.Secret != "" {
		return "NO MAIL WILL BE SENT but by workspaces that name a mail server of their own: HARK_SMTP is not set. Events are taken in and invitations wait"
	}
	return "NO MAIL WILL BE SENT: HARK_SMTP is not set. Events are taken in and invitations wait; set HARK_SMTP and HARK_MAIL_FROM and start again"
}
