package components

import (
	"regexp"
	"testing"
	"time"
)

func TestGalleryShowsEveryComponentInEveryLanguage(t *testing.T) {
	t.Parallel()
	pieces := []string{
		".lead h1 b", ".trend path.line", ".dist rect.bar", ".segments line.whisker", ".spark path", "input.input", "textarea.input",
		"select.input", ".seg input", ".check input", ".scale.n7", ".button.danger", ".note.failure", ".tag.warn", ".empty a", ".pager a", ".scroll table",
		".trend path.earlier", ".trend .flag rect", "ol.timeline-notes li", ".trend input.reader", "table[data-points] tr[data-says]", "h1 .why-value", ".why", ".method[popover]",
	}
	key := regexp.MustCompile(`\b(gallery|components|metric|method)\.[a-z_]+`)
	for _, l := range localizers(t) {
		t.Run(l.Lang(), func(t *testing.T) {
			t.Parallel()
			page := render(t, Gallery(GalleryView{L: l, Today: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)}))
			for _, piece := range pieces {
				if page.Find(piece).Length() == 0 {
					t.Errorf("%s is not shown", piece)
				}
			}
			if left := key.FindString(page.Text()); left != "" {
				t.Errorf("the key %s is shown instead of its text", left)
			}
			ids := map[string]bool{}
			for _, node := range page.Find("[id]").Nodes {
				for _, attribute := range node.Attr {
					if attribute.Key == "id" && ids[attribute.Val] {
						t.Errorf("the id %s is there twice", attribute.Val)
					} else if attribute.Key == "id" {
						ids[attribute.Val] = true
					}
				}
			}
		})
	}
}
