// Command hark is the feedback server, and the commands around it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones of people and workspaces, wherever the program runs
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Environ(), terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
}
