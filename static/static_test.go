package static

import (
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func newAssets(t *testing.T) *Assets {
	t.Helper()
	assets, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return assets
}

func get(assets *Assets, method, address string, header http.Header) *http.Response {
	request := httptest.NewRequest(method, address, nil)
	for name, values := range header {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	assets.ServeHTTP(recorder, request)
	return recorder.Result()
}

func TestPathCarriesTheContentsHash(t *testing.T) {
	t.Parallel()
	one, err := load(fstest.MapFS{"css/a.css": {Data: []byte("a{}")}})
	if err != nil {
		t.Fatal(err)
	}
	two, err := load(fstest.MapFS{"css/a.css": {Data: []byte("a{color:red}")}})
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^/static/css/a\.[0-9a-f]{10}\.css$`)
	for _, assets := range []*Assets{one, two} {
		if path := assets.Path("css/a.css"); !form.MatchString(path) {
			t.Errorf("Path = %q, want a hash in the name", path)
		}
	}
	if one.Path("css/a.css") == two.Path("css/a.css") {
		t.Error("two contents have one address: browsers would keep the old one")
	}
}

func TestEveryFileIsServed(t *testing.T) {
	t.Parallel()
	assets := newAssets(t)
	types := map[string]string{
		"css/tokens.css": "text/css; charset=utf-8", "css/office.css": "text/css; charset=utf-8",
		"css/chart.css": "text/css; charset=utf-8", "css/survey.css": "text/css; charset=utf-8",
		"js/htmx.min.js": "text/javascript; charset=utf-8", "img/hark.svg": "image/svg+xml",
	}
	for name, mime := range types {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := get(assets, http.MethodGet, assets.Path(name), nil)
			if response.StatusCode != http.StatusOK {
				t.Fatalf("status %d", response.StatusCode)
			}
			if got := response.Header.Get("Content-Type"); got != mime {
				t.Errorf("Content-Type %q, want %q", got, mime)
			}
			if got := response.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") || !strings.Contains(got, "max-age=31536000") {
				t.Errorf("Cache-Control %q is not for ever", got)
			}
			if got := response.Header.Get("X-Content-Type-Options"); got != "nosniff" {
				t.Errorf("X-Content-Type-Options %q", got)
			}
			body, err := io.ReadAll(response.Body)
			if err != nil || string(body) != assets.Text(name) || len(body) == 0 {
				t.Errorf("body of %d bytes (%v), want the file's %d", len(body), err, len(assets.Text(name)))
			}
		})
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	assets := newAssets(t)
	cases := []struct {
		name   string
		accept string
		packed bool
	}{
		{"no header", "", false},
		{"gzip", "gzip", true},
		{"as browsers say it", "gzip, deflate, br, zstd", true},
		{"with a weight", "br;q=1.0, gzip;q=0.8", true},
		{"refused", "gzip;q=0", false},
		{"refused with digits", "gzip;q=0.000", false},
		{"anything", "*", true},
		{"another one", "br", false},
		{"a name that contains it", "xgzip", false},
		{"capitals", "GZIP", true},
		{"nonsense weight", "gzip;q=x", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			response := get(assets, http.MethodGet, assets.Path("css/office.css"), http.Header{"Accept-Encoding": {c.accept}})
			if got := response.Header.Get("Content-Encoding") == "gzip"; got != c.packed {
				t.Fatalf("packed %v, want %v", got, c.packed)
			}
			if response.Header.Get("Vary") != "Accept-Encoding" {
				t.Error("a cache would mix the two forms: Vary is missing")
			}
			var body io.Reader = response.Body
			if c.packed {
				unpacked, err := gzip.NewReader(body)
				if err != nil {
					t.Fatal(err)
				}
				body = unpacked
			}
			content, err := io.ReadAll(body)
			if err != nil || string(content) != assets.Text("css/office.css") {
				t.Errorf("content differs (%v)", err)
			}
		})
	}
}

func TestSmallFilesAreNotCompressed(t *testing.T) {
	t.Parallel()
	assets, err := load(fstest.MapFS{"css/a.css": {Data: []byte("a{}")}})
	if err != nil {
		t.Fatal(err)
	}
	response := get(assets, http.MethodGet, assets.Path("css/a.css"), http.Header{"Accept-Encoding": {"gzip"}})
	if response.Header.Get("Content-Encoding") != "" {
		t.Error("gzip makes three bytes longer, and was sent all the same")
	}
}

func TestRequestsThatGetNoFile(t *testing.T) {
	t.Parallel()
	assets := newAssets(t)
	cases := []struct {
		name, method, address string
		status                int
	}{
		{"without a hash", "GET", "/static/css/office.css", 404},
		{"an old hash", "GET", "/static/css/office.0000000000.css", 404},
		{"a folder", "GET", "/static/css/", 404},
		{"outside", "GET", "/static/../static.go", 404},
		{"an unknown name's address", "GET", assets.Path("css/none.css"), 404},
		{"POST", "POST", assets.Path("css/office.css"), 405},
		{"HEAD", "HEAD", assets.Path("css/office.css"), 200},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			response := get(assets, c.method, c.address, nil)
			if response.StatusCode != c.status {
				t.Errorf("status %d, want %d", response.StatusCode, c.status)
			}
			if body, _ := io.ReadAll(response.Body); c.method == "HEAD" && len(body) > 0 {
				t.Error("HEAD has a body")
			}
		})
	}
}

func TestUnchangedFileIsNotSentAgain(t *testing.T) {
	t.Parallel()
	assets := newAssets(t)
	address := assets.Path("css/office.css")
	etag := get(assets, http.MethodGet, address, nil).Header.Get("ETag")
	if response := get(assets, http.MethodGet, address, http.Header{"If-None-Match": {etag}}); response.StatusCode != http.StatusNotModified {
		t.Errorf("status %d, want 304", response.StatusCode)
	}
}

func TestUnknownTypeIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := load(fstest.MapFS{"css/a.exe": {Data: []byte("x")}}); err == nil || !strings.Contains(err.Error(), "css/a.exe") {
		t.Errorf("error %v does not name the file", err)
	}
}

// Pages name files by a string; this finds those that do not exist.
func TestPagesNameFilesThatExist(t *testing.T) {
	t.Parallel()
	assets := newAssets(t)
	use := regexp.MustCompile(`\.(?:Path|Text)\("([a-z]+/[^"]+)"\)`)
	found := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".templ") && !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, match := range use.FindAllSubmatch(content, -1) {
			found++
			if _, ok := assets.paths[string(match[1])]; !ok {
				t.Errorf("%s names %s, which is not embedded", path, match[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Error("no use was found: the search is broken")
	}
}
