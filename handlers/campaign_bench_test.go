package handlers_test

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// campaignPeopleEnv is how many people BenchmarkCampaign asks; "" is a million.
const campaignPeopleEnv = "HARK_BENCH_PEOPLE"

// BenchmarkCampaign asks a million new people, from lists as long as lists may be,
// while somebody reads the pages of a workspace with 20,000 responses
// (security.md F19): how long the lists take to be read and confirmed, how long
// until all people are stored and have their turn, and how long a page takes
// meanwhile, of a hundred looks the 95th.
func BenchmarkCampaign(b *testing.B) {
	people := 1_000_000
	if n, err := strconv.Atoi(os.Getenv(campaignPeopleEnv)); err == nil {
		people = n
	}
	for _, dialect := range storetest.Dialects() {
		b.Run(string(dialect), func(b *testing.B) {
			for b.Loop() {
				address := storetest.URL(b, dialect)
				if dialect == store.Postgres {
					address = storetest.Durable(b)
				}
				campaign(b, address, people)
			}
		})
	}
}

func campaign(b *testing.B, address string, people int) {
	s := benchStore(b, address)
	defer s.Close()
	if err := s.Migrate(context.Background()); err != nil {
		b.Fatal(err)
	}
	c := crowd{responses: 20_000, end: time.Now().UTC().Truncate(time.Second)}
	c.fill(b, s)
	analyse(b, address)
	lists, rule := flow.NewLists(s), surveys.Rule{Name: "Campaign", WorkspaceID: c.w.ID, Trigger: surveys.TriggerList, SurveyID: c.surveys[0].ID, Status: surveys.RuleActive}
	began := time.Now()
	for from := 0; from < people; from += flow.MaxListLines {
		plan := flow.ListPlan{Workspace: c.w, Rule: rule, File: campaignFile(from, min(from+flow.MaxListLines, people)), Days: 5, Start: time.Now().In(c.w.Location()).AddDate(0, 0, 1)}
		check, err := lists.Check(context.Background(), plan)
		if err != nil {
			b.Fatal(err)
		}
		list, err := lists.Confirm(context.Background(), plan, check)
		if err != nil {
			b.Fatal(err)
		}
		rule.ID = list.RuleID
	}
	b.ReportMetric(time.Since(began).Seconds(), "upload-s")
	stored := make(chan struct{})
	var reading sync.WaitGroup
	var looks []time.Duration
	reading.Go(func() {
		look := c.reader(b, s)
		for n := 0; ; n++ {
			select {
			case <-stored:
				return
			case <-time.After(300 * time.Millisecond):
				pages := c.pages()
				looks = append(looks, look(pages[n%len(pages)].path))
			}
		}
	})
	var before, after syscall.Rusage
	began, _ = time.Now(), syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	err := lists.Store(context.Background())
	b.ReportMetric(time.Since(began).Seconds(), "store-s")
	if syscall.Getrusage(syscall.RUSAGE_SELF, &after) == nil { // of a busy machine it says more than the clock
		b.ReportMetric(float64(after.Utime.Nano()+after.Stime.Nano()-before.Utime.Nano()-before.Stime.Nano())/1e9, "cpu-s")
	}
	close(stored)
	reading.Wait()
	if err != nil {
		b.Fatal(err)
	}
	slices.Sort(looks)
	if len(looks) > 0 {
		b.ReportMetric(float64(looks[len(looks)*95/100].Microseconds())/1000, "p95-ms")
		b.ReportMetric(float64(looks[len(looks)/2].Microseconds())/1000, "p50-ms")
	}
}

// campaignFile is a list of some of the people.
func campaignFile(from, to int) []byte {
	var file strings.Builder
	file.WriteString("email,name,plan\n")
	for i := from; i < to; i++ {
		file.WriteString("p" + strconv.Itoa(i) + "@customers.example,Person " + strconv.Itoa(i) + ",pro\n")
	}
	return []byte(file.String())
}
