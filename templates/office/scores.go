package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// Scores is the overview: every survey in one line.
type Scores struct {
	Page     layouts.Page
	New      *components.Action // nil: the reader may not create surveys
	Rows     []ScoreRow
	Order    string // in which the rows stand; empty: there is but one
	Line     string // what the sparklines are
	Archived []ScoreRow
	Note     *components.Note  // nil: there is nothing to say about all figures
	Empty    *components.Empty // nil: there are surveys
	Digest   *DigestOffer      // nil: the reader has chosen
	TV       string            // all of them on a screen, one after the other
	Numbers  *ScoreNumbers     // nil: there are none
}

// ScoreNumbers are the rows of the overview and the steps of their sparklines.
type ScoreNumbers struct {
	Scores  components.Overview
	Courses components.Courses
}

// ScoreRow is one survey.
type ScoreRow struct {
	Name     string
	Address  string // of its report
	Metric   string
	Score    string // "42"; empty: too few answers to show one
	Margin   string // "± 6"
	Evidence components.Evidence
	Answers  words.Sentence      // how many, and where they are
	Rate     words.Sentence      // how many of those asked answered; empty: nobody was asked, or too few
	Short    string              // the verdict in a few words
	Standing components.Standing // of a real change
	Verdict  words.Sentence      // in full
	Counted  words.Sentence      // how many answers, short; empty: none
	Answered words.Sentence      // the rate, short; empty: as Rate
	ID       string              // of the verdict in full, once on a page
	Spark    components.Sparkline
	Status   *components.Tag // nil: it is open, as usual
}
