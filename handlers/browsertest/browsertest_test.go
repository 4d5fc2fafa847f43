package browsertest

import (
	"errors"
	"image"
	"image/color"
	_ "image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// page is 1500 px long, green in a light and blue in a dark system.
const page = `<!doctype html><title>page</title><style>
body, p { margin: 0 }
body { height: 1500px; background: #0f0 }
@media (prefers-color-scheme: dark) { body { background: #00f } }
</style><p id="hello">你好</p>`

func serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestBrowserReadsPage(t *testing.T) {
	t.Parallel()
	tab := New(t)
	if err := chromedp.Do(tab, chromedp.Navigate(serve(t))); err != nil {
		t.Fatal(err)
	}
	text, err := chromedp.Run(tab, chromedp.Text(chromedp.CSS("#hello")))
	if err != nil || text != "你好" {
		t.Errorf("text = %q, %v", text, err)
	}
	err = chromedp.Do(tab, chromedp.Navigate("http://www.example.test/"))
	if err == nil || !strings.Contains(err.Error(), "ERR_NAME_NOT_RESOLVED") {
		t.Errorf("a page elsewhere gives %v, want a name that does not resolve", err)
	}
}

func TestScreenshot(t *testing.T) {
	t.Parallel()
	tab := New(t)
	if err := chromedp.Do(tab, chromedp.Navigate(serve(t))); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, test := range []struct {
		name          string
		width, height int
		scheme        Scheme
		size          image.Point
		background    color.Color
	}{
		{"phone, light", 320, 640, Light, image.Pt(320, 640), color.RGBA{0, 255, 0, 255}},
		{"desk, dark", 1280, 720, Dark, image.Pt(1280, 720), color.RGBA{0, 0, 255, 255}},
		{"whole page", 800, 0, Light, image.Pt(800, 1500), color.RGBA{0, 255, 0, 255}},
	} {
		path := filepath.Join(dir, test.name+".png")
		if err := Screenshot(tab, path, test.width, test.height, test.scheme); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		picture := open(t, path)
		if picture.Bounds().Size() != test.size {
			t.Errorf("%s: size %v, want %v", test.name, picture.Bounds().Size(), test.size)
		}
		corner := picture.At(test.size.X-1, test.size.Y-1)
		if color.RGBAModel.Convert(corner) != test.background {
			t.Errorf("%s: background %v, want %v", test.name, corner, test.background)
		}
	}
	if err := Screenshot(tab, filepath.Join(dir, "no", "such", "folder.png"), 320, 640, Light); err == nil {
		t.Error("a picture that cannot be kept gives no error")
	}
}

// open decodes the picture at path.
func open(t *testing.T, path string) image.Image {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, _, err := image.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

func TestPicturesAreKeptOnRequest(t *testing.T) {
	want := filepath.Join(t.TempDir(), "img")
	t.Setenv(PicturesEnv, want)
	if got := Pictures(t); got != want {
		t.Errorf("directory %s, want %s", got, want)
	}
	if _, err := os.Stat(want); err != nil {
		t.Error(err)
	}
	t.Setenv(PicturesEnv, "")
	if got := Pictures(t); got == want {
		t.Errorf("directory %s without a request", got)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ installed, want string }{
		"chromium":    {"chromium", "/bin/chromium"},
		"only chrome": {"google-chrome", "/bin/google-chrome"},
		"none":        {"firefox", ""},
	} {
		path, err := find(func(name string) (string, error) {
			if name != test.installed {
				return "", errors.New("not found")
			}
			return "/bin/" + name, nil
		})
		if path != test.want || (err == nil) == (test.want == "") {
			t.Errorf("%s: %q, %v, want %q", name, path, err, test.want)
		}
	}
}
