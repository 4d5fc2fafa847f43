package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/handlers"
	"github.com/harkhq/hark/handlers/office"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
)

// server is everything that runs: the writer of answers, the dispatcher of
// mails, the jobs, and HTTP over them.
type server struct {
	log        *slog.Logger
	store      *store.Store
	ingest     *store.Ingest
	touches    *store.TouchQueue
	dispatcher *mailer.Dispatcher // nil when nothing can be sent
	bounces    *flow.Bounces
	sending    *flow.Sending
	incoming   *incoming // nil when no mail comes back to this server
	jobs       *river.Client[*sql.Tx]
	http       *http.Server
	drain      *drain
	listener   net.Listener
	stopAfter  time.Duration
}

// serverParts are what a server is built from.
type serverParts struct {
	settings  *Settings
	log       *slog.Logger
	store     *store.Store
	listener  net.Listener     // nil: one on the settings' address
	transport mailer.Transport // nil: nothing is sent
	mailbox   office.Mailbox   // the demo's; nil otherwise
	vault     *surveys.Vault   // the demo's; nil: the settings'
	demo      func() *layouts.Demo
}

// newServer builds a server and takes its port, so that a port in use is an
// error before anything runs.
func newServer(ctx context.Context, p serverParts) (*server, error) {
	site, err := p.settings.site()
	if err != nil {
		return nil, err
	}
	listener := p.listener
	if listener == nil {
		if listener, err = listen(ctx, p.settings); err != nil {
			return nil, err
		}
	}
	s := &server{log: p.log, store: p.store, listener: listener, stopAfter: p.settings.StopAfter}
	err = s.build(p, site)
	if err == nil {
		s.incoming, err = newIncoming(ctx, p, s.bounces, site.Hostname())
	}
	if err != nil {
		listener.Close()
		return nil, err
	}
	return s, nil
}

// build puts the parts together.
func (s *server) build(p serverParts, address *url.URL) error {
	metrics := handlers.NewMetrics(version)
	catalogue, err := i18n.New()
	if err != nil {
		return err
	}
	assets, err := static.New()
	if err != nil {
		return err
	}
	proxies, err := p.settings.proxies()
	if err != nil {
		return err
	}
	vault, err := p.seal()
	if err != nil {
		return err
	}
	out, err := newOutgoing(p, vault, address, catalogue, metrics)
	if err != nil {
		return err
	}
	s.dispatcher, s.sending = out.dispatcher, out.sending
	metrics.LostKeys(out.sending.LostKeys)
	metrics.MailQueue(out.sending.Queue)
	if s.jobs, err = flow.NewWorker(p.store, p.log, metrics.Job, out.digests.Post(), out.sending); err != nil {
		return err
	}
	s.ingest, s.touches = store.NewIngest(p.store, metrics.Batch), store.NewTouchQueue(p.store, p.log)
	metrics.DroppedTouches(s.touches.Dropped)
	directory := flow.NewDirectory(p.store)
	answers := flow.NewAnswers(p.store, directory, s.ingest)
	s.bounces = flow.NewBounces(p.store, directory)
	site := &web.Site{
		Store: p.store, Directory: directory, Answers: answers, Cancelling: flow.NewCancelling(p.store, directory, answers), Touches: s.touches,
		Receiver: flow.NewReceiver(p.store, s.wake), Visitors: flow.NewVisitors(p.store, vault), Asking: flow.NewAsking(p.store), Team: flow.NewTeam(p.store),
		Assets: assets, Catalogue: catalogue, Log: p.log, URL: address, Demo: p.demo, Now: p.store.Now,
		Digests: out.digests, Trials: out.trials, Sending: out.sending, Senders: out.senders,
	}
	if p.transport == nil {
		site.Mail = web.MailWaits
	}
	s.drain = &drain{now: p.store.Now, busy: make(map[net.Conn]time.Time)}
	s.http = &http.Server{
		ConnState:         s.drain.observe,
		Handler:           handlers.New(handlers.Options{Site: site, Metrics: metrics, Mailbox: p.mailbox, Proxies: proxies, Ready: p.store.Ping, Vault: vault}),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelWarn),
	}
	return nil
}

func listen(ctx context.Context, settings *Settings) (net.Listener, error) {
	if _, _, err := settings.hostPort(); err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", settings.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w: stop what uses the port, or choose another with HARK_ADDR (--addr)", settings.Addr, err)
	}
	return listener, nil
}

// wake tells the dispatcher of an invitation that is due at once.
func (s *server) wake(sendAt time.Time) {
	if s.dispatcher != nil && sendAt.Sub(s.store.Now()) < time.Second {
		s.dispatcher.Wake()
	}
}

// run serves until ctx ends, and then stops in an order in which nothing that
// was accepted is lost: requests first, then the writer that they wait for,
// then mails and jobs under way.
func (s *server) run(ctx context.Context) error {
	var background sync.WaitGroup
	stopping, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if s.dispatcher != nil {
		background.Go(func() { s.dispatcher.Run(stopping) })
	}
	if s.incoming != nil {
		background.Go(func() { s.incoming.run(stopping) })
	}
	if err := s.jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the jobs: %w", err)
	}
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(s.listener) }()
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		s.log.Info("stopping", "at_most", s.stopAfter)
	}
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.stopAfter)
	defer cancel()
	// Those who are connecting are let in before the door is closed: what waits
	// in the system's queue when a listener closes is reset.
	s.http.SetKeepAlivesEnabled(false)
	s.drain.lull(deadline)
	s.listener.Close()
	s.drain.wait(deadline)
	if shutdown := s.http.Shutdown(deadline); err == nil {
		err = shutdown
	}
	s.ingest.Close()
	s.touches.Close()
	stop()
	background.Wait()
	if stopped := s.jobs.Stop(deadline); err == nil {
		err = stopped
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// address is where the server listens, as http://HOST:PORT.
func (s *server) address() string { return "http://" + s.listener.Addr().String() }

// serveOn runs the server on an opened database, alone on it if it is SQLite.
func serveOn(ctx context.Context, p serverParts, started func(*server) error) error {
	release, err := p.store.Lock()
	if err != nil {
		return err
	}
	defer release()
	s, err := newServer(ctx, p)
	if err != nil {
		return err
	}
	if err := s.reseal(ctx, s.sending); err != nil {
		s.listener.Close()
		return err
	}
	if err := started(s); err != nil {
		s.listener.Close()
		return err
	}
	return s.run(ctx)
}
