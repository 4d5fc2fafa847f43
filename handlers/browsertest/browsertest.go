// Package browsertest opens pages in a real, headless Chromium for tests, and
// takes their pictures. It stands at the far end of the data's way, where a
// person looks at a page, and is used by the tests of handlers and cmd only.
package browsertest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// PicturesEnv names the environment variable with the directory in which
// [Pictures] keeps the pictures that tests take. `make screenshots` sets it,
// and runs the tests that have Picture in their names.
const PicturesEnv = "HARK_SCREENSHOTS"

// limit is how long one test may use its browser.
const limit = 6 * time.Minute

// Scheme is the colour scheme that a person's system prefers.
type Scheme string

// The schemes, named as in the media feature prefers-color-scheme, and the one of
// people whose system draws all pages in its own few colours (forced-colors).
const (
	Light  Scheme = "light"
	Dark   Scheme = "dark"
	Forced Scheme = "forced"
)

// New starts a browser with an empty profile and returns the context of its
// first tab, for chromedp's Do and Run. The browser ends with tb; after six
// minutes everything in it fails. It reaches this machine only: names other
// than localhost and its subdomains do not resolve, so that no page depends on
// another's server without a test noticing.
func New(tb testing.TB) context.Context {
	tb.Helper()
	path, err := find(exec.LookPath)
	if err != nil {
		tb.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], // headless, no first run, no background traffic
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // it cannot sandbox itself as root or in a container
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-back-forward-cache", true), // so that going back loads a page, for which chromedp waits
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "en-US"),
		chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost"),
	)
	// Not tb's context: it ends before the clean-ups, and the browser would be
	// killed instead of closed.
	timed, stop := context.WithTimeout(context.Background(), limit)
	process, kill := chromedp.NewExecAllocator(timed, options...)
	tab, closeTab := chromedp.NewContext(process, chromedp.WithErrorf(func(string, ...any) {
		// Protocol events that are newer than the library; a failed step is
		// returned by the step.
	}))
	tb.Cleanup(func() {
		closeTab()
		kill()
		stop()
	})
	if err := chromedp.Do(tab); err != nil {
		tb.Fatalf("start %s: %v", path, err)
	}
	return tab
}

// Pictures returns the directory for the pictures of this test: the one that
// $HARK_SCREENSHOTS names, else one that is deleted after the test. So a test
// always takes its pictures, and they are kept on request.
func Pictures(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv(PicturesEnv)
	if dir == "" {
		return tb.TempDir()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		tb.Fatalf("make the directory for pictures: %v", err)
	}
	return dir
}

// Wanted returns the directory in which pictures are wanted, and "" where nobody
// asked for any: for tests that would take many.
func Wanted() string { return os.Getenv(PicturesEnv) }

// Screenshot writes a PNG of the page that the tab shows to path, as it looks
// in a window of that width, in CSS pixels, and scheme. A height of 0 takes the
// whole page, however long. The tab keeps width and scheme.
func Screenshot(ctx context.Context, path string, width, height int, scheme Scheme) error {
	if err := Look(ctx, width, height, scheme); err != nil {
		return fmt.Errorf("set the window for %s: %w", filepath.Base(path), err)
	}
	take := chromedp.CaptureScreenshot()
	if height == 0 {
		take = chromedp.FullScreenshot(100)
	}
	picture, err := chromedp.Run(ctx, take)
	if err != nil {
		return fmt.Errorf("take %s: %w", filepath.Base(path), err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		return fmt.Errorf("keep a picture: %w", err)
	}
	return nil
}

// Look shows the tab's page in a window of that size, in CSS pixels, and scheme. A height
// of 0 is some.
func Look(ctx context.Context, width, height int, scheme Scheme) error {
	return chromedp.Do(ctx, chromedp.EmulateViewport(int64(width), int64(cmp.Or(height, 800))), Prefer(scheme))
}

// Prefer makes the tab's pages see a system that prefers scheme, and no motion.
func Prefer(scheme Scheme) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: string(scheme)}, {Name: "prefers-reduced-motion", Value: "reduce"}}
		if scheme == Forced {
			features[0] = &emulation.MediaFeature{Name: "forced-colors", Value: "active"}
		}
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		if err != nil {
			return fmt.Errorf("prefer the %s scheme: %w", scheme, err)
		}
		return nil
	})
}

// find returns the browser's path; lookPath is [exec.LookPath].
func find(lookPath func(string) (string, error)) (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := lookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("neither Chromium nor Chrome is installed: run `make test-deps`, or `apt-get install chromium`")
}
