package main

import (
	"context"
	mathrand "math/rand/v2"
	"net/url"

	"github.com/harkhq/hark/handlers"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/templates/i18n"
)

type serveCommand struct{}

// Run opens the database and serves until the program is asked to stop.
func (serveCommand) Run(ctx context.Context, settings *Settings, t terminal) error {
	log := settings.logger(t)
	if err := settings.check(); err != nil {
		return err
	}
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
			log.Warn("NO MAIL WILL BE SENT: HARK_SMTP is not set. Events are taken in and invitations wait; set HARK_SMTP and HARK_MAIL_FROM and start again")
		}
		log.Info("serving", "address", s.address(), "url", settings.URL, "database", string(opened.Dialect()))
		if len(workspaces) == 0 {
			log.Warn("nobody can sign in yet: run `hark user add you@example.com --workspace \"Your company\"` with the same HARK_DATABASE")
		}
		return nil
	})
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
	return mailer.NewSMTP(mailer.SMTPOptions{Settings: smtp}), nil
}

// newDispatcher builds what sends the invitations.
func newDispatcher(p serverParts, address *url.URL, catalogue *i18n.Catalogue, metrics *handlers.Metrics) (*mailer.Dispatcher, error) {
	composer, err := mailer.NewComposer(mailer.ComposerOptions{
		URL: address.String(), From: p.settings.MailFrom, ReadsMail: p.settings.Bounces != "", Catalogue: catalogue, Random: p.store.Random(), Now: p.store.Now,
	})
	if err != nil {
		return nil, err
	}
	return mailer.NewDispatcher(mailer.DispatcherOptions{
		Store: p.store, Composer: composer, Transport: p.transport, Log: p.log, Chance: mathrand.Float64,
		Observe: func(outcome mailer.Outcome) { metrics.Mail(string(outcome)) }, Grace: p.settings.StopAfter,
	}), nil
}
