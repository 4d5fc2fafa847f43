// Package static holds what browsers load beside the pages: style sheets,
// scripts and pictures. It is the leftmost package of the data's way: it knows
// nothing of surveys, and pages ask it only for addresses.
//
// Every file is served under a name that contains a hash of its content, so it
// may be cached for ever, and a new version of the program is never mixed with
// the style sheet of the one before.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

// Prefix is where [Assets] expects to be mounted.
const Prefix = "/static/"

// hashDigits is how much of the hash a name carries: 40 bits, plenty to tell
// the versions of one file apart.
const hashDigits = 10

//go:embed css js img
var files embed.FS

// Assets are the embedded files, hashed and compressed. Make one with [New],
// hand it to the pages for addresses, and mount it at [Prefix]. It is safe for
// concurrent use.
type Assets struct {
	paths  map[string]string // "css/office.css" → "/static/css/office.3f2a9c01d2.css"
	served map[string]asset  // by address
}

// asset is one file, ready to be sent.
type asset struct {
	name   string
	mime   string
	etag   string
	plain  []byte
	packed []byte // gzip; nil when that is not smaller
}

// New reads, shortens, hashes and compresses the embedded files. It takes some
// milliseconds and is meant to be called once, at start. It fails on a file of
// a type that it has no MIME type for.
func New() (*Assets, error) {
	return load(files)
}

// newMinifier leaves out what only people read in style sheets and scripts: half of a
// script's weight on the wire.
func newMinifier() *minify.M {
	m := minify.New()
	m.AddFunc(".css", css.Minify)
	m.AddFunc(".js", js.Minify)
	return m
}

func load(tree fs.FS) (*Assets, error) {
	assets, minifier := &Assets{paths: map[string]string{}, served: map[string]asset{}}, newMinifier()
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		if !strings.Contains(name, ".min.") {
			content, err = minifier.Bytes(path.Ext(name), content)
		}
		if err != nil && !errors.Is(err, minify.ErrNotExist) {
			return fmt.Errorf("shorten %s: %w", name, err)
		}
		return assets.add(name, content)
	})
	if err != nil {
		return nil, fmt.Errorf("load static files: %w", err)
	}
	return assets, nil
}

func (a *Assets) add(name string, content []byte) error {
	extension := path.Ext(name)
	mime, ok := mimeType(extension)
	if !ok {
		return fmt.Errorf("%s: no MIME type is known for %q", name, extension)
	}
	packed, err := compress(content)
	if err != nil {
		return fmt.Errorf("compress %s: %w", name, err)
	}
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])[:hashDigits]
	address := Prefix + strings.TrimSuffix(name, extension) + "." + hash + extension
	a.paths[name] = address
	a.served[address] = asset{name: name, mime: mime, etag: `"` + hash + `"`, plain: content, packed: packed}
	return nil
}

// mimeType is a closed list, because the system's table of types differs from
// machine to machine.
func mimeType(extension string) (string, bool) {
	switch extension {
	case ".css":
		return "text/css; charset=utf-8", true
	case ".js":
		return "text/javascript; charset=utf-8", true
	case ".svg":
		return "image/svg+xml", true
	case ".png":
		return "image/png", true
	case ".webp":
		return "image/webp", true
	case ".ico":
		return "image/x-icon", true
	}
	return "", false
}

// compress returns content in gzip, or nil when that would not be smaller.
func compress(content []byte) ([]byte, error) {
	var out bytes.Buffer
	writer, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := writer.Write(content); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	if out.Len() >= len(content) {
		return nil, nil
	}
	return out.Bytes(), nil
}

// Path is the address of a file, for example
// "/static/css/office.3f2a9c01d2.css" for "css/office.css". A name that does
// not exist gives an address that answers 404, so that a page without its
// picture is still a page; a test looks for such names.
func (a *Assets) Path(name string) string {
	if address, ok := a.paths[name]; ok {
		return address
	}
	return Prefix + name
}

// Text is the content of a file, for pages that carry their style within. It
// is empty when there is no such file.
func (a *Assets) Text(name string) string {
	return string(a.served[a.paths[name]].plain)
}

// ServeHTTP sends the file whose full address, [Prefix] included, is the
// request's path.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	file, ok := a.served[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	file.send(w, r)
}

func (f asset) send(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("ETag", f.etag)
	header.Set("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == f.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	if f.packed != nil && acceptsGzip(r.Header.Values("Accept-Encoding")) {
		header.Set("Content-Encoding", "gzip")
		body = f.packed
	}
	header.Set("Content-Type", f.mime)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	// The browser may have gone; nobody is left who could be told.
	_, _ = w.Write(body)
}

// acceptsGzip reads Accept-Encoding as RFC 9110, section 12.5.3, has it: a
// coding with q=0 is refused.
func acceptsGzip(values []string) bool {
	for _, part := range strings.Split(strings.Join(values, ","), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding = strings.ToLower(strings.TrimSpace(coding)); coding != "gzip" && coding != "*" {
			continue
		}
		quality, found := strings.CutPrefix(strings.TrimSpace(weight), "q=")
		if !found {
			return true
		}
		q, err := strconv.ParseFloat(quality, 64)
		return err == nil && q > 0
	}
	return false
}
