package flow

import (
	"context"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// News is why a survey is told of in a digest; "" is no reason at all.
type News string

// The reasons, the weightiest first. A digest every day comes only for the first
// four: where people answer every day, that they did is none. A digest every week
// or month is a report that its reader waits for, and tells what was answered
// since the last one.
const (
	NewsVerdict  News = "verdict"  // the score really moved, or who answered did, and no digest said so yet
	NewsChange   News = "change"   // a real change was dated that no digest told
	NewsFirst    News = "first"    // there are enough answers for a score, for the first time
	NewsComments News = "comments" // somebody wrote something with a low score, and the reader wants to see it
	NewsAnswers  News = "answers"  // people answered
)

// rank orders reasons: what happened to the score before all else.
func (n News) rank() int {
	return slices.Index([]News{NewsVerdict, NewsChange, NewsFirst, NewsComments, NewsAnswers}, n)
}

// why finds the weightiest reason to tell of a survey. A verdict that ends is
// none: days go by, and it stands against others. When something happened that
// ended it, that is a change with a date.
func (d *Digests) why(ctx context.Context, e Edition, one *EditionSurvey, told surveys.DigestTold) (News, error) {
	switch r := one.Report; {
	case r.Hidden:
	case turned(e, told, r.Verdict.Kind):
		return NewsVerdict, nil
	case changed(e, told, r.Last):
		return NewsChange, nil
	case told.Answers < leastShown && one.New > 0 && r.Score != nil:
		return NewsFirst, nil
	}
	if e.Asked || e.Digest.Every != surveys.DigestDaily {
		if one.New > 0 {
			return NewsAnswers, nil
		}
		return "", nil
	}
	if !e.Digest.Comments || one.New == 0 {
		return "", nil
	}
	var err error
	if one.Comments, err = d.comments(ctx, e, one.Survey); len(one.Comments) > 0 {
		return NewsComments, err
	}
	return "", err
}

// notable are the verdicts that a manager should hear of.
func notable(kind analysis.VerdictKind) bool {
	return kind == analysis.Rise || kind == analysis.Fall || kind == analysis.Mixed
}

// calm is 0 for a survey whose verdict is notable, and 1 for others.
func (s EditionSurvey) calm() int {
	if notable(s.Report.Verdict.Kind) {
		return 0
	}
	return 1
}

// turned reports whether a verdict is news: it is notable, and not what was told
// last. Once the period has passed in which it was told, the same verdict is of
// other days.
func turned(e Edition, told surveys.DigestTold, now analysis.VerdictKind) bool {
	return notable(now) && (told.Verdict != string(now) || int(e.To)-told.Day >= reportDays)
}

// dated is what was told, with a day. Digests that told a verdict before days were
// kept had told it by the last one at the latest; without one it would seem to be of
// days long past, and be told again.
func dated(told surveys.DigestTold, since analysis.Day) surveys.DigestTold {
	if told.Verdict != "" && told.Day == 0 {
		told.Day = int(since)
	}
	return told
}

// changed reports whether the last change is news: a real one of the period that
// lies surely after the one that was told. The date of the same change moves by
// some weeks as answers come in.
func changed(e Edition, told surveys.DigestTold, last *analysis.Change) bool {
	return last != nil && !last.ByMix && last.At >= e.From && int(last.Earliest) > told.Change
}
