package letters

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/words"
)

// digests gives a full digest for each language.
func digests(t *testing.T) map[string]Digest {
	t.Helper()
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]Digest{}
	for _, l := range catalogue.All() {
		all[l.Lang()] = Digest{
			L: l, Brand: "Northwind Coffee", Colour: "#6b3f1d", Subject: "Relationship: NPS fell by 9", Title: "Your surveys",
			Lead: words.Sentence{{Text: "23 new answers."}}, Period: "The scores are of 90 days.",
			Surveys: []DigestSurvey{{
				Name: "Relationship", Address: site + "/surveys/1",
				Headline: words.Sentence{{Text: "NPS "}, {Text: "42", Strong: true}, {Text: " from "}, {Text: "318 answers", Address: site + "/responses"}, {Text: "."}},
				Says:     words.Sentence{{Text: "Up 3 points: "}, {Text: "within normal variation.", Strong: true}},
				New:      words.Sentence{{Text: "23 new answers since 16 November.", Address: site + "/responses?from=1"}},
				Picture:  &DigestPicture{Source: "cid:trend-1.png", Says: "NPS by week: 42 at the end.", High: "60", Low: "20", First: "21 November 2025", Last: "21 November 2026", Width: 506, Height: 118},
				Bands:    []DigestBand{{"Detractors", "17%", 17, "#c8452d", site + "/responses?score=detractor"}, {"Passives", "0%", 0, "#8b919a", site + "/responses?score=passive"}, {"Promoters", "83%", 83, "#0b7a75", site + "/responses?score=promoter"}},
				Themes:   "Mentioned most: delivery.", Comments: []DigestComment{{"3 of 10:", "Too late."}},
			}},
			Lines:   []DigestLine{{"Support", site + "/surveys/2", "CES 78% ± 2 from 91 answers.", "4 new answers."}},
			More:    &words.Part{Text: "And 2 more surveys with news", Address: site + "/scores"},
			Quiet:   words.Sentence{{Text: "No news from 3 surveys: A, B, C."}},
			Reading: "How to read the pictures: a dot is a week.", Reason: "You get this every Monday.", Change: site + "/account/digest", Stop: site + "/digest/token",
		}
	}
	return all
}

func writeDigest(t *testing.T, v Digest) (string, *goquery.Document) {
	t.Helper()
	var out bytes.Buffer
	if err := DigestHTML(v).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	document, err := goquery.NewDocumentFromReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), document
}

// TestDigestPassesTheGates asks of a digest what every letter must keep.
func TestDigestPassesTheGates(t *testing.T) {
	t.Parallel()
	for name, v := range digests(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			html, letter := writeDigest(t, v)
			if len(html) > 12<<10 {
				t.Errorf("%d bytes for one survey", len(html))
			}
			for what, pair := range map[string][2]string{
				"language": {letter.Find("html").AttrOr("lang", "") + letter.Find("[role=article]").AttrOr("lang", ""), v.L.Lang() + v.L.Lang()},
				"title":    {text(letter.Find("title")), v.Subject},
				"heading":  {text(letter.Find("h1")), v.Title},
				"way out":  {text(letter.Find("a[href='" + v.Stop + "']")), v.L.T("digest.mail.stop")},
				"settings": {text(letter.Find("a[href='" + v.Change + "']")), v.L.T("digest.mail.change")},
				"survey":   {text(letter.Find("h2 a[href='" + site + "/surveys/1']")), "Relationship"},
				"band":     {text(letter.Find("a[href='" + site + "/responses?score=promoter']")), "Promoters"},
				"alt":      {letter.Find("img").AttrOr("alt", ""), v.Surveys[0].Picture.Says},
				"source":   {letter.Find("img").AttrOr("src", ""), "cid:trend-1.png"},
				"schemes":  {letter.Find("meta[name=color-scheme]").AttrOr("content", ""), "light dark"},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s: %q, want %q", what, pair[0], pair[1])
				}
			}
			if letter.Find("table:not([role=presentation])").Length() > 0 {
				t.Error("a table for layout is not marked as one")
			}
			if letter.Find("script, link, form, iframe, [onclick], [onload]").Length() > 0 || strings.Contains(html, "url(") || strings.Contains(html, "@import") {
				t.Error("the letter loads or runs something")
			}
			if strings.Count(html, "<!--[if mso]>") != strings.Count(html, "<![endif]-->") || strings.Count(html, "<td") != strings.Count(html, "</td>") {
				t.Error("what Word reads is not well nested")
			}
			letter.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
				if !strings.HasPrefix(a.AttrOr("href", ""), site+"/") {
					t.Errorf("a link to %q", a.AttrOr("href", ""))
				}
			})
		})
	}
}

func TestDigestTextSaysTheSame(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`\b(letters|digest|components)\.[a-z_]+|\{[a-z_]+\}`)
	for name, v := range digests(t) {
		html, letter := writeDigest(t, v)
		plain, shown := v.Text(), text(letter.Find("[role=article]"))
		s := v.Surveys[0]
		for _, piece := range []string{
			v.Brand, v.Title, v.Lead.String(), v.Period, s.Name, s.Headline.String(), s.Says.String(), s.New.String(), s.Themes, s.Comments[0].Score, s.Comments[0].Text,
			"Detractors", "17%", "Promoters", "83%", v.Lines[0].Name, v.Lines[0].Headline, v.Lines[0].New, v.More.Text, v.Quiet.String(), v.Reading, v.Reason,
		} {
			if !strings.Contains(plain, piece) {
				t.Errorf("%s: %q is missing from the text", name, piece)
			}
			if !strings.Contains(shown, strings.Join(strings.Fields(piece), " ")) {
				t.Errorf("%s: %q is missing from the HTML part: %s", name, piece, shown)
			}
		}
		for _, address := range []string{s.Address, v.Lines[0].Address, v.More.Address, v.Change, v.Stop} {
			if !strings.Contains(plain, address) {
				t.Errorf("%s: the text does not lead to %s", name, address)
			}
		}
		if !strings.Contains(plain, s.Picture.Says) {
			t.Errorf("%s: the text does not say what the picture shows", name)
		}
		if left := key.FindString(plain + html); left != "" {
			t.Errorf("%s: %s was not filled", name, left)
		}
		if !strings.HasSuffix(plain, "\n") || strings.Contains(plain, "\n\n\n") || strings.Contains(plain, "\r") {
			t.Errorf("%s: the text is not tidy", name)
		}
	}
}

// Cells of no width would be drawn as a hair by some programs.
func TestDigestBarHasNoEmptyCells(t *testing.T) {
	t.Parallel()
	_, letter := writeDigest(t, digests(t)["en"])
	cells := letter.Find("td[height='12']")
	if cells.Length() != 2 || cells.First().AttrOr("width", "") != "17%" || cells.First().AttrOr("bgcolor", "") != "#c8452d" {
		t.Errorf("%d cells, the first of %s", cells.Length(), cells.First().AttrOr("width", ""))
	}
}

func TestWhatADigestLacksLeavesNoHole(t *testing.T) {
	t.Parallel()
	v := digests(t)["en"]
	v.Colour, v.Lines, v.More, v.Quiet, v.Reading = "red;", nil, nil, nil, ""
	v.Surveys[0].Picture, v.Surveys[0].Bands, v.Surveys[0].Themes, v.Surveys[0].Comments = nil, nil, "", nil
	html, letter := writeDigest(t, v)
	if letter.Find("img, td[height='12'], .h-quote, [bgcolor='red;']").Length() > 0 || strings.Contains(html, "border-left") {
		t.Error("something that is not there is drawn")
	}
	if plain := v.Text(); strings.Contains(plain, "\n\n\n") || strings.Contains(plain, "·") {
		t.Errorf("the text has a hole: %q", plain)
	}
	v.Surveys = nil
	if _, letter := writeDigest(t, v); letter.Find("h2").Length() > 0 || text(letter.Find("h1")) != v.Title {
		t.Error("a digest of nothing is not well formed")
	}
}

func TestWordsOfStrangersAreEscapedInADigest(t *testing.T) {
	t.Parallel()
	v := digests(t)["en"]
	v.Surveys[0].Name, v.Surveys[0].Comments[0].Text = `<img src=x onerror=alert(1)>`, `<script>alert(1)</script>`
	v.Surveys[0].Address = "javascript:alert(1)"
	_, letter := writeDigest(t, v)
	if letter.Find("script, [onerror]").Length() > 0 || letter.Find("img").Length() != 1 || letter.Find("a[href^='javascript']").Length() > 0 {
		t.Error("what somebody wrote became markup")
	}
}
