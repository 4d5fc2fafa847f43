package main

import (
	"context"
	mathrand "math/rand/v2"
	"net"
	"net/url"

	"github.com/harkhq/hark/handlers"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/i18n"
)

// outgoing is how mails leave this server.
type outgoing struct {
	senders    *mailer.Senders
	sending    *flow.Sending
	dispatcher *mailer.Dispatcher // nil when nothing can be sent
	digests    *mailer.Digests
	trials     *mailer.Trials
}

// newOutgoing builds what writes and sends mails. Where the server has no mail
// server itself, workspaces may still have their own, if they can be stored.
func newOutgoing(p serverParts, vault *surveys.Vault, address *url.URL, catalogue *i18n.Catalogue, metrics *handlers.Metrics) (outgoing, error) {
	var o outgoing
	networks, err := p.settings.relayNetworks()
	if err != nil {
		return o, err
	}
	hello, err := p.settings.hello()
	if err != nil {
		return o, err
	}
	o.senders, err = mailer.NewSenders(mailer.SendersOptions{
		Store: p.store, Vault: vault, From: p.settings.MailFrom, Transport: p.transport, Networks: networks, Hello: hello,
	})
	if err != nil {
		return o, err
	}
	o.sending = flow.NewSending(flow.SendingOptions{Store: p.store, Vault: vault, Resolver: new(net.Resolver), From: o.senders.ServerAddress()})
	if p.transport != nil || vault.Ready() {
		if o.dispatcher, err = newDispatcher(p, o.senders, address, catalogue, metrics); err != nil {
			return o, err
		}
	}
	if err := o.letters(p, vault, address, catalogue); err != nil {
		return o, err
	}
	return o, nil
}

// letters builds what writes other mails than invitations.
func (o *outgoing) letters(p serverParts, vault *surveys.Vault, address *url.URL, catalogue *i18n.Catalogue) (err error) {
	senders := o.senders
	if p.transport == nil && !vault.Ready() {
		senders = nil // nothing is ever sent
	}
	o.digests, err = mailer.NewDigests(mailer.DigestsOptions{
		URL: address, From: p.settings.MailFrom, Catalogue: catalogue, Transport: p.transport, Senders: senders, Now: p.store.Now,
	})
	if err != nil {
		return err
	}
	o.trials, err = mailer.NewTrials(mailer.TrialsOptions{
		URL: address, From: p.settings.MailFrom, Catalogue: catalogue, Transport: p.transport, Senders: senders, Random: p.store.Random(), Now: p.store.Now,
	})
	return err
}

// newDispatcher builds what sends the invitations.
func newDispatcher(p serverParts, senders *mailer.Senders, address *url.URL, catalogue *i18n.Catalogue, metrics *handlers.Metrics) (*mailer.Dispatcher, error) {
	composer, err := mailer.NewComposer(mailer.ComposerOptions{
		URL: address.String(), From: p.settings.MailFrom, Sendless: p.transport == nil, ReadsMail: p.settings.Bounces != "",
		Catalogue: catalogue, Random: p.store.Random(), Now: p.store.Now,
	})
	if err != nil {
		return nil, err
	}
	return mailer.NewDispatcher(mailer.DispatcherOptions{
		Store: p.store, Composer: composer, Transport: p.transport, Senders: senders, Log: p.log, Chance: mathrand.Float64,
		Observe: func(outcome mailer.Outcome) { metrics.Mail(string(outcome)) }, Grace: p.settings.StopAfter, Rate: p.settings.SMTPRate, Workers: p.settings.SMTPConnections,
		Rested: func(s surveys.Stream) { metrics.StreamRested(string(s.Cause)) },
	}), nil
}

// seal is what the server seals with.
func (p serverParts) seal() (*surveys.Vault, error) {
	if p.vault != nil {
		return p.vault, nil
	}
	return p.settings.vault()
}

// reseal seals again what the older secret sealed, and says in the log what can
// no longer be opened: its mails wait.
func (s *server) reseal(ctx context.Context, sending *flow.Sending) error {
	n, err := sending.Reseal(ctx)
	if err != nil {
		return err
	}
	if n > 0 {
		s.log.Info("sealed again with the current HARK_SECRET; HARK_SECRET_OLD can go once `hark doctor` says so", "values", n)
	}
	workspaces, err := s.store.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		faults, err := flow.SealedFaults(ctx, s.store, sending.Vault, w.ID)
		if err != nil {
			return err
		}
		for _, fault := range faults {
			if fault.Err != nil {
				s.log.Error("what is stored sealed cannot be opened, and what needs it waits: set the secret that sealed it as HARK_SECRET_OLD", "workspace", w.Name, "what", fault.What)
			}
		}
	}
	return nil
}
