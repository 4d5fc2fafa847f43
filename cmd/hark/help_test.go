package main

import (
	"slices"
	"strings"
	"testing"
)

func TestSettingsOfHelp(t *testing.T) {
	t.Parallel()
	database := []string{"HARK_DATABASE", "HARK_LOG", "HARK_LOG_LEVEL"}
	for _, test := range []struct {
		command string
		has     []string // settings, and nothing else of them
		says    []string // in this order
	}{
		{"", settingNames(), []string{"Commands:", "serve", "Flags:", "Settings, each"}},
		{"serve", settingNames(), []string{"Run the server", "Settings", "--addr=HOST:PORT", "(HARK_ADDR, default :8080)"}},
		{"demo", settingNames(), []string{"--dir=PATH", "Settings", "--addr"}},
		{"migrate", database, []string{"Settings", "--database=URL", "(HARK_DATABASE, default sqlite:hark.db)"}},
		{"doctor", append(slices.Clone(database), "HARK_SECRET", "HARK_SECRET_OLD"), []string{"--mend", "Settings"}},
		{"secret", nil, []string{"Print a fresh secret"}},
		{"user add", append(slices.Clone(database), "HARK_URL"), []string{"one-time sign-in link", "--role", "--password", "--create-workspace", "Settings", "--url"}},
		{"key add", database, []string{"--scope", "(default events,responses,read)", "Settings"}},
		{"import", database, []string{"--survey", "--create", "Settings"}},
		{"health", []string{"HARK_ADDR"}, []string{"Settings", "--addr"}},
		{"score", nil, []string{"--metric", "--confidence", "(default 0.95)"}},
		{"version", nil, []string{"Print the version"}},
	} {
		t.Run(test.command, func(t *testing.T) {
			t.Parallel()
			status, out, errs := hark(t, nil, append(strings.Fields(test.command), "--help")...)
			if status != 0 || errs != "" {
				t.Fatalf("status %d, %s", status, errs)
			}
			flat := strings.Join(strings.Fields(out), " ") // lines break where the terminal ends
			for _, name := range settingNames() {
				if shown := strings.Contains(flat, "("+name); shown != slices.Contains(test.has, name) {
					t.Errorf("shows %s: %v, in\n%s", name, shown, out)
				}
			}
			rest := flat
			for _, want := range test.says {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Fatalf("does not say %q, or not after what comes before it:\n%s", want, out)
				}
				rest = after
			}
		})
	}
}
