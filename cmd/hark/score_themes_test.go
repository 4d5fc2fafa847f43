package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/table"
)

// said are what customers of a shop write, with the score that goes with it.
var said = []struct {
	score int
	text  string
}{
	{9, "The parcel arrived the next morning, well packed"}, {10, "快递很快，包装也很好"}, {3, "Delivery was late again and nobody told me why"},
	{2, "快递太慢了，等了九天才到"}, {9, "Great quality, these will last for years"}, {10, "质量非常好，很满意"}, {4, "The quality is poor and it broke after a week"},
	{3, "质量太差，用了一周就坏了"}, {9, "Fair price for what you get"}, {7, "Nice, though a bit too expensive"}, {8, "价格有点贵，不过还可以"},
	{2, "They refused my refund and the return was a nightmare"}, {10, "I love this shop and tell everybody"}, {10, "非常喜欢，会推荐给朋友"}, {6, "It is all right, nothing special"}, {9, "Friendly service, they answered at once"},
}

// remarked is a file of n answers with comments over half a year. In its second
// half more of them are about late deliveries; every fifth says nothing.
func remarked(n int) string {
	var file bytes.Buffer
	file.WriteString("score,answered_at,plan,comment\n")
	chance := rand.New(rand.NewPCG(2, 2))
	for i := range n {
		one := said[chance.IntN(len(said))]
		if i > n/2 && chance.IntN(6) == 0 {
			one = said[2+chance.IntN(2)]
		}
		score := max(0, min(10, one.score+chance.IntN(3)-1))
		if text := one.text + []string{".", "!", ", as always.", "。"}[chance.IntN(4)]; i%5 > 0 {
			fmt.Fprintf(&file, "%d,%s,%s,\"%s\"\n", score, analysis.DateDay(2026, 1, 1+i*181/n), []string{"free", "pro"}[chance.IntN(2)], text)
			continue
		}
		fmt.Fprintf(&file, "%d,%s,free, \n", score, analysis.DateDay(2026, 1, 1+i*181/n))
	}
	return file.String()
}

// about scores a file's comments.
func about(t *testing.T, c scoreCommand, file string) writtenAbout {
	t.Helper()
	c.JSON = true
	out, _, err := scoring(t, c, file)
	if err != nil || strings.Contains(out, "NaN") {
		t.Fatalf("%v, %s", err, out)
	}
	var report struct{ Themes writtenAbout }
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	return report.Themes
}

// TestScoreCountsThemes holds the numbers against a count by hand.
func TestScoreCountsThemes(t *testing.T) {
	t.Parallel()
	file := "nps,comment\n" + strings.Repeat("2,The delivery was late\n9,Delivery on time\n3,快递太慢了\n10,A fair price\n9,\n8,Nothing to say\n", 10)
	w := about(t, scoreCommand{Comments: "comment"}, file)
	if w.Comments != 50 || w.Answers != 60 || w.From != nil || w.Compared != nil || w.Kind != themes.Commerce {
		t.Errorf("%d comments of %d answers, from %v, compared %v, by %s", w.Comments, w.Answers, w.From, w.Compared, w.Kind)
	}
	first := w.Themes[0]
	if first.Theme != "delivery" || first.Name != "Delivery" || first.N != 30 || first.Share.Share != 60 || len(first.Trend) != 0 || first.Change != nil {
		t.Errorf("%+v", first)
	}
	// a promoter and two detractors, against a promoter and a passive
	if want := 100*(10.0-20)/30 - 100*10.0/20; math.Abs(first.Effect.Difference.Difference-want) > 1e-9 || !first.Effect.Real {
		t.Errorf("effect %+v, want %v", first.Effect, want)
	}
	if w.NoTheme.N != 10 || w.NoTheme.Name != "(no theme)" {
		t.Errorf("%+v", w.NoTheme)
	}
}

// TestScoreComparesThemes: the share of a theme in one chosen period against that
// in another, however far apart and unlike in length.
func TestScoreComparesThemes(t *testing.T) {
	t.Parallel()
	file := "nps,date,comment\n" + strings.Repeat("9,2026-01-10,A fair price\n", 80) + strings.Repeat("3,2026-01-20,Late delivery\n", 20) +
		strings.Repeat("3,2026-03-20,Late delivery\n", 500) + // between them, and in neither
		strings.Repeat("9,2026-05-10,A fair price\n", 50) + strings.Repeat("3,2026-06-20,Late delivery\n", 50)
	periods := periods{halves(t)[0], halves(t)[1]}
	periods[0].To -= 31 // without March
	w := about(t, scoreCommand{Comments: "comment", Compare: periods}, file)
	first := w.Themes[0]
	if first.Theme != "delivery" || first.Change.Before.Share != 20 || first.Change.Difference.Value != 30 || first.Change.Direction != themes.Up {
		t.Errorf("%s: %+v", first.Theme, first.Change)
	}
	if w.Compared.Before != periods[0] || w.Compared.After != periods[1] {
		t.Errorf("compared %+v", w.Compared)
	}
}

// TestScoreSaysWhoJudgesFeelings: a model where there is enough to learn, and else
// what there is, with the reason.
func TestScoreSaysWhoJudgesFeelings(t *testing.T) {
	t.Parallel()
	repeat := func(times int, rows string) string { return "nps,comment\n" + strings.Repeat(rows, times) }
	for _, test := range []struct {
		name, file string
		want       []string
	}{
		{"enough of both", remarked(2000), []string{"A model trained on these scores tells who is.", "of 100 cases in English (", "in Chinese ("}},
		{"few English", repeat(10, "2,The delivery was late and bad\n9,A very good price\n"), []string{"In English (20 comments) VADER, a general word list, judges who is unhappy: a model takes 200 comments with good or bad scores, and there are 20."}},
		{"words that VADER does not know", repeat(10, "2,The price is too high\n9,Region north\n8,The price is too high\n"), []string{"In English (30 comments) it cannot be told who is unhappy: VADER, a general word list, finds a feeling in only 0% of them, and a model takes 200 comments"}},
		{"few Chinese", repeat(10, "2,快递太慢了\n9,价格非常好\n"), []string{"In Chinese (20 comments) it cannot be told who is unhappy: a model takes 200"}},
		{"few unhappy", repeat(150, "9,A very good price\n10,I like the quality\n"), []string{"a model takes 50 comments with good and 50 with bad scores, and of the rarer there are 0."}},
		{"no connection", repeat(150, "9,It came by post\n2,It came by post\n"), []string{"a model trained on these scores tells good from bad no better than chance."}},
		{"no letters", repeat(10, "9,12345\n2,...\n"), []string{"Not shown, with fewer than 5 comments each"}},
		{"hardly any", repeat(2, "9,A fair price\n2,\n"), []string{`Too few comments to show what they are about: 2 comments in "comment".`}},
		{"none", repeat(20, "9,\n2,\n"), []string{`Too few comments to show what they are about: 0 comments in "comment".`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, _, err := scoring(t, scoreCommand{Comments: "comment", Metric: "nps", Column: "1"}, test.file)
			flat := strings.Join(strings.Fields(out), " ")
			if strings.Contains(flat, "cannot be told") && strings.Contains(flat, "comments are unhappy") {
				t.Errorf("says how many are unhappy all the same:\n%s", out)
			}
			for _, want := range test.want {
				if err != nil || !strings.Contains(flat, want) {
					t.Errorf("%v, prints\n%s\nwithout %q", err, out, want)
				}
			}
			about(t, scoreCommand{Comments: "comment", Metric: "nps", Column: "1"}, test.file)
		})
	}
}

// TestThemesFitTheirWidth: no line is longer than asked for.
func TestThemesFitTheirWidth(t *testing.T) {
	t.Parallel()
	for _, width := range []int{32, 40, 57, 66, 80, 100} {
		out, _, err := scoring(t, scoreCommand{Comments: "comment", Compare: halves(t), Width: width}, remarked(1500))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(out, "\n") {
			if cells(line) > width {
				t.Errorf("%d wide: %q takes %d", width, line, cells(line))
			}
		}
		if drawn := strings.Contains(out[strings.Index(out, "What people write"):], "●"); drawn != (width >= 80) {
			t.Errorf("%d wide: drawn %v", width, drawn)
		}
	}
}

// TestQuotesSteerNoTerminal: what somebody wrote is shown without its control
// characters, and mail addresses are not shown at all.
func TestQuotesSteerNoTerminal(t *testing.T) {
	t.Parallel()
	file := "nps,comment\n" + strings.Repeat("1,The delivery\x1b[31m was late\u009b2J and wrong\n1,Late delivery mail me at ana@example.com\n9,A fair price to pay\n", 20)
	out, _, err := scoring(t, scoreCommand{Comments: "comment"}, file)
	if err != nil || strings.ContainsAny(out, "\x1b\u009b@") || !strings.Contains(out, "was late 2J and wrong") {
		t.Errorf("%v, %q", err, out)
	}
}

// TestSampleIsDrawnFairly: it stays small, is the same in every run, and has its
// share of all parts of the file.
func TestSampleIsDrawnFairly(t *testing.T) {
	t.Parallel()
	const n = 5 * mostSampled
	draw := func() *themeTally {
		tally, err := newThemeTally(scoreColumns{header: []string{"c"}, date: -1}, "")
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			tally.seen++
			tally.keep(comment{text: "x", score: i / mostSampled})
		}
		return tally
	}
	first, again := draw(), draw()
	var parts surveys.Counts
	for i, c := range first.sample {
		parts[c.score]++
		if c.score != again.sample[i].score {
			t.Fatal("another sample in another run")
		}
	}
	if len(first.sample) != mostSampled {
		t.Fatalf("%d are kept", len(first.sample))
	}
	for part, kept := range parts[:5] {
		if kept < 3800 || kept > 4200 { // 4000 ± 3.5 standard deviations
			t.Errorf("%d of part %d", kept, part)
		}
	}
}

// TestManyCommentsAreAllCounted: only feelings and examples are of the sample.
func TestManyCommentsAreAllCounted(t *testing.T) {
	t.Parallel()
	const n = mostSampled + 5_000
	file := "nps,comment\n" + strings.Repeat("9,great fast delivery\n", n)
	w := about(t, scoreCommand{Comments: "comment"}, file)
	if first := w.Themes[0]; w.Comments != n || w.Sampled != mostSampled || first.N != n || first.Mood.Felt != mostSampled || first.Mood.Of != n {
		t.Errorf("%d comments, %d sampled, %+v", w.Comments, w.Sampled, first)
	}
	out, _, err := scoring(t, scoreCommand{Comments: "comment"}, file)
	if err != nil || !strings.Contains(out, "Feelings and examples are those of 20,000 comments, drawn by lot.") || strings.Contains(out, "Effect:") {
		t.Errorf("%v, prints\n%s", err, out)
	}
}

func TestLongCommentsAreCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "short", strings.Repeat("a", 3000), strings.Repeat("好", 1000), "a" + strings.Repeat("好", 1000), strings.Repeat("👍", 900)} {
		got := upTo(text, mostOfSample)
		if !utf8.ValidString(got) || !strings.HasPrefix(text, got) || len(got) > mostOfSample || len(text) > len(got)+4 && len(got) < mostOfSample-4 {
			t.Errorf("%d bytes of %d: %.10q", len(got), len(text), got)
		}
	}
}

// TestScoreTakesTheThemesAskedFor: each set finds its own.
func TestScoreTakesTheThemesAskedFor(t *testing.T) {
	t.Parallel()
	file := "nps,comment\n" + strings.Repeat("2,The app crashes and I waited an hour for delivery\n", 20)
	for set, want := range map[string]string{"": "delivery", "commerce": "delivery", "software": "bugs", "support": "waiting"} {
		w := about(t, scoreCommand{Comments: "2", Themes: set}, file)
		found := false
		for _, one := range w.Themes {
			found = found || one.Theme == want && one.N == 20
		}
		if !found || set != "" && string(w.Kind) != set {
			t.Errorf("--themes %s: %s without %s in %+v", set, w.Kind, want, w.Themes)
		}
	}
}

// TestThemesHaveTheFilesWholeComments: a keyword behind what the sample keeps
// counts, and its feelings are no more than its comments.
func TestThemesHaveTheFilesWholeComments(t *testing.T) {
	t.Parallel()
	columns := scoreColumns{header: []string{"c"}, date: -1}
	tally, err := newThemeTally(columns, "commerce")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("well ", 1000) + "late delivery"
	for i := range 40 {
		if wrong := tally.add(table.Record{Line: i, Fields: []string{long}}, 0, i%11); wrong != nil {
			t.Fatal(wrong)
		}
	}
	w, err := tally.report(analysis.Input{Metric: surveys.NPS, Confidence: 0.95, From: 0, To: 1, Days: []analysis.DayCounts{{Counts: surveys.Counts{9: 40}}}}, nil)
	if err != nil || w.Themes[0].Theme != "delivery" || w.Themes[0].N != 40 {
		t.Errorf("%v, %+v", err, w)
	}
}
