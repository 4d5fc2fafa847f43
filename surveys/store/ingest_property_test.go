package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// machine is one run of the property test: what was acknowledged so far.
type machine struct {
	t           *testing.T
	s           *store.Store
	in          *store.Ingest
	survey      surveys.Survey
	invitations []string
	stored      map[string]bool   // responses that should be there
	owners      map[string]string // of a key or an invitation: the response it made
}

// TestRollupsFollowTheAnswers sends random answers, repeats, changes and
// erasures by every path, many at once, and recounts after each round.
func TestRollupsFollowTheAnswers(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		in := newIngest(t, s)
		rapid.Check(t, func(rt *rapid.T) {
			w := storetest.Workspace(t, s)
			m := &machine{t: t, s: s, in: in, survey: storetest.Survey(t, s, w.ID, surveys.NPS), stored: map[string]bool{}, owners: map[string]string{}}
			person := storetest.Person(t, s, w.ID)
			for range 3 {
				m.invitations = append(m.invitations, storetest.Invitation(t, s, m.survey, person).ID)
			}
			for range rapid.IntRange(1, 3).Draw(rt, "rounds") {
				m.round(rt)
				m.check(rt)
			}
		})
	})
}

func (m *machine) round(rt *rapid.T) {
	submissions := rapid.SliceOfN(rapid.Custom(m.draw), 1, 8).Draw(rt, "submissions")
	for i := range submissions {
		submissions[i].Response.ID = storetest.ID(m.t, m.s)
	}
	receipts, errs := make([]store.Receipt, len(submissions)), make([]error, len(submissions))
	switch rapid.SampledFrom([]string{"ingest", "batch", "take", "erase", "rebuild"}).Draw(rt, "path") {
	case "ingest":
		receipts, errs = submitAll(m.in, submissions)
	case "batch":
		receipts, errs, _ = store.StoreBatch(m.s, submissions)
	case "take":
		for i, sub := range submissions {
			errs[i] = m.s.InTx(context.Background(), func(tx *store.Tx) (err error) {
				receipts[i], err = tx.Take(context.Background(), sub)
				return err
			})
		}
	case "erase":
		m.erase(rt)
		return
	case "rebuild":
		storetest.Write(m.t, m.s, func(ctx context.Context, tx *store.Tx) error { return tx.RebuildRollups(ctx, m.survey.WorkspaceID) })
		return
	}
	for i := range submissions {
		m.account(rt, submissions[i], receipts[i], errs[i])
	}
}

// draw draws a submission; its id comes later, from the store.
func (m *machine) draw(rt *rapid.T) store.Submission {
	r := surveys.Response{
		WorkspaceID: m.survey.WorkspaceID, SurveyID: m.survey.ID, Version: 1, Channel: surveys.ChannelAPI,
		Score: rapid.IntRange(0, 10).Draw(rt, "score"), Comment: rapid.SampledFrom([]string{"", "", "fine", "别再寄了"}).Draw(rt, "comment"),
		Day: 20_000 + rapid.IntRange(0, 2).Draw(rt, "day"), AnsweredAt: m.s.Now(), CreatedAt: m.s.Now(), UpdatedAt: m.s.Now(),
		Segments: map[string]string{"plan": rapid.SampledFrom([]string{"free", "pro", `a "b" \ c`}).Draw(rt, "plan")},
	}
	if rapid.Bool().Draw(rt, "rated") {
		r.Ratings = map[string]int{"delivery": rapid.IntRange(1, 5).Draw(rt, "delivery")}
	}
	sub := store.Submission{Response: r}
	switch rapid.SampledFrom([]string{"plain", "invited", "replay", "change"}).Draw(rt, "kind") {
	case "invited":
		sub.Response.InvitationID = rapid.SampledFrom(m.invitations).Draw(rt, "invitation")
	case "replay":
		key, body := rapid.IntRange(0, 2).Draw(rt, "key"), rapid.IntRange(0, 1).Draw(rt, "body")
		sub.Once = onceOf(fmt.Sprint(m.survey.ID, "replay", key), byte(body), store.Replay, m.s.Now().Add(time.Hour))
	case "change":
		sub.Once = onceOf(fmt.Sprint(m.survey.ID, "change", rapid.IntRange(0, 2).Draw(rt, "key")), 0, store.Change, m.s.Now().Add(time.Hour))
	}
	return sub
}

// account takes note of what the store said, and objects to what it must
// never say.
func (m *machine) account(rt *rapid.T, sub store.Submission, receipt store.Receipt, err error) {
	var owner string
	switch {
	case sub.Once != nil:
		owner = string(sub.Once.Key)
	case sub.Response.InvitationID != "":
		owner = sub.Response.InvitationID
	}
	if err != nil {
		// A repetition of an answer that was erased, or a key used for another
		// content, is refused; nothing else may be.
		repeated := surveys.KindOf(err) == surveys.NotFound || surveys.KindOf(err) == surveys.Conflict
		if owner == "" || !repeated {
			rt.Fatalf("%+v: %v", sub, err)
		}
		return
	}
	if receipt.Outcome == store.Stored {
		if m.stored[receipt.ResponseID] || receipt.ResponseID != sub.Response.ID {
			rt.Fatalf("%s was stored twice", receipt.ResponseID)
		}
		m.stored[receipt.ResponseID] = true
	}
	if owner == "" {
		return
	}
	if first := m.owners[owner]; first != "" && first != receipt.ResponseID {
		rt.Fatalf("one key made two answers: %s and %s", first, receipt.ResponseID)
	}
	m.owners[owner] = receipt.ResponseID
}

func (m *machine) erase(rt *rapid.T) {
	var ids []string
	for id := range m.stored {
		if rapid.Bool().Draw(rt, "erased") {
			ids = append(ids, id)
			delete(m.stored, id)
		}
	}
	storetest.Write(m.t, m.s, func(ctx context.Context, tx *store.Tx) error {
		return tx.EraseResponses(ctx, m.survey.WorkspaceID, ids)
	})
}

func (m *machine) check(rt *rapid.T) {
	ctx := context.Background()
	differences, err := m.s.Recount(ctx, m.survey.WorkspaceID)
	if err != nil || len(differences) > 0 {
		rt.Fatalf("the rollups differ: %+v, %v", differences, err)
	}
	rated := make(map[int]bool) // days
	found := 0
	if err := m.s.EachResponse(ctx, m.survey.WorkspaceID, store.ResponseFilter{}, func(r surveys.Response) error {
		if found++; !m.stored[r.ID] {
			rt.Fatalf("%s is there and should not be", r.ID)
		}
		rated[r.Day] = rated[r.Day] || len(r.Ratings) > 0
		return nil
	}); err != nil {
		rt.Fatal(err)
	}
	if found != len(m.stored) {
		rt.Fatalf("%d answers, want %d", found, len(m.stored))
	}
	m.checkRated(rt, rated)
}

// checkRated wants each day with ratings to wait for its computation.
func (m *machine) checkRated(rt *rapid.T, days map[int]bool) {
	stale, err := m.s.StaleDriverDays(context.Background(), m.survey.WorkspaceID, m.survey.ID, 100)
	if err != nil {
		rt.Fatal(err)
	}
	waits := make(map[int]bool)
	for _, day := range stale {
		waits[day.Day] = true
	}
	for day, rated := range days {
		if rated && !waits[day] {
			rt.Fatalf("nobody knows of the ratings of day %d", day)
		}
	}
}
