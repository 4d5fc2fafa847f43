package handlers_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // reads the rows beside the pages

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// The environment variables that size the benchmark: how many responses there
// are; the address of a database that is kept and, once it is filled, used as it
// is ("" takes an empty one of each dialect); and for how long background jobs may
// work before the pages are looked at ("" is an hour).
const (
	benchResponsesEnv = "HARK_BENCH_RESPONSES"
	benchDatabaseEnv  = "HARK_BENCH_DATABASE"
	benchJobsEnv      = "HARK_BENCH_JOBS"
)

// What the crowd is made of.
const (
	crowdResponses = 100_000 // when nobody says otherwise
	crowdSurveys   = 12      // the first has half of all responses
	crowdDays      = 730
	commentEvery   = 20      // responses of which one has a comment
	inviteEvery    = 10      // responses of which one came by mail, from four who were asked
	answersEach    = 20      // responses of one person
	loadAtOnce     = 200_000 // responses in one transaction: more outgrow SQLite's cache
)

// crowdKeys are the declared segment keys, with how many values each has.
func crowdKeys() []struct {
	name   string
	values int
} {
	return []struct {
		name   string
		values int
	}{{"country", 12}, {"plan", 4}, {"product", 20}, {"agent", 40}, {"device", 3}, {"region", 8}}
}

// crowd is a workspace with very many responses.
type crowd struct {
	responses int
	w         surveys.Workspace
	surveys   []surveys.Survey
	rule      surveys.Rule
	end       time.Time
}

// BenchmarkFirstLook opens each page on which somebody reads, the first time in
// a server that has just started, with many responses behind it, and says how
// often it fits into the time that reading the survey's rows takes. No first look
// may take over 200 ms, however many there are.
func BenchmarkFirstLook(b *testing.B) {
	for _, dialect := range storetest.Dialects() {
		b.Run(string(dialect), func(b *testing.B) {
			address := os.Getenv(benchDatabaseEnv)
			switch {
			case address == "":
				address = storetest.URL(b, dialect)
			case strings.HasPrefix(address, "sqlite:") != (dialect == store.SQLite):
				b.Skip("another database is asked for")
			}
			c := gather(b, address)
			rows, days := c.readRows(b, address)
			b.Logf("%s: %d responses; the survey's rows are read in %v, grouped by day in %v", dialect, c.responses, rows, days)
			for _, page := range c.pages() {
				b.Run(page.name, func(b *testing.B) {
					s := benchStore(b, address)
					defer s.Close()
					look := c.reader(b, s)
					first := look(page.path)
					for b.Loop() {
						look(page.path)
					}
					b.ReportMetric(float64(first.Microseconds())/1000, "first-ms")
					b.ReportMetric(rows.Seconds()/first.Seconds(), "rows/first")
					b.ReportMetric(days.Seconds()/first.Seconds(), "days/first")
				})
			}
		})
	}
}

// benchStore opens a database as a server does.
func benchStore(b *testing.B, address string) *store.Store {
	b.Helper()
	s, err := store.Open(context.Background(), store.Options{URL: address, Now: time.Now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// gather returns the crowd of a database, and fills the database first if it is
// empty.
func gather(b *testing.B, address string) crowd {
	b.Helper()
	ctx := context.Background()
	s := benchStore(b, address)
	defer s.Close()
	if err := s.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	c := crowd{responses: crowdResponses, end: time.Now().UTC().Truncate(time.Second)}
	if text := os.Getenv(benchResponsesEnv); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1000 {
			b.Fatalf("%s=%q: a number from 1000 on", benchResponsesEnv, text)
		}
		c.responses = n
	}
	there, err := s.Workspaces(ctx)
	if err != nil {
		b.Fatal(err)
	}
	if len(there) == 0 {
		c.fill(b, s)
	} else {
		c.w = there[0]
	}
	if c.surveys, err = s.Surveys(ctx, c.w.ID); err != nil {
		b.Fatal(err)
	}
	wait := time.Hour
	if text := os.Getenv(benchJobsEnv); text != "" {
		if wait, err = time.ParseDuration(text); err != nil {
			b.Fatalf("%s=%q: a time such as 20m", benchJobsEnv, text)
		}
	}
	began := time.Now()
	left := doJobs(b, s, wait)
	analyse(b, address)
	b.Logf("the jobs took %v; not ended: %v", time.Since(began).Round(time.Second), left)
	return c
}

// fill stores the workspace and its history, and does what the jobs do.
func (c *crowd) fill(b *testing.B, s *store.Store) {
	b.Helper()
	ctx, began := context.Background(), time.Now()
	c.w = storetest.Workspace(b, s)
	c.w.Segments = nil
	for _, key := range crowdKeys() {
		c.w.Segments = append(c.w.Segments, key.name)
	}
	storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.UpdateWorkspace(ctx, c.w); err != nil {
			return err
		}
		for _, key := range crowdKeys() {
			for value := range key.values {
				if _, err := tx.AdmitSegmentValue(ctx, c.w.ID, key.name, key.name+" "+strconv.Itoa(value)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for range crowdSurveys {
		c.surveys = append(c.surveys, storetest.Survey(b, s, c.w.ID, surveys.NPS))
	}
	c.rule = storetest.Rule(b, s, c.surveys[0])
	storetest.Theme(b, s, c.w.ID)
	for from := 0; from < c.responses; from += loadAtOnce {
		if err := s.Load(ctx, c.w, c.history(from, min(from+loadAtOnce, c.responses))); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d responses were loaded in %v", c.responses, time.Since(began).Round(time.Second))
}

// analyse lets PostgreSQL learn what is in its tables, as it does by itself within
// minutes.
func analyse(b *testing.B, address string) {
	b.Helper()
	if strings.HasPrefix(address, "sqlite:") {
		return
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("ANALYZE"); err != nil {
		b.Fatal(err)
	}
}

// doJobs does what a server does within its first minutes: reads comments, counts
// invitations, computes loyalty. It returns what did not end within the time.
func doJobs(b *testing.B, s *store.Store, wait time.Duration) []string {
	b.Helper()
	ended := make(chan string, 1000)
	worker, err := flow.NewWorker(s, slog.New(slog.DiscardHandler), func(kind string, err error) {
		if err != nil {
			kind += ": " + err.Error()
		}
		ended <- kind
	}, nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), wait)
	defer stop()
	if err := worker.Start(ctx); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = worker.Stop(context.Background()) }()
	waits := map[string]bool{flow.ReadArgs{}.Kind(): true, flow.LoyaltyArgs{}.Kind(): true, flow.CountArgs{}.Kind(): true, flow.DriversArgs{}.Kind(): true}
	for len(waits) > 0 {
		select {
		case kind := <-ended:
			switch {
			case strings.Contains(kind, "database_busy"): // it is tried again
				continue
			case strings.Contains(kind, ": "):
				b.Fatal(kind)
			}
			delete(waits, kind)
		case <-ctx.Done():
			return slices.Sorted(maps.Keys(waits))
		}
	}
	return nil
}

// history draws the responses of some numbers in the order of time, in batches; the
// first begins with everybody who answers.
func (c *crowd) history(from, to int) iter.Seq[store.Batch] {
	const each = 5000
	return func(yield func(store.Batch) bool) {
		if from == 0 && !yield(c.people()) {
			return
		}
		for ; from < to; from += each {
			var batch store.Batch
			for i := from; i < min(from+each, to); i++ {
				c.add(&batch, i)
			}
			if !yield(batch) {
				return
			}
		}
	}
}

// at is the moment of one of n things that happened evenly in all the time.
func (c *crowd) at(i, n int) time.Time {
	all := crowdDays * 24 * time.Hour
	return c.end.Add(-all + time.Duration(float64(all)*float64(i)/float64(n)))
}

// crowdID is an id of a kind of rows, in the order of time as UUIDv7 are.
func crowdID(kind int, at time.Time, i int) string {
	ms := at.UnixMilli()
	return fmt.Sprintf("%08x-%04x-7%03x-8000-%012x", ms>>16, ms&0xffff, kind, i)
}

// person is one of those who answer.
func (c *crowd) person(i int) (id string, at time.Time) {
	at = c.at(0, 1)
	return crowdID(1, at, i), at
}

// people began a contract before everything; every seventh ended it.
func (c *crowd) people() store.Batch {
	var batch store.Batch
	for i := range max(1, c.responses/answersEach) {
		id, at := c.person(i)
		batch.People = append(batch.People, surveys.Person{WorkspaceID: c.w.ID, ID: id, ExternalID: "p" + strconv.Itoa(i), Email: "p" + strconv.Itoa(i) + "@example.com", Name: "Person " + strconv.Itoa(i), CreatedAt: at, UpdatedAt: at})
		event := func(kind string, days int) {
			when := at.AddDate(0, 0, days)
			batch.Events = append(batch.Events, surveys.Event{WorkspaceID: c.w.ID, ID: crowdID(2+len(batch.Events)%2, when, len(batch.Events)), Type: kind, PersonID: id, OccurredAt: when, ReceivedAt: when})
		}
		event("subscription_started", i%300)
		if i%7 == 0 {
			event("subscription_cancelled", 300+i%400)
		}
	}
	return batch
}

// add draws the response number i, with its invitation and those of others who
// did not answer.
func (c *crowd) add(batch *store.Batch, i int) {
	at, chance := c.at(i, c.responses), i*7919%1000
	survey := c.surveys[0]
	if i%2 == 1 {
		survey = c.surveys[1+i/2%(crowdSurveys-1)]
	}
	person, _ := c.person(i * 31 % max(1, c.responses/answersEach))
	r := surveys.Response{WorkspaceID: c.w.ID, ID: crowdID(4, at, i), SurveyID: survey.ID, Version: 1, PersonID: person, Score: crowdScore(chance),
		Locale: "en", Channel: surveys.ChannelLink, Day: surveys.Day(at, c.w.Location()), AnsweredAt: at, CreatedAt: at, UpdatedAt: at}
	if i%commentEvery == 0 {
		r.Comment = crowdComment(i, r.Score)
	}
	if i%inviteEvery == 0 {
		r.Channel, r.InvitationID = surveys.ChannelMail, crowdID(5, at, i)
		for k := range 4 {
			sent := at.Add(-time.Hour)
			invitation := surveys.Invitation{WorkspaceID: c.w.ID, ID: crowdID(5+k, at, i), SurveyID: survey.ID, RuleID: c.rule.ID, EventID: crowdID(9+k, at, i), PersonID: person,
				Email: "p@example.com", State: surveys.InvitationSent, SendAt: sent, SentAt: &sent, ExpiresAt: at.AddDate(0, 1, 0), CreatedAt: sent}
			if k == 0 {
				invitation.AnsweredAt, invitation.ResponseID = &at, r.ID
			}
			batch.Invitations = append(batch.Invitations, invitation)
		}
	}
	r.Segments = map[string]string{surveys.SegmentChannel: string(r.Channel), surveys.SegmentVersion: "1"}
	for k, key := range crowdKeys() {
		r.Segments[key.name] = key.name + " " + strconv.Itoa((i*13+i/7*k)%key.values)
	}
	batch.Responses = append(batch.Responses, r)
}

// crowdScore has half the people promoters, and a fifth detractors.
func crowdScore(chance int) int {
	switch {
	case chance < 500:
		return 9 + chance%2
	case chance < 700:
		return chance % 7
	}
	return 7 + chance%2
}

func crowdComment(i, score int) string {
	things := [...]string{"delivery", "taste", "price", "website", "parcel", "support", "subscription", "beans", "invoice", "refund"}
	says := [...]string{"was late again, and nobody answered", "is fine, though I expected more", "was perfect, thank you"}
	return "The " + things[i/commentEvery%len(things)] + " " + says[min(max(score-6, 0)/2, 2)] + " (order " + strconv.Itoa(i) + ")."
}

// readRows measures what pages are held against: reading every row of the first
// survey, and letting the database count them by day.
func (c crowd) readRows(b *testing.B, address string) (rows, days time.Duration) {
	b.Helper()
	driver, source, place := "sqlite", strings.TrimPrefix(address, "sqlite:"), "?"
	if source == address {
		driver, source, place = "pgx", address, "$"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	where := " FROM responses WHERE workspace_id = " + place + "1 AND survey_id = " + place + "2"
	measure := func(query string) time.Duration {
		began, n := time.Now(), 0
		result, err := db.Query(query, string(c.w.ID), c.surveys[0].ID)
		if err != nil {
			b.Fatal(err)
		}
		defer result.Close()
		for result.Next() {
			var day, score int
			if err := result.Scan(&day, &score); err != nil {
				b.Fatal(err)
			}
			n++
		}
		if err := result.Err(); err != nil || n == 0 {
			b.Fatalf("%d rows (%v)", n, err)
		}
		return time.Since(began)
	}
	return measure("SELECT day, score" + where), measure("SELECT day, count(*)" + where + " GROUP BY day")
}

// pages are those on which somebody reads.
func (c crowd) pages() []struct{ name, path string } {
	at := "/surveys/" + c.surveys[0].ID
	return []struct{ name, path string }{
		{"report", at}, {"report-year", at + "?range=365"}, {"report-filter", at + "?segment=plan%3Aplan+1"}, {"overview", "/scores"},
		{"themes", at + "/themes"}, {"comments", at + "/comments"}, {"comments-search", at + "/comments?q=refund"}, {"loyalty-tab", at + "/loyalty"}, {"loyalty", "/loyalty"},
		{"responses", "/responses?survey=" + c.surveys[0].ID}, {"people", "/people"}, {"tv", at + "/tv"}, {"tv-tour", "/tv"}, {"shares", at + "/shares"}, {"digest", "/account/digest"},
	}
}

// reader opens pages as an owner who is signed in, and returns how long the
// server took.
func (c crowd) reader(b *testing.B, s *store.Store) func(path string) time.Duration {
	b.Helper()
	server, _ := newDemo(b, s)
	owner := storetest.User(b, s, c.w.ID, surveys.Owner)
	cookie := &http.Cookie{Name: "hark_session", Value: string(storetest.Token(b, s, c.w, surveys.PurposeSession, owner.ID))}
	return func(path string) time.Duration {
		request := httptest.NewRequest(http.MethodGet, path, nil)
		request.AddCookie(cookie)
		recorder, began := httptest.NewRecorder(), time.Now()
		server.ServeHTTP(recorder, request)
		took := time.Since(began)
		if recorder.Code != http.StatusOK {
			b.Fatalf("%s: status %d", path, recorder.Code)
		}
		return took
	}
}
