package components

import (
	"context"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"github.com/harkhq/hark/templates/i18n"
)

// render shows a component and reads it back. It also holds every component to
// what the pages' security policy demands.
func render(t *testing.T, component templ.Component) *goquery.Document {
	t.Helper()
	var out strings.Builder
	if err := component.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	document, err := goquery.NewDocumentFromReader(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	if document.Find("[style], script, [onclick]").Length() > 0 {
		t.Error("the component has a style attribute or a script, which the security policy refuses")
	}
	return document
}

func localizers(t *testing.T) []*i18n.Localizer {
	t.Helper()
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	return catalogue.All()
}

func english(t *testing.T) *i18n.Localizer { return localizers(t)[0] }

// text is an element's text with its white space folded.
func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}
