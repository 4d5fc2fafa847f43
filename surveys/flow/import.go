package flow

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/table"
)

// Imports brings answers in from files. A file is read twice: [Imports.Check]
// says what it holds and every row that is wrong, [Imports.Load] stores it in
// one transaction, so that nothing is ever half done.
//
// The same answer is stored once, however often its file is imported: each row
// gets an id that is made of when and by whom which score was given, and of how
// many rows before it in the file say the same (import_id.go). So a file may be imported again, and so
// may a later export that begins with the same answers.
type Imports struct{ store *store.Store }

// NewImports makes the way in for files.
func NewImports(s *store.Store) *Imports { return &Imports{store: s} }

// ImportPlan says where a file is, what its columns mean and where its answers
// go.
type ImportPlan struct {
	Workspace  surveys.Workspace
	Survey     surveys.Survey                // of the workspace
	Open       func() (io.ReadCloser, error) // the file, from its start
	Table      table.Options
	Columns    table.Columns  // at least the score's
	Segments   map[string]int // segment key → column, from 0; keys may be new to the workspace
	Ratings    map[string]int // driver of the survey → column, from 0
	Dates      table.Dates    // Form "" is found out
	AnsweredAt time.Time      // of every row, where no column holds a date
	BadRows    BadRows
	Bad        func(*table.RowError)                         // told of every row that cannot be stored, in order, when checked
	Progress   func(rows, of int64)                          // told now and then; of is 0 while rows are counted
	Create     func(ctx context.Context, tx *store.Tx) error // stores a survey that is new; nil when it is there
}

// BadRows says what to do when some rows are wrong.
type BadRows int

// What to do.
const (
	RefuseBad BadRows = iota // store nothing
	SkipBad                  // store the others
)

// ImportCheck says what a file holds.
type ImportCheck struct {
	Rows     int64 // good and bad
	Bad      int64
	Counts   surveys.Counts
	From, To time.Time        // of the good rows; zero without any
	First    []store.Imported // the first good rows, as understood
	Dates    table.Dates
	values   segmentCounts
	sum      []byte
	now      time.Time
}

// Good is how many rows can be stored.
func (c ImportCheck) Good() int64 { return c.Rows - c.Bad }

// previewRows is how many rows a check keeps to show.
const previewRows = 5

// Check reads the whole file. Its error is of the file as a whole; rows that
// are wrong are told to plan.Bad and counted.
func (i *Imports) Check(ctx context.Context, plan ImportPlan) (ImportCheck, error) {
	check := ImportCheck{Dates: plan.Dates, values: make(segmentCounts), now: i.store.Now()}
	if err := findDates(plan, &check); err != nil {
		return check, err
	}
	sum, err := eachRow(ctx, plan, check, func(in store.Imported, wrong *table.RowError) error {
		check.Rows++
		if wrong != nil {
			check.Bad++
			plan.Bad(wrong)
			return nil
		}
		check.count(in)
		if check.Rows%progressStep == 0 {
			plan.Progress(check.Rows, 0)
		}
		return nil
	})
	check.sum = sum
	return check, err
}

func (c *ImportCheck) count(in store.Imported) {
	r := in.Response
	c.Counts[r.Score]++
	c.values.add(r.Segments)
	if c.From.IsZero() || r.AnsweredAt.Before(c.From) {
		c.From = r.AnsweredAt
	}
	if r.AnsweredAt.After(c.To) {
		c.To = r.AnsweredAt
	}
	if len(c.First) < previewRows {
		c.First = append(c.First, in)
	}
}

// findDates finds out how the file writes its dates, if nobody said.
func findDates(plan ImportPlan, check *ImportCheck) error {
	column, dated := plan.Columns[table.Date]
	if !dated || check.Dates.Form != "" {
		return nil
	}
	file, err := plan.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	rows, err := table.Open(file, plan.Table)
	if err != nil {
		return err
	}
	check.Dates.Form, check.Dates.Decided, err = table.FindDates(rows, column)
	return err
}

// progressStep is how many rows pass between two reports of progress.
const progressStep = 10_000

// eachRow reads the file from its start and visits each row, understood or
// with what is wrong with it. It returns the sum of the file's bytes.
func eachRow(ctx context.Context, plan ImportPlan, check ImportCheck, visit func(store.Imported, *table.RowError) error) ([]byte, error) {
	file, err := plan.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	sum := sha256.New()
	rows, err := table.Open(io.TeeReader(file, sum), plan.Table)
	if err != nil {
		return nil, err
	}
	reading := newImportReader(plan, check, rows.Header())
	for n := 0; ; n++ {
		if n%progressStep == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		record, err := rows.Next()
		var wrong *table.RowError
		var in store.Imported
		switch {
		case errors.Is(err, io.EOF):
			return drain(file, sum)
		case errors.As(err, &wrong):
		case err != nil:
			return nil, err
		default:
			in, wrong = reading.read(record)
		}
		if err := visit(in, wrong); err != nil {
			return nil, err
		}
	}
}

func drain(file io.Reader, sum hash.Hash) ([]byte, error) {
	if _, err := io.Copy(sum, file); err != nil {
		return nil, fmt.Errorf("read the file's end: %w", err)
	}
	return sum.Sum(nil), nil
}

// errFileChanged says that the two readings of a file differ.
var errFileChanged = errors.New("the file changed while it was being imported: nothing was stored, import it again")

// ErrBadRows says that nothing was stored because some rows are wrong.
var ErrBadRows = errors.New("some rows cannot be stored")

// importTries is how often an import begins when other transactions store the
// people whom it brings.
const importTries = 3

// Load stores what was checked, in one transaction with its people, rollups
// and, if it is new, survey.
func (i *Imports) Load(ctx context.Context, plan ImportPlan, check ImportCheck) (store.ImportCounts, error) {
	if check.Bad > 0 && plan.BadRows == RefuseBad {
		return store.ImportCounts{}, ErrBadRows
	}
	places, err := i.admit(ctx, plan, check.values)
	if err != nil {
		return store.ImportCounts{}, err
	}
	for try := 1; ; try++ {
		counts, err := i.store.Import(ctx, plan.Survey, func(tx *store.Tx, l *store.Loader) error {
			if plan.Create != nil {
				if err := plan.Create(ctx, tx); err != nil {
					return err
				}
			}
			return loading{plan: plan, check: check, places: places}.load(ctx, l)
		})
		if surveys.KindOf(err) != surveys.Conflict || plan.Create != nil || try == importTries {
			return counts, err
		}
	}
}

// batchRows is how many answers are sent to the database at once.
const batchRows = 2000

// loading is a file that was checked, on its way into the database.
type loading struct {
	plan   ImportPlan
	check  ImportCheck
	places segmentPlacesOf
}

// load reads ahead while the database stores.
func (f loading) load(ctx context.Context, l *store.Loader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan []store.Imported, 2)
	var sum []byte
	var readErr error
	go func() {
		defer close(batches)
		sum, readErr = f.read(ctx, batches)
	}()
	var done int64
	for batch := range batches {
		if err := l.Add(ctx, batch); err != nil {
			cancel()
			for range batches { // until the reader has gone
			}
			return err
		}
		done += int64(len(batch))
		f.plan.Progress(done, f.check.Good())
	}
	if readErr != nil {
		return readErr
	}
	if !bytes.Equal(sum, f.check.sum) {
		return errFileChanged
	}
	return nil
}

func (f loading) read(ctx context.Context, batches chan<- []store.Imported) ([]byte, error) {
	batch := make([]store.Imported, 0, batchRows)
	send := func() error {
		select {
		case batches <- batch:
			batch = make([]store.Imported, 0, batchRows)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	sum, err := eachRow(ctx, f.plan, f.check, func(in store.Imported, wrong *table.RowError) error {
		if wrong != nil {
			return nil // told when it was checked
		}
		f.places.put(in.Response.Segments)
		if batch = append(batch, in); len(batch) == batchRows {
			return send()
		}
		return nil
	})
	if err != nil || len(batch) == 0 {
		return sum, err
	}
	return sum, send()
}
