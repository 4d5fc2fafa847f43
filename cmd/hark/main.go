// Command hark is the feedback server, and the commands around it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones of people and workspaces, wherever the program runs
)

// version is what the Makefile and the Dockerfile link in, as git describes the
// checkout. It is a variable because the linker can set nothing else; only
// handlers.Version is handed it. Empty: what the Go build knows is told.
var version string

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Environ(), terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
}
