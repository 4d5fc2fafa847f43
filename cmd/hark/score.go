package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

type scoreCommand struct {
	written
	File       string    `arg:"" optional:"" help:"The CSV file; - for the standard input."`
	Metric     string    `help:"The scale: nps (0–10), ces (1–7), ces5 (1–5, lower is better) or csat (1–5). Found out where only one can be meant." placeholder:"METRIC"`
	Column     string    `help:"The column of the scores, by its name or number. Found by its name." placeholder:"NAME"`
	Date       string    `help:"The column of the dates, for the trend. Found by its name; - for none." placeholder:"NAME"`
	By         string    `help:"A column to compare by: plan, country, …" placeholder:"NAME"`
	Compare    periods   `help:"Two periods to compare, by the dates: A..B C..D, last days included. A week, a month, a quarter or a year is a period too: 2026-W09, 2026-03, 2026-Q1, 2026." placeholder:"PERIOD PERIOD"`
	Drivers    []string  `help:"Columns that may drive the score, such as ratings of speed and price: how much of it goes with each." placeholder:"NAME,NAME"`
	Person     string    `help:"The column of who answered, so that the score's interval knows that people's own answers are alike. Takes memory for each person." placeholder:"NAME"`
	Target     []string  `sep:"none" help:"What is known of everybody by a column, in percent: plan=free:60,pro:40. The score is shown weighted to it as well. Give the flag again for another column." placeholder:"COLUMN=VALUE:SHARE,…"`
	Comments   string    `help:"The column of what people wrote: which themes, how often, and what they do to the score." placeholder:"NAME"`
	Themes     string    `help:"The themes that are looked for in the comments: commerce, software or support. Commerce unless you say." placeholder:"SET"`
	Confidence certainty `default:"0.95" help:"Of the intervals, between 0.5 and 0.9999."`
	Method     string    `help:"How the scores' intervals are made: adjusted-wald, score, bayes, goodman or wald for nps; wilson, jeffreys, agresti-coull, clopper-pearson, wilson-cc or wald for the shares. The first of each unless you say." placeholder:"METHOD"`
	JSON       bool      `name:"json" help:"Print the report as JSON."`
	SkipBad    bool      `help:"Score the good rows of a file that has bad ones."`
	Width      int       `help:"How wide to print, in characters. Else the terminal's width." placeholder:"N"`
	Columns    string    `env:"COLUMNS" hidden:""`
	NoColor    string    `name:"no-color" env:"NO_COLOR" hidden:""`
}

// Run scores the file.
func (c *scoreCommand) Run(ctx context.Context, t terminal) error {
	if err := c.check(); err != nil {
		return err
	}
	file, err := openSource(c.File, t.in)
	if err != nil {
		return err
	}
	defer file.close()
	tally, err := c.tally(ctx, file, t)
	if err != nil {
		return fmt.Errorf("%s: %w", file.name, err)
	}
	scored, err := c.report(tally)
	if err != nil {
		return fmt.Errorf("%s: %w", file.name, err)
	}
	if c.JSON {
		encoder := json.NewEncoder(t.out)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(scored); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		return nil
	}
	printer{out: t.out, paint: c.paint(t), width: c.width(t)}.print(scored)
	return nil
}

// The widths that are printed: text in longer lines is hard to read, and a table
// in shorter ones says nothing.
const usualWidth, leastWidth, mostWidth = 80, 32, 100

// width is how wide the printed report may be.
func (c *scoreCommand) width(t terminal) int {
	width := c.Width
	if told, err := strconv.Atoi(c.Columns); width <= 0 && err == nil {
		width = told
	}
	if file, ok := t.out.(*os.File); width <= 0 && ok {
		width = columns(file)
	}
	if width <= 0 {
		width = usualWidth
	}
	return min(max(width, leastWidth), mostWidth)
}

// paint is plain unless a person watches who did not refuse colours.
func (c *scoreCommand) paint(t terminal) paint {
	if c.NoColor != "" || !isTerminal(t.out) {
		return plainly
	}
	return colourfully
}

// tally reads the file and counts it.
func (c *scoreCommand) tally(ctx context.Context, file *source, t terminal) (*tally, error) {
	o, err := c.table()
	if err != nil {
		return nil, err
	}
	head, err := file.header(o)
	if err != nil {
		return nil, err
	}
	columns, err := c.columns(head.Header())
	if err != nil {
		return nil, err
	}
	if columns.dates, err = c.dates(time.UTC); err != nil {
		return nil, err
	}
	if err := columns.findDates(file, o); err != nil {
		return nil, err
	}
	if err := columns.findDrivers(file, o); err != nil {
		return nil, err
	}
	bad := &badRows{shown: t.err}
	counted, err := c.newTally(columns)
	if err != nil {
		return nil, err
	}
	if err := counted.read(ctx, file, o, bad); err != nil {
		return nil, err
	}
	if err := bad.close(); err != nil {
		return nil, err
	}
	if bad.n > 0 && !c.SkipBad {
		return nil, fmt.Errorf("%s of %s cannot be scored: %s", rows(bad.n), grouped(counted.rows), c.mend(counted))
	}
	counted.bad = bad.n
	return counted, counted.settle()
}

// mend says what to do about rows that cannot be scored.
func (c *scoreCommand) mend(t *tally) string {
	switch {
	case t.foreign:
		return "the two lines under the header look like those that Qualtrics adds, the questions and its own ids: delete them, or leave them out with --skip-bad"
	case t.columns.date >= 0 && c.Date == "" && t.counts.N() == 0 && t.columns.dates.Decided == 0 && c.DateFormat == "":
		return fmt.Sprintf("no date can be read in %q: say which column holds them with --date, or --date - for none", t.columns.header[t.columns.date])
	}
	return "mend them, or score the others with --skip-bad"
}

func (c *scoreCommand) check() error {
	if c.File == "" {
		return errors.New("say which file to score, such as hark score answers.csv; - is the standard input")
	}
	if c.Metric != "" && !surveys.Metric(c.Metric).Valid() {
		return fmt.Errorf("--metric %q is not one of nps, ces, ces5, csat", c.Metric)
	}
	if err := c.Confidence.check(); err != nil {
		return err
	}
	if err := c.checkMethod(surveys.Metric(c.Metric)); err != nil {
		return err
	}
	if err := c.checkThemes(); err != nil {
		return err
	}
	if _, err := parseTargets(c.Target); err != nil {
		return err
	}
	if c.Person != "" && c.Method != "" {
		return errors.New("--method and --person do not go together: the interval of people who repeat themselves is made in one way only")
	}
	if len(c.Compare) > 0 && c.Date == "-" {
		return errors.New("--compare needs dates, and --date - leaves them out")
	}
	return c.Compare.check()
}

// checkMethod refuses a method that the metric does not have; that none has
// while the metric is not known.
func (c *scoreCommand) checkMethod(metric surveys.Metric) error {
	var methods []analysis.Method
	for _, m := range surveys.Metrics() {
		for _, method := range analysis.Methods(m) {
			if (metric == "" || m == metric) && !slices.Contains(methods, method) {
				methods = append(methods, method)
			}
		}
	}
	if c.Method == "" || slices.Contains(methods, analysis.Method(c.Method)) {
		return nil
	}
	of := ""
	if metric != "" {
		of = " of " + string(metric)
	}
	return fmt.Errorf("--method %q is not one%s: %s", c.Method, of, joined(methods))
}

// joined lists names for a message.
func joined[T ~string](list []T) string {
	names := make([]string, len(list))
	for i, name := range list {
		names[i] = string(name)
	}
	return strings.Join(names, ", ")
}
