package store_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkIngestInvited measures durably accepted answers to invitations per
// second, from 64 submitters at once: each marks its invitation and, since
// invitations are counted, moves the counts of those that were asked.
func BenchmarkIngestInvited(b *testing.B) {
	for _, dialect := range storetest.Dialects() {
		b.Run(string(dialect), func(b *testing.B) {
			s := durableStore(b, dialect)
			w := storetest.Workspace(b, s)
			survey := storetest.Survey(b, s, w.ID, surveys.NPS)
			list := benchResponses(b, s, survey, b.N)
			inviteAll(b, s, w, list)
			in := store.NewIngest(s, nil)
			defer in.Close()
			var next atomic.Int64
			b.SetParallelism(64 / 2) // by GOMAXPROCS
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := in.Submit(context.Background(), store.Submission{Response: list[next.Add(1)-1]}); err != nil {
						b.Error(err)
						return
					}
				}
			})
			straight, careful := in.Batches()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
			b.ReportMetric(float64(b.N)/float64(straight+careful), "answers/batch")
		})
	}
}

// inviteAll gives each answer an invitation that was sent and counted.
func inviteAll(b *testing.B, s *store.Store, w surveys.Workspace, list []surveys.Response) {
	b.Helper()
	ctx := context.Background()
	sent := s.Now().Add(-time.Hour)
	for from := 0; from < len(list); from += 500 {
		part := list[from:min(from+500, len(list))]
		if err := s.InTx(ctx, func(tx *store.Tx) error {
			for i := range part {
				r := &part[i]
				r.InvitationID = storetest.ID(b, s)
				if err := tx.CreateInvitation(ctx, surveys.Invitation{
					WorkspaceID: r.WorkspaceID, ID: r.InvitationID, SurveyID: r.SurveyID, RuleID: r.ID, EventID: r.ID, PersonID: r.ID, Email: fmt.Sprint(from+i, "@customers.example"),
					State: surveys.InvitationSent, SendAt: sent, SentAt: &sent, ExpiresAt: sent.Add(surveys.AnswerWindow), CreatedAt: sent,
				}); err != nil {
					return err
				}
			}
			segments := make(map[string]map[string]string)
			for i := range part {
				segments[part[i].InvitationID] = map[string]string{"plan": fmt.Sprint(i % 3), "country": fmt.Sprint(i % 9)}
			}
			return tx.CountInvitations(ctx, w, segments)
		}); err != nil {
			b.Fatal(err)
		}
	}
}
