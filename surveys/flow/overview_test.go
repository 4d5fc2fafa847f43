package flow_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// answeredFor stores answers on each of so many days before today: steady, or with a
// fall in the last 90.
func answeredFor(tb testing.TB, s *store.Store, survey surveys.Survey, days, each int, fall float64) {
	tb.Helper()
	draw := rand.New(rand.NewPCG(uint64(days), uint64(each)))
	var list []surveys.Response
	for ago := range days {
		for range each {
			r := storetest.Response(tb, s, survey, 9)
			if bad := .2 + map[bool]float64{true: fall}[ago < 90]; draw.Float64() < bad {
				r.Score = 2
			}
			r.Day -= ago
			r.Segments["plan"] = fmt.Sprint(draw.IntN(5))
			list = append(list, r)
		}
	}
	storetest.Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
}

// TestOverviewSaysWhatTheReportsSay: a line's verdict, score and course are those
// of the survey's own report.
func TestOverviewSaysWhatTheReportsSay(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		office, reports := flow.Office{Workspace: w, Zone: w.Location()}, flow.NewReports(s)
		var list []surveys.Survey
		for _, of := range []struct {
			days, each int
			fall       float64
		}{{700, 3, 0}, {400, 4, .3}, {3, 1, 0}, {0, 0, 0}} {
			survey := storetest.Survey(t, s, w.ID, surveys.NPS)
			answeredFor(t, s, survey, of.days, of.each, of.fall)
			list = append(list, survey)
		}
		lines, err := reports.Overview(ctx, office, list)
		if err != nil || len(lines) != len(list) {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		for i, line := range lines {
			today := analysis.DayOf(s.Now(), office.Zone)
			q := flow.ReportQuery{From: today - 89, To: today + 1, TrendFrom: line.Report.Trend[0].Start, Interval: analysis.ByWeek}
			report, err := reports.Report(ctx, office, list[i], q)
			if err != nil {
				t.Fatal(err)
			}
			if line.Survey.ID != list[i].ID || line.Report.N != report.N || !reflect.DeepEqual(line.Report.Score, report.Score) ||
				line.Report.Verdict.Text != report.Verdict.Text || !sameCourse(line.Report.Trend, report.Trend) {
				t.Errorf("line %d: %+v\nits report: %+v\n%v %v %v %v", i, line.Report.Verdict, report.Verdict, line.Report.N == report.N, reflect.DeepEqual(line.Report.Score, report.Score), line.Report.Verdict.Text == report.Verdict.Text, sameCourse(line.Report.Trend, report.Trend))
			}
		}
		if lines[1].Report.Verdict.Kind != analysis.Fall {
			t.Errorf("the fall is %s", lines[1].Report.Verdict.Kind)
		}
	})
}

// TestOverviewTellsResponseRates leaves out what was sent within the week.
func TestOverviewTellsResponseRates(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		invited, linked := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Survey(t, s, w.ID, surveys.NPS)
		for n := range 10 {
			send(t, s, invited, n < 3)
		}
		clock.Advance(9 * 24 * time.Hour)
		send(t, s, invited, false)
		if err := flow.CountInvitations(ctx, s); err != nil {
			t.Fatal(err)
		}
		lines, err := flow.NewReports(s).Overview(ctx, flow.Office{Workspace: w, Zone: w.Location()}, []surveys.Survey{invited, linked})
		if err != nil {
			t.Fatal(err)
		}
		if a := lines[0].Asked; a == nil || a.Sent != 10 || a.Answered != 3 || *a.Rate != .3 {
			t.Errorf("asked: %+v", a)
		}
		if lines[1].Asked != nil {
			t.Errorf("a survey without invitations has the rate %+v", lines[1].Asked)
		}
	})
}

// send mails an invitation now, and lets the person answer it or not.
func send(tb testing.TB, s *store.Store, survey surveys.Survey, answers bool) surveys.Invitation {
	tb.Helper()
	i := storetest.Invitation(tb, s, survey, storetest.Person(tb, s, survey.WorkspaceID))
	for _, to := range []surveys.InvitationState{surveys.InvitationClaimed, surveys.InvitationSending, surveys.InvitationSent} {
		from := i.State
		if i.State = to; to == surveys.InvitationSent {
			now := s.Now()
			i.SentAt = &now
		}
		storetest.Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.MoveInvitation(ctx, i, from) })
	}
	if answers {
		r := storetest.Response(tb, s, survey, 9)
		r.InvitationID, r.PersonID, r.Channel = i.ID, i.PersonID, surveys.ChannelMail
		r.Segments = surveys.SegmentsOf(r, []string{"plan"}, map[string]any{"plan": "pro"})
		storetest.Write(tb, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Take(ctx, store.Submission{Response: r})
			return err
		})
	}
	return i
}

// BenchmarkOverview reads the overview of 50 surveys with two years of counts by
// day, every fifth with a fall; and beside it the answers themselves, of which each
// survey has but ten a day.
func BenchmarkOverview(b *testing.B) {
	for _, dialect := range storetest.Dialects() {
		s := storetest.Open(b, dialect)
		w := storetest.Workspace(b, s)
		var list []surveys.Survey
		for i := range 50 {
			survey := storetest.Survey(b, s, w.ID, surveys.NPS)
			answeredFor(b, s, survey, 730, 10, map[bool]float64{true: .3}[i%5 == 0])
			list = append(list, survey)
		}
		reports, office := flow.NewReports(s), flow.Office{Workspace: w, Zone: w.Location()}
		b.Run(string(dialect)+"/overview", func(b *testing.B) {
			for b.Loop() {
				if _, err := reports.Overview(context.Background(), office, list); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(string(dialect)+"/rows", func(b *testing.B) {
			for b.Loop() {
				for _, survey := range list {
					var counts surveys.Counts
					if err := s.EachResponse(context.Background(), w.ID, store.ResponseFilter{SurveyID: survey.ID}, func(r surveys.Response) error { counts[r.Score]++; return nil }); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
