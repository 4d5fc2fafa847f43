package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/table"
)

type importCommand struct {
	inWorkspace
	written
	File       string   `arg:"" help:"The CSV file; - for the standard input."`
	Survey     string   `help:"The survey that the answers belong to, by its name or id." placeholder:"NAME"`
	Create     string   `help:"Make a survey of this name for them, on the scale that --metric says." placeholder:"NAME"`
	Metric     string   `help:"The scale of the survey to create: nps, ces, ces5 or csat." placeholder:"METRIC"`
	Map        []string `sep:"none" help:"What a column means, where its name does not tell: COLUMN=score, date, email, person_id, name, comment, locale or response_id; COLUMN=- leaves it out." placeholder:"COLUMN=FIELD"`
	Segment    []string `sep:"none" help:"A column to split reports by, under its own name or another key." placeholder:"COLUMN[=KEY]"`
	AnsweredAt string   `help:"When all were answered, if no column says so: 2026-03-31 or 2026-03-31 14:30." placeholder:"DATE"`
	DryRun     bool     `help:"Check the file and show what would be stored; store nothing."`
	SkipBad    bool     `help:"Store the good rows of a file that has bad ones."`
	RightScale bool     `help:"Store the answers although none is above 5 on a scale that goes further."`
	Errors     string   `help:"Write every bad row's line, column and problem into a CSV file." placeholder:"FILE"`
	Progress   bool     `help:"Tell the progress even where no terminal shows it."`
}

// Run checks the file, shows how it is understood, and stores it.
func (c *importCommand) Run(ctx context.Context, settings *Settings, t terminal) error {
	file, err := openSource(c.File, t.in)
	if err != nil {
		return err
	}
	defer file.close()
	opened, err := settings.open(ctx, settings.logger(t))
	if err != nil {
		return err
	}
	defer opened.Close()
	return c.run(ctx, opened, file, t)
}

// run is Run on an open store.
func (c *importCommand) run(ctx context.Context, s *store.Store, file *source, t terminal) error {
	w, err := c.find(ctx, s)
	if err != nil {
		return err
	}
	plan, picked, err := c.plan(ctx, s, w, file)
	if err != nil {
		return err
	}
	bad, err := newBadRows(t.err, c.Errors)
	if err != nil {
		return err
	}
	progress := c.watched(t)
	plan.Bad, plan.Progress = bad.add, progress.checked
	imports := flow.NewImports(s)
	check, err := imports.Check(ctx, plan)
	progress.end()
	if err := errors.Join(err, bad.close()); err != nil {
		return fmt.Errorf("%s: %w", file.name, err)
	}
	preview{plan: plan, picked: picked, check: check, file: file.name}.print(t.out)
	switch {
	case check.Bad > 0 && !c.SkipBad:
		return fmt.Errorf("nothing was stored: %s of %d cannot be: mend them, or store the others with --skip-bad", rows(check.Bad), check.Rows)
	case check.Good() == 0:
		return errors.New("nothing was stored: the file has no row that can be")
	case doubtful(check, plan.Survey.Metric) && !c.RightScale && !c.DryRun:
		return fmt.Errorf("nothing was stored: no answer is above 5, and the survey's scale goes to %d: choose a survey of the file's own scale, or say --right-scale", plan.Survey.Metric.Scale().Max)
	case c.DryRun:
		fmt.Fprintf(t.out, "\nA dry run: nothing was stored. %s would be.\n", rows(check.Good()))
		return nil
	}
	plan.Progress = progress.stored
	begun := time.Now()
	counts, err := imports.Load(ctx, plan, check)
	progress.end()
	if err != nil {
		return fmt.Errorf("nothing was stored: %w", err)
	}
	tellImported(t, plan, counts, time.Since(begun))
	return nil
}

// fewDoubts is how many answers may all be between 1 and 5 by chance.
const fewDoubts = 10

// doubtful reports whether a file looks like answers from 1 to 5 that are about
// to be stored on a longer scale, where each would count as a bad one.
func doubtful(check flow.ImportCheck, metric surveys.Metric) bool {
	counts, within := check.Counts, int64(0)
	for score := 1; score <= 5; score++ {
		within += counts[score]
	}
	return metric.Scale().Max > 5 && within >= fewDoubts && within == counts.N()
}

// watched is the progress, told where somebody sees it.
func (c *importCommand) watched(t terminal) *progress {
	p := &progress{now: time.Now}
	if c.Progress || isTerminal(t.err) {
		p.out = t.err
	}
	return p
}

func tellImported(t terminal, plan flow.ImportPlan, counts store.ImportCounts, took time.Duration) {
	fmt.Fprintf(t.out, "\nStored %s in %q", count(counts.Stored, "answer"), plan.Survey.Name)
	if counts.People > 0 {
		fmt.Fprintf(t.out, ", with %s not known before", count(counts.People, "person"))
	}
	fmt.Fprintf(t.out, ", in %s.\n", took.Round(100*time.Millisecond))
	if counts.Repeated > 0 {
		fmt.Fprintf(t.out, "Left %s as stored by an import before.\n", count(counts.Repeated, "answer"))
	}
}

// plan finds the survey and understands the header.
func (c *importCommand) plan(ctx context.Context, s *store.Store, w surveys.Workspace, file *source) (flow.ImportPlan, chosen, error) {
	plan := flow.ImportPlan{Workspace: w, Open: file.open}
	if c.SkipBad {
		plan.BadRows = flow.SkipBad
	}
	var err error
	if plan.Table, err = c.table(); err != nil {
		return plan, chosen{}, err
	}
	if plan.Dates, err = c.dates(w.Location()); err != nil {
		return plan, chosen{}, err
	}
	if err := c.aim(ctx, s, &plan); err != nil {
		return plan, chosen{}, err
	}
	head, err := file.header(plan.Table)
	if err != nil {
		return plan, chosen{}, fmt.Errorf("%s: %w", file.name, err)
	}
	picked, err := c.choose(head.Header(), w)
	if err != nil {
		return plan, picked, fmt.Errorf("%s: %w", file.name, err)
	}
	plan.Columns, plan.Segments = picked.columns, picked.segments
	if err := c.rate(&plan, picked); err != nil {
		return plan, picked, fmt.Errorf("%s: %w", file.name, err)
	}
	return plan, picked, c.dated(&plan, picked)
}

// dated makes sure that each answer gets a time.
func (c *importCommand) dated(plan *flow.ImportPlan, picked chosen) error {
	_, column := picked.columns[table.Date]
	switch {
	case c.AnsweredAt == "" && !column:
		return fmt.Errorf("no column is named like the date of an answer: say which with --map COLUMN=date, or when all were answered with --answered-at; the columns are %s", table.Quoted(picked.header))
	case c.AnsweredAt == "":
		return nil
	case column:
		return fmt.Errorf("--answered-at is for files without dates, and the column %q holds some: leave it out with --map %q", picked.header[picked.columns[table.Date]], picked.header[picked.columns[table.Date]]+"=-")
	}
	var err error
	if plan.AnsweredAt, err = (table.Dates{Form: table.YearFirst, Zone: plan.Dates.Zone}).Parse(c.AnsweredAt); err != nil {
		return fmt.Errorf("--answered-at: %w", err)
	}
	return nil
}

// aim finds the survey, or prepares the new one.
func (c *importCommand) aim(ctx context.Context, s *store.Store, plan *flow.ImportPlan) error {
	list, err := s.Surveys(ctx, plan.Workspace.ID)
	if err != nil {
		return err
	}
	switch {
	case c.Survey != "" && c.Create != "":
		return errors.New("--survey and --create exclude each other")
	case c.Create != "":
		return c.newSurvey(s, list, plan)
	case c.Metric != "":
		return errors.New("--metric is for --create: a survey that is there has its scale")
	}
	var found []surveys.Survey
	var names []string
	for _, survey := range list {
		if c.Survey != "" && (strings.EqualFold(survey.Name, c.Survey) || survey.ID == c.Survey) {
			found = append(found, survey)
		}
		names = append(names, survey.Name)
	}
	switch {
	case len(list) == 0:
		return errors.New("there is no survey yet: make one with --create NAME --metric nps")
	case c.Survey == "":
		return fmt.Errorf("say which survey the answers belong to: --survey with one of %s, or --create NAME --metric nps", table.Quoted(names))
	case len(found) == 0:
		return fmt.Errorf("there is no survey %q: it is one of %s", c.Survey, table.Quoted(names))
	case len(found) > 1:
		return fmt.Errorf("several surveys are named %q: say which by its id, --survey %s or --survey %s", c.Survey, found[0].ID, found[1].ID)
	case found[0].Status == surveys.SurveyArchived:
		return fmt.Errorf("the survey %q is archived: bring it back before you import into it", found[0].Name)
	}
	plan.Survey = found[0]
	return nil
}

// newSurvey prepares a survey that is stored together with its answers.
func (c *importCommand) newSurvey(s *store.Store, list []surveys.Survey, plan *flow.ImportPlan) error {
	for _, survey := range list {
		if strings.EqualFold(survey.Name, c.Create) {
			return fmt.Errorf("there is a survey %q already: import into it with --survey", survey.Name)
		}
	}
	metric := surveys.Metric(c.Metric)
	if !metric.Valid() {
		return fmt.Errorf("say on which scale %q asks: --metric with one of nps (0–10), ces (1–7), ces5 (1–5, lower is better), csat (1–5)", c.Create)
	}
	id, err := s.NewID()
	if err != nil {
		return err
	}
	key, err := surveys.NewKey(s.Random(), 6)
	if err != nil {
		return err
	}
	plan.Survey, err = surveys.Survey{
		WorkspaceID: plan.Workspace.ID, ID: id, Key: key, Name: c.Create, Metric: metric, Status: surveys.SurveyActive,
		Question: surveys.Question{Version: 1}, CreatedAt: s.Now(), UpdatedAt: s.Now(),
	}.Check()
	plan.Create = func(ctx context.Context, tx *store.Tx) error { return tx.CreateSurvey(ctx, plan.Survey) }
	return err
}
