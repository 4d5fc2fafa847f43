package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"

	"github.com/harkhq/hark/mailer/intake"
	"github.com/harkhq/hark/surveys/flow"
)

// incoming waits for mail that comes back; nil where none comes to the server.
type incoming struct {
	listener *intake.Listener
	socket   net.Listener
	log      *slog.Logger
}

// newIncoming takes the port of the settings, so that one in use is an error
// before anything runs.
func newIncoming(ctx context.Context, p serverParts, bounces *flow.Bounces, name string) (*incoming, error) {
	set, err := intake.ParseSettings(p.settings.Bounces)
	if err != nil || !set.Listens() {
		return nil, err
	}
	var config net.ListenConfig
	socket, err := config.Listen(ctx, "tcp", set.Address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s for mail that comes back: %w: choose another address with HARK_BOUNCES", set.Address, err)
	}
	in := &intake.Intake{Bounces: bounces, Log: p.log}
	return &incoming{listener: intake.NewListener(in, set.Way, name), socket: socket, log: p.log}, nil
}

// run takes mail in until ctx ends.
func (i *incoming) run(ctx context.Context) {
	i.log.Info("taking in mail that comes back", "address", i.socket.Addr().String())
	if err := i.listener.Serve(ctx, i.socket); err != nil {
		i.log.Error("mail: no mail that comes back is taken in any more", "error", err)
	}
}
