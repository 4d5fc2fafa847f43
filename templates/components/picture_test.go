package components

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"github.com/harkhq/hark/surveys"
)

// drawn renders a picture and reads it as XML.
func drawn(t *testing.T, picture templ.Component) (source string, texts []string) {
	t.Helper()
	var out strings.Builder
	if err := picture.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	decoder, inText := xml.NewDecoder(strings.NewReader(out.String())), false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return out.String(), texts
		}
		if err != nil {
			t.Fatalf("it is no XML: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "text"
			for _, attribute := range token.Attr {
				if strings.Contains(attribute.Value, "NaN") || attribute.Name.Local != "aria-label" && strings.Contains(attribute.Value, "%") {
					t.Errorf("<%s %s=%q>: not every program draws it", token.Name.Local, attribute.Name.Local, attribute.Value)
				}
			}
		case xml.CharData:
			if inText {
				texts = append(texts, string(token))
			}
		case xml.EndElement:
			inText = false
		}
	}
}

func TestPicturesStandByThemselves(t *testing.T) {
	t.Parallel()
	hostile := `<script>alert("1")</script> & 'Söhne' 零售]]>`
	for _, l := range localizers(t) {
		frame := Picture{L: l, Title: hostile, Lead: "NPS 42 ± 6.", Under: []string{"1 July – 6 July"}, Foot: []string{"Saved"}}
		trend, segments := full(t), segmentsOf(t)
		trend.L, segments.L = l, l
		trend.Notes[0].Text, segments.Rows[0].Name = hostile, hostile
		dist := Distribution{L: l, ID: "d", Metric: surveys.CSAT, Counts: surveys.Counts{0, 3, 4, 5, 6, 7}, Answers: "/r?score="}
		pictures := map[string]templ.Component{
			"trend": trend.Picture(frame), "answers": dist.Picture(frame), "segments": segments.Picture(frame),
		}
		for name, picture := range pictures {
			t.Run(l.Lang()+" "+name, func(t *testing.T) {
				t.Parallel()
				source, texts := drawn(t, picture)
				all := strings.Join(texts, "|")
				for _, want := range []string{hostile, "NPS 42 ± 6.", "1 July – 6 July", "Saved"} {
					if !strings.Contains(all, want) {
						t.Errorf("%q is not written", want)
					}
				}
				if !strings.Contains(source, `xmlns="http://www.w3.org/2000/svg"`) || !strings.Contains(source, `width="1200"`) {
					t.Error("it has no name space or no width")
				}
				for _, never := range []string{"<script", "href", "var(--", "url(", "@import", " style="} {
					if strings.Contains(source, never) {
						t.Errorf("it contains %s", never)
					}
				}
			})
		}
	}
}

func TestPictureSaysWhatItShows(t *testing.T) {
	t.Parallel()
	_, texts := drawn(t, full(t).Picture(Picture{L: english(t), Title: "t", Lead: "l"}))
	all := strings.Join(texts, "|")
	for _, want := range []string{"dot = one week", "dashed = a year before", "1: 24 December 2025, new prices", "Kalman", "fell by 9", "1–2"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not written in %s", want, all)
		}
	}
	_, texts = drawn(t, segmentsOf(t).Picture(Picture{L: english(t), Title: "t", Lead: "l"}))
	all = strings.Join(texts, "|")
	for _, want := range []string{"Retail|52|1,212|higher than the rest", "Partner|–|3|too few to show", "everybody, 38", "Benjamini–Hochberg"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not written in %s", want, all)
		}
	}
}

// TestPictureHasTheLightColours: those of tokens.css, which an image viewer does
// not read.
func TestPictureHasTheLightColours(t *testing.T) {
	t.Parallel()
	tokens, err := os.ReadFile(filepath.Join("..", "..", "static", "css", "tokens.css"))
	if err != nil {
		t.Fatal(err)
	}
	light, _, _ := strings.Cut(string(tokens), "prefers-color-scheme:dark")
	for _, colour := range regexp.MustCompile(`#[0-9a-f]{3,6}\b`).FindAllString(pictureStyle, -1) {
		if !strings.Contains(light, ":"+colour+";") {
			t.Errorf("%s is no colour of the light pages", colour)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		width      float64
		want       string
	}{
		{"short", "one two", 500, "one two"},
		{"between words", "one two three", 60, "one two|three"},
		{"a word that is too long", "a incomprehensibilities b", 60, "a|incomprehensibilities|b"},
		{"Chinese", "排序用的是收缩后的分数", 62, "排序用的|是收缩后|的分数"},
		{"no line begins with a sign", "排序用的，是", 50, "排序用|的，是"},
		{"nothing", "", 50, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			expect(t, "lines", strings.Join(wrap(c.text, c.width, 12), "|"), c.want)
		})
	}
	if got := short(strings.Repeat("long name ", 20), 100, 14); typeWidth(got, 14) > 100 || !strings.HasSuffix(got, "…") {
		t.Errorf("shortened to %q", got)
	}
}
