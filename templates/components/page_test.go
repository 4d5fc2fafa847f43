package components

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

func TestHeadline(t *testing.T) {
	t.Parallel()
	for _, l := range localizers(t) {
		base := Headline{L: l, Metric: surveys.NPS, Score: -4.4, Margin: 7, N: 1486, Least: 5, Answers: "/responses"}
		cases := []struct {
			name              string
			change            func(*Headline)
			english, chinese  string
			score, class, url string
		}{
			{"as it is", func(*Headline) {}, "NPS −4 ± 7 from 1,486 answers.", "NPS −4 ± 7，来自 1,486 份回答。", "−4", "", "/responses"},
			{"greyed", func(h *Headline) { h.Evidence = Faint }, "NPS −4 ± 7 from 1,486 answers.", "NPS −4 ± 7，来自 1,486 份回答。", "−4", "weak", "/responses"},
			{"with a digit", func(h *Headline) { h.Places = 1 }, "NPS −4.4 ± 7.0 from 1,486 answers.", "NPS −4.4 ± 7.0，来自 1,486 份回答。", "−4.4", "", "/responses"},
			{"hidden", func(h *Headline) { h.N, h.Evidence = 3, Hidden }, "NPS: 3 answers. A score is shown from 5 on.", "NPS：3 份回答，满 5 份后显示分数。", "", "", ""},
		}
		for _, c := range cases {
			t.Run(l.Lang()+" "+c.name, func(t *testing.T) {
				t.Parallel()
				view := base
				c.change(&view)
				page := render(t, ScoreHeadline(view))
				want := c.english
				if l.Lang() != "en" {
					want = c.chinese
				}
				expect(t, "sentence", text(page.Find("h1")), want)
				expect(t, "score", text(page.Find("h1 b")), c.score)
				expect(t, "class", page.Find("h1").AttrOr("class", ""), c.class)
				expect(t, "the answers behind it", page.Find("h1 a").AttrOr("href", ""), c.url)
			})
		}
	}
}

func TestNotesAreSaidAsUrgentlyAsTheyAre(t *testing.T) {
	t.Parallel()
	expect(t, "failure", render(t, NoteBox(Note{Kind: Failure, Text: "No."})).Find(".note.failure").AttrOr("role", ""), "alert")
	expect(t, "done", render(t, NoteBox(Note{Kind: Done, Text: "Yes."})).Find(".note.done").AttrOr("role", ""), "status")
}

func TestBreadcrumbMarksThePage(t *testing.T) {
	t.Parallel()
	page := render(t, Breadcrumb("Way", []Crumb{{"Scores", "/scores"}, {"NPS", ""}}))
	expect(t, "link", page.Find("nav[aria-label=Way] a").AttrOr("href", ""), "/scores")
	expect(t, "page", text(page.Find("[aria-current=page]")), "NPS")
}

func TestPagerOffersOnlyPagesThatExist(t *testing.T) {
	t.Parallel()
	page := render(t, PagerNav(Pager{L: english(t), Summary: "1 to 50", Older: "?after=x"}))
	expect(t, "links", text(page.Find("a")), "Older")
	expect(t, "address", page.Find("a[rel=next]").AttrOr("href", ""), "?after=x")
	page = render(t, PagerNav(Pager{L: english(t), Words: ByPlace, Newer: "?a", Older: "?b"}))
	expect(t, "words", text(page.Find(".acts")), "Previous Next")
}

func TestSmallPieces(t *testing.T) {
	t.Parallel()
	empty := render(t, EmptyState(Empty{Title: "No answers yet", Text: "They appear here.", Action: &Action{Text: "Send a test", Address: "/test"}}))
	expect(t, "what to do next", empty.Find("a.button").AttrOr("href", ""), "/test")
	expect(t, "tag", text(render(t, StatusTag(Tag{Tone: Bad, Text: "Bounced"})).Find(".tag.bad")), "Bounced")
	head := render(t, PageHead(Head{Title: "People", Lead: "All of them."}))
	expect(t, "title", text(head.Find("h1")), "People")
	if head.Find("a").Length() != 0 {
		t.Error("a head without an action has a link")
	}
	links := render(t, SegmentLinks("Period", []SegmentLink{{"30 days", "?d=30", false}, {"Year", "?d=365", true}}))
	expect(t, "current", text(links.Find("[aria-current]")), "Year")
	table := render(t, DataTable(Table{Caption: "People", Columns: []Column{{"Name", Words}, {"Answers", Numbers}}}))
	expect(t, "caption", text(table.Find("caption")), "People")
	expect(t, "heads", text(table.Find("th[scope=col].num")), "Answers")
	card := render(t, Card("Answers"))
	if !strings.Contains(text(card.Find("section.card h2")), "Answers") {
		t.Error("the card has no title")
	}
}
