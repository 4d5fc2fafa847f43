package themes

import (
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// mixed are comments in both languages, one in fifty a long one.
func mixed(b testing.TB, n int) []Example {
	all := append(comments(b, newRand(1), "en", n/2), comments(b, newRand(2), "zh-Hans", n/2)...)
	for i := 0; i+20 < len(all); i += 50 {
		for j := range 20 {
			all[i].Text += " " + all[i+j+1].Text
		}
	}
	r := newRand(3)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// BenchmarkRead reads comments as the job does (language, themes, feeling by a
// trained model, counted), and says how many times a plain pass over the same
// text, which only cuts it into words, that takes. Each round is one comment.
func BenchmarkRead(b *testing.B) {
	const n = 2000
	all := mixed(b, n)
	r := golden.Must(NewReader(golden.Must(NewMatcher(golden.Must(StarterSet(Commerce, "en")))), golden.Must(Train(surveys.NPS, all))))
	var tally Tally
	var words int
	var reading, plain time.Duration
	b.ReportAllocs()
	i := 0
	start := time.Now()
	for b.Loop() {
		e := all[i%n]
		if err := tally.Add(analysis.Day(i%365), e.Score, r.Read(e.Text, e.Locale)); err != nil {
			b.Fatal(err)
		}
		i++
	}
	reading = time.Since(start)
	start = time.Now()
	for j := range i {
		words += len(scan(all[j%n].Text))
	}
	plain = time.Since(start)
	b.ReportMetric(float64(i)/reading.Seconds(), "comments/s")
	b.ReportMetric(100000*reading.Seconds()/float64(i), "s/100k")
	b.ReportMetric(reading.Seconds()/plain.Seconds(), "×scan")
	if words == 0 {
		b.Error("no words")
	}
}

// BenchmarkReadWorst reads what somebody writes who means no good: ten thousand
// characters, full of what has to be looked at twice.
func BenchmarkReadWorst(b *testing.B) {
	r := golden.Must(NewReader(golden.Must(NewMatcher(golden.Must(StarterSet(Commerce, "en")))), nil))
	for name, text := range map[string]string{
		"exclusions": "delivery note ", "beginnings": "deliverydeliver ", "one word": "a", "characters": "物流", "emoji": "👍🏽", "at": "a@", "apostrophes": "a'b", "broken": "\xff\xfea",
	} {
		b.Run(name, func(b *testing.B) {
			long := strings.Repeat(text, 10000/len([]rune(text)))
			for b.Loop() {
				r.Read(long, "en")
			}
		})
	}
}

// BenchmarkTrain learns from 20,000 comments, cross-validation included.
func BenchmarkTrain(b *testing.B) {
	all := mixed(b, 20000)
	b.ReportAllocs()
	for b.Loop() {
		m := golden.Must(Train(surveys.NPS, all))
		if len(m.Quality()) != 2 {
			b.Fatal("not both languages")
		}
		b.ReportMetric(float64(len(golden.Must(m.MarshalBinary()))), "stored-bytes")
	}
}

// BenchmarkFind makes a quarter's findings of twelve themes from their rows.
func BenchmarkFind(b *testing.B) {
	in := Input{Metric: surveys.NPS, From: 91, To: 182}
	for _, t := range golden.Must(StarterSet(Software, "en")) {
		in.Themes = append(in.Themes, t.ID)
	}
	r := newRand(1)
	var tally Tally
	for range 20000 {
		at := r.IntN(len(in.Themes))
		reading := Reading{Themes: in.Themes[at : at+1], Sentiment: Sentiment{Neutral, r.IntN(100), ByModel}}
		if err := tally.Add(analysis.Day(r.IntN(182)), r.IntN(11), reading); err != nil {
			b.Fatal(err)
		}
	}
	in.Rows = tally.Rows()
	b.ReportAllocs()
	for b.Loop() {
		golden.Must(Find(in))
	}
}

// BenchmarkSuggest looks for words in 20,000 comments.
func BenchmarkSuggest(b *testing.B) {
	all := mixed(b, 20000)
	b.ReportAllocs()
	for b.Loop() {
		golden.Must(Suggest(surveys.NPS, all, nil))
	}
}

// BenchmarkNewReader is what a job pays before its first comment.
func BenchmarkNewReader(b *testing.B) {
	themes := golden.Must(StarterSet(Commerce, "en"))
	b.ReportAllocs()
	for b.Loop() {
		golden.Must(NewReader(golden.Must(NewMatcher(themes)), nil))
	}
}
