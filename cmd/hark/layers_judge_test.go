package main

import (
	"strings"
	"testing"
)

// TestLayersJudge shows the rules of TestLayers good and bad packages, since a
// rule that finds nothing in a clean tree may as well be blind.
func TestLayersJudge(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		judge   func(layeredPackage) []string
		folder  string
		imports string // separated by blanks; "./x" is x in this module
		finds   string // part of the complaint; empty is none
	}{
		"order: a page of a domain type":        {checkOrder, "templates/office", "./surveys ./analysis ./templates/layouts", ""},
		"order: the domain from the store":      {checkOrder, "surveys", "./surveys/store", "surveys imports surveys/store"},
		"order: store and its own suite":        {checkOrder, "surveys/store/storetest", "./surveys/store ./surveys", ""},
		"order: store from flow":                {checkOrder, "surveys/store", "./surveys/flow", "does not come before"},
		"order: the domain from analysis":       {checkOrder, "surveys", "./analysis", "does not come before"},
		"order: one kind of page from another":  {checkOrder, "templates/office", "./templates/letters", "does not come before"},
		"order: a component from a page":        {checkOrder, "templates/components", "./templates/respond", "does not come before"},
		"order: below a component":              {checkOrder, "templates/components/charts", "./templates/i18n", ""},
		"order: a handler from its neighbour":   {checkOrder, "handlers/office", "./handlers/auth ./mailer", ""},
		"order: a handler from the routes":      {checkOrder, "handlers/office", "./handlers", "does not come before"},
		"order: the mailer from a handler":      {checkOrder, "mailer", "./handlers/api", "does not come before"},
		"order: mail's neighbours":              {checkOrder, "mailer/hooks", "./mailer ./templates/letters", ""},
		"order: a folder nobody knows":          {checkOrder, "util", "", "no place in the layers"},
		"order: from a folder nobody knows":     {checkOrder, "cmd/hark", "./util", "does not come before"},
		"order: libraries are not its business": {checkOrder, "static", "embed gorm.io/gorm", ""},
		"library: gorm at home":                 {checkReserved, "surveys/store/storetest", "gorm.io/gorm", ""},
		"library: gorm in the flow":             {checkReserved, "surveys/flow", "gorm.io/gorm", "imports gorm.io/gorm"},
		"library: SQLite in cmd":                {checkReserved, "cmd/hark", "modernc.org/sqlite", "belongs in"},
		"library: a neighbour of SQLite in cmd": {checkReserved, "cmd/hark", "modernc.org/libc", ""},
		"library: echo in a handler":            {checkReserved, "handlers/api", "github.com/labstack/echo/v4", ""},
		"library: echo's middleware in cmd":     {checkReserved, "cmd/hark", "github.com/labstack/echo/v4/middleware", "belongs in"},
		"library: mail in a handler":            {checkReserved, "handlers/api", "github.com/wneessen/go-mail", "belongs in"},
		"library: mail in the mailer":           {checkReserved, "mailer", "github.com/wneessen/go-mail", ""},
		"standard: net/netip in the domain":     {checkStandard, "surveys", "net/netip time", ""},
		"standard: x/text in the domain":        {checkStandard, "surveys", "golang.org/x/text/language", "standard library only"},
		"standard: uuid in the store":           {checkStandard, "surveys/store", "github.com/google/uuid", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pkg := layeredPackage{ImportPath: module + test.folder}
			for _, imported := range strings.Fields(test.imports) {
				pkg.Imports = append(pkg.Imports, strings.Replace(imported, "./", module, 1))
			}
			expectComplaint(t, test.judge(pkg), test.finds)
		})
	}
}

// TestLayersJudgeSource does the same for the rules about a file's text.
func TestLayersJudgeSource(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, text, finds string }{
		"init":                       {"surveys/rule.go", "func init() {}", "init function"},
		"a method named init":        {"surveys/rule.go", "type r int; func (r) init() {}", ""},
		"environment in the mailer":  {"mailer/send.go", `var host = os.Getenv("HARK_SMTP")`, "os.Getenv"},
		"environment by the kernel":  {"mailer/send.go", `var host, _ = syscall.LookupEnv("HARK_SMTP")`, "only cmd reads"},
		"environment as a value":     {"handlers/routes.go", "var getenv = os.LookupEnv", "os.LookupEnv"},
		"environment in cmd":         {"cmd/hark/main.go", "var all = os.Environ()", ""},
		"environment in test's help": {"surveys/store/storetest/postgres.go", "var all = os.Environ()", ""},
		"another's Getenv":           {"mailer/send.go", "var all = config.Getenv()", ""},
		"not Go":                     {"mailer/send.go", "func {", "parse mailer/send.go"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectComplaint(t, checkSource(test.file, []byte("package p\n"+test.text+"\n")), test.finds)
		})
	}
}

// expectComplaint wants one complaint that contains part, or none where part is
// empty.
func expectComplaint(t *testing.T, complaints []string, part string) {
	t.Helper()
	got := strings.Join(complaints, "; ")
	if part == "" && got != "" {
		t.Errorf("complains: %s", got)
	}
	if part != "" && (len(complaints) != 1 || !strings.Contains(got, part)) {
		t.Errorf("complaints %q, want one about %q", got, part)
	}
}
