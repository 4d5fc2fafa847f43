package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// commands is the command line. The tag settings lists the settings that a
// command reads, for its help; without it, it reads them all.
type commands struct {
	Settings

	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Demo    demoCommand    `cmd:"" help:"Run the server on a year of made-up data, with a mailbox. Needs nothing."`
	Migrate migrateCommand `cmd:"" settings:"database,log,log-level" help:"Bring the database to this program's schema. The server does it at its start."`
	User    struct {
		Add userAddCommand `cmd:"" settings:"database,url,log,log-level" help:"Add a member of the team, or change one, and print a one-time sign-in link; --password sets a password instead."`
	} `cmd:"" help:"Who may sign in."`
	Key struct {
		Add keyAddCommand `cmd:"" settings:"database,log,log-level" help:"Add an API key and print its secret, once."`
	} `cmd:"" help:"Which programs may send and read."`
	Import  importCommand  `cmd:"" settings:"database,log,log-level" help:"Bring the answers of a CSV file in."`
	Score   scoreCommand   `cmd:"" settings:"-" help:"Score a CSV file at the terminal, with no server."`
	Sealing secretCommand  `cmd:"" name:"secret" settings:"-" help:"Print a fresh secret for HARK_SECRET."`
	Bounce  bounceCommand  `cmd:"" settings:"database,log,log-level" help:"Take in a mail that came back, from the standard input, as a mail server's pipe gives it."`
	Doctor  doctorCommand  `cmd:"" settings:"database,secret,secret-old,log,log-level" help:"Count every answer again and compare with the reports, and try whether sealed passwords and keys can be opened."`
	Health  healthCommand  `cmd:"" settings:"addr" help:"Ask a running server on this machine whether it is well."`
	Version versionCommand `cmd:"" settings:"-" help:"Print the version."`
}

// run is the whole program: it reads the command line and the settings, runs
// the command, and returns the exit status.
func run(ctx context.Context, args, environ []string, t terminal) int {
	var c commands
	exit := -1
	parser, err := kong.New(&c, kong.Name("hark"), kong.Description("A feedback server that a company runs itself."),
		kong.UsageOnError(), kong.Writers(t.out, t.err), kong.Exit(func(status int) { exit = status }),
		kong.Resolvers(fromEnvironment(environ)), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(t, &c.Settings),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}), kong.Help(help), kong.ValueFormatter(describeFlag))
	if err != nil {
		return fail(t, err)
	}
	if err := checkEnvironment(environ); err != nil {
		return fail(t, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exit >= 0 {
		return exit // --help
	}
	if err != nil {
		return fail(t, err)
	}
	if err := command.Run(); err != nil && !errors.Is(err, context.Canceled) {
		return fail(t, err)
	}
	return 0
}

// fail prints an error for the person at the terminal.
func fail(t terminal, err error) int {
	fmt.Fprintf(t.err, "hark: %s\n", describe(err))
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return 1
}

// describe says an error with the catalogue's words for what the domain
// refuses, and the error's own for everything else.
func describe(err error) string {
	var known *surveys.Error
	catalogue, catalogueErr := i18n.New()
	if catalogueErr != nil || !errors.As(err, &known) {
		return err.Error()
	}
	l := catalogue.Match("en")
	var lines []string
	for _, f := range known.Fields {
		lines = append(lines, f.Path+": "+l.T("error."+f.Code, pairs(f.Args)...))
	}
	if len(lines) == 0 {
		lines = append(lines, l.T("error."+known.Code, pairs(known.Args)...))
	}
	if known.Err != nil {
		lines = append(lines, "("+known.Err.Error()+")")
	}
	return strings.Join(lines, "\n      ")
}

func pairs(args map[string]any) []any {
	var list []any
	for name, value := range args {
		list = append(list, name, value)
	}
	return list
}
