package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys/table"
)

const (
	mostSampled  = 20_000 // comments that are kept, to learn feelings from and to quote
	mostOfSample = 2_000  // bytes of one that are kept
	declared     = "en"   // the language that Latin letters are of where small words do not tell
)

// findComments finds the column of --comments.
func (c *scoreCommand) findComments(header []string, score int) (int, error) {
	if c.Comments == "" {
		return -1, nil
	}
	at, err := table.Find(header, c.Comments)
	switch {
	case err != nil:
		return -1, fmt.Errorf("--comments: %w", err)
	case at == score:
		return -1, fmt.Errorf("--comments: %q is the score itself", header[at])
	}
	return at, nil
}

// checkThemes refuses a set of themes that there is not, and one without comments.
func (c *scoreCommand) checkThemes() error {
	if c.Themes != "" && !slices.Contains(themes.Kinds(), themes.Kind(c.Themes)) {
		return fmt.Errorf("--themes %q is not one of %s", c.Themes, joined(themes.Kinds()))
	}
	if c.Themes != "" && c.Comments == "" {
		return fmt.Errorf("--themes %s needs --comments, the column that holds what people wrote", c.Themes)
	}
	return nil
}

// themeTally counts what comments are about while the file is read, and keeps a
// sample of them, which alone is asked for feelings: the model that judges them
// can only be made when the file is read. Its memory grows with the days and the
// sample, not with the file.
type themeTally struct {
	column  string
	at      int
	kind    themes.Kind
	list    []themes.Theme
	matcher *themes.Matcher
	counts  themes.Tally
	dated   bool
	seen    int64 // comments
	sample  []comment
	chance  *rand.Rand
}

// comment is one of the sample.
type comment struct {
	text   string
	score  int
	day    analysis.Day
	themes []string
}

func newThemeTally(columns scoreColumns, kind string) (*themeTally, error) {
	if kind == "" {
		kind = string(themes.Commerce)
	}
	t := &themeTally{column: columns.header[columns.comments], at: columns.comments, kind: themes.Kind(kind), dated: columns.date >= 0}
	t.chance = rand.New(rand.NewPCG(1, 1)) // the same sample in every run
	var err error
	if t.list, err = themes.StarterSet(t.kind, declared); err != nil {
		return nil, fmt.Errorf("--themes: %w", err)
	}
	if t.matcher, err = themes.NewMatcher(t.list); err != nil {
		return nil, fmt.Errorf("--themes: %w", err)
	}
	return t, nil
}

// add takes a row with a score in, or says what is wrong with it.
func (t *themeTally) add(record table.Record, day analysis.Day, score int) *table.RowError {
	text := strings.TrimSpace(record.Fields[t.at])
	if text == "" {
		return nil
	}
	about := t.matcher.Match(text, themes.LanguageOf(text, declared))
	if err := t.counts.Add(day, score, themes.Reading{Themes: about}); err != nil {
		return &table.RowError{Line: record.Line, Column: t.column, Problem: "cannot be counted: " + err.Error()}
	}
	t.seen++
	t.keep(comment{text: text, score: score, day: day, themes: about})
	return nil
}

// keep draws the sample: each comment so far is in it with the same chance
// (Vitter 1985, algorithm R).
func (t *themeTally) keep(c comment) {
	place := int64(len(t.sample))
	if place == mostSampled {
		if place = t.chance.Int64N(t.seen); place >= mostSampled {
			return
		}
	}
	c.text = strings.Clone(upTo(c.text, mostOfSample))
	if place == int64(len(t.sample)) {
		t.sample = append(t.sample, c)
		return
	}
	t.sample[place] = c
}

// upTo is as much of a text as so many bytes hold.
func upTo(text string, size int) string {
	if len(text) <= size {
		return text
	}
	for size > 0 && !utf8.RuneStart(text[size]) {
		size--
	}
	return text[:size]
}

// writtenAbout is what people wrote about, from a file's comments.
type writtenAbout struct {
	Column string      `json:"column"`
	Kind   themes.Kind `json:"set"`
	themes.Findings
	From       *analysis.Day `json:"from"` // null without dates, as To
	To         *analysis.Day `json:"to"`
	Themes     []theme       `json:"themes"`
	NoTheme    theme         `json:"no_theme"`
	confidence float64
	Compared   *comparedIn `json:"compared"` // what each change is between; null without dates
	Sampled    int64       `json:"sampled"`  // comments that were asked for feelings
	Feelings   []feeling   `json:"feelings"` // who judged them, by language, most comments first
}

// theme is a finding with its name. Its change is between the periods of Compared.
type theme struct {
	Name string `json:"name"`
	themes.Finding
	Examples []quote `json:"examples"`
}

// comparedIn are the two periods between which changes are told.
type comparedIn struct {
	Before analysis.Span `json:"before"`
	After  analysis.Span `json:"after"`
}

// report makes findings of all that was counted. Without dates it has no trend.
func (t *themeTally) report(in analysis.Input, compared *comparedIn) (*writtenAbout, error) {
	slices.SortStableFunc(t.sample, func(a, b comment) int { return int(b.day - a.day) }) // the newest first
	felt, err := t.feel(in.Metric)
	if err != nil {
		return nil, err
	}
	rows := t.counts.Rows()
	ask := themes.Input{Metric: in.Metric, Confidence: in.Confidence, From: in.From, To: in.To, Rows: append(slices.Clone(rows), felt.rows...)}
	for _, day := range in.Days {
		ask.Answers += day.Counts.N()
	}
	for _, one := range t.list {
		ask.Themes = append(ask.Themes, one.ID)
	}
	w := &writtenAbout{Column: t.column, Kind: t.kind, Compared: compared, confidence: in.Confidence, Sampled: int64(len(t.sample)), Feelings: felt.judges}
	if w.Findings, err = themes.Find(ask); err != nil {
		return nil, fmt.Errorf("find the themes: %w", err)
	}
	if t.dated {
		w.From, w.To = &w.Findings.From, &w.Findings.To
	}
	changes := make(map[string]*themes.Change)
	if compared != nil {
		if changes, err = compared.changes(ask, rows); err != nil {
			return nil, err
		}
	}
	for _, finding := range w.Findings.Themes {
		w.Themes = append(w.Themes, t.named(finding, changes))
	}
	w.NoTheme = t.named(w.Findings.NoTheme, changes)
	return w, t.quote(w, felt)
}

// named gives a finding the theme's name, and what became of its share.
func (t *themeTally) named(f themes.Finding, changes map[string]*themes.Change) theme {
	one := theme{Name: "(no theme)", Finding: f, Examples: []quote{}}
	for _, known := range t.list {
		if known.ID == f.Theme {
			one.Name = known.Name
		}
	}
	if one.Trend == nil || !t.dated {
		one.Trend = []themes.Point{}
	}
	one.Change = changes[f.Theme]
	return one
}

// changes are those of the themes' shares between the two periods. [themes.Find]
// compares a period with the one of equal length before it; these may be of any
// lengths and apart, so that each is put on one day.
func (c *comparedIn) changes(ask themes.Input, rows []themes.Row) (map[string]*themes.Change, error) {
	ask.From, ask.To, ask.Bucketing, ask.Answers, ask.Rows = 1, 2, analysis.ByDay, 0, nil
	for _, row := range rows {
		for day, span := range []analysis.Span{c.Before, c.After} {
			if row.Day >= span.From && row.Day < span.To {
				ask.Rows = append(ask.Rows, themes.Row{Day: analysis.Day(day), Theme: row.Theme, Cell: row.Cell})
			}
		}
	}
	found, err := themes.Find(ask)
	if err != nil {
		return nil, fmt.Errorf("compare the themes: %w", err)
	}
	changes := make(map[string]*themes.Change)
	for _, finding := range append(found.Themes, found.NoTheme) {
		changes[finding.Theme] = finding.Change
	}
	return changes, nil
}
