package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// settingsGroup is the title under which a command's help has the settings,
// after the command's own flags.
const settingsGroup = "Settings, each of them also an environment variable:"

// help prints a command's help with the settings that the command reads.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	for _, flag := range ctx.Model.Flags {
		if flag.Tag.Has("setting") {
			flag.Group = &kong.Group{Key: "settings", Title: settingsGroup}
			flag.Hidden = !reads(ctx.Selected(), flag.Name)
		}
	}
	return kong.DefaultHelpPrinter(options, ctx)
}

// reads reports whether a command reads a setting: all of them, unless its tag
// settings lists some.
func reads(command *kong.Node, setting string) bool {
	if command == nil || command.Tag == nil || !command.Tag.Has("settings") {
		return true
	}
	return slices.Contains(strings.Split(command.Tag.Get("settings"), ","), setting)
}

// describeFlag is a flag's help with its variable and its default.
func describeFlag(value *kong.Value) string {
	var notes []string
	if value.Flag != nil && value.Tag.Has("setting") {
		notes = append(notes, variable(value.Flag.Name))
	}
	if value.HasDefault && value.Default != "" {
		notes = append(notes, "default "+value.Default)
	}
	if len(notes) == 0 {
		return value.Help
	}
	return fmt.Sprintf("%s (%s)", value.Help, strings.Join(notes, ", "))
}
