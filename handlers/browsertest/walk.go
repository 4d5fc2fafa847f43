package browsertest

import (
	"context"
	_ "embed" // the scripts that look at pages
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed testdata/axe.min.js
var axe string

//go:embed testdata/faults.js
var faults string

//go:embed testdata/focus.js
var focus string

// Axe has axe-core judge the page that the tab shows by WCAG 2.2 AA and its best
// practices, and returns what it finds against it, with the elements; rules named
// in without are not asked.
func Axe(ctx context.Context, without ...string) ([]string, error) {
	off := map[string]any{}
	for _, rule := range without {
		off[rule] = map[string]bool{"enabled": false}
	}
	rules, err := json.Marshal(off)
	if err != nil {
		return nil, fmt.Errorf("name the rules: %w", err)
	}
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axe)); err != nil {
		return nil, fmt.Errorf("load axe: %w", err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run(document, {
		runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
		rules: `+string(rules)+`, resultTypes: ["violations"],
	}).then(result => result.violations.map(v => v.id + " (" + v.impact + "): " + v.help + ": " +
		v.nodes.slice(0, 4).map(n => n.target.join(" ") + " " + (n.any.concat(n.all, n.none)[0]?.message ?? "")).join("; ")))`, chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, fmt.Errorf("run axe: %w", err)
	}
	return found, nil
}

// Faults returns what is wrong with the layout and the names of the page that the
// tab shows: wider than the window, texts of a picture that overlap, pictures
// without a name, fields without a label, ids that are there twice.
func Faults(ctx context.Context) ([]string, error) {
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](faults))
	if err != nil {
		return nil, fmt.Errorf("look for faults: %w", err)
	}
	return found, nil
}

// Stops walks through the page with the Tab key, at most so many times, and
// returns where the focus rested, in order, and what is wrong there. The walk
// ends where it would begin anew.
func Stops(ctx context.Context, most int) (places, wrong []string, err error) {
	seen := make(map[string]bool)
	for range most {
		if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Tab)); err != nil {
			return places, wrong, fmt.Errorf("press Tab: %w", err)
		}
		stop, err := chromedp.Run(ctx, chromedp.Evaluate[struct{ Place, Fault string }](focus))
		if err != nil {
			return places, wrong, fmt.Errorf("find the focus: %w", err)
		}
		if stop.Place == "" || seen[stop.Place] {
			return places, wrong, nil
		}
		seen[stop.Place] = true
		places = append(places, stop.Place)
		if stop.Fault != "" {
			wrong = append(wrong, stop.Place+": "+stop.Fault)
		}
	}
	return places, wrong, nil
}

// Console collects what a tab's pages complain about: exceptions, errors on the
// console, what the content security policy refused, addresses that are not there.
type Console struct {
	mu   sync.Mutex
	said []string
}

// Hear begins to collect what the pages of a tab complain about.
func Hear(ctx context.Context) (*Console, error) {
	c := new(Console)
	return c, chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError {
				c.add(e.Entry.Text + " " + e.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			c.add(e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError {
				c.add("console.error")
			}
		}
	})
}

func (c *Console) add(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, strings.TrimSpace(text))
}

// Said returns the complaints so far, and forgets them.
func (c *Console) Said() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := c.said
	c.said = nil
	return said
}

// Print writes the page that the tab shows to path, as it comes out of a printer
// on A4.
func Print(ctx context.Context, path string) error {
	sheet, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPrintBackground()))
	if err != nil {
		return fmt.Errorf("print the page: %w", err)
	}
	if err := os.WriteFile(path, sheet, 0o644); err != nil {
		return fmt.Errorf("keep a print: %w", err)
	}
	return nil
}
