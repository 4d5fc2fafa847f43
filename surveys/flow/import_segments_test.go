package flow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestImportPlacesSegmentValues(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		in := newImporting(t, s)
		var file strings.Builder
		file.WriteString("score,date,plan,city\n")
		for n := range surveys.MaxSegmentValues + 20 {
			fmt.Fprintf(&file, "9,2026-01-05,plan %03d,Paris\n", n)
		}
		file.WriteString("9,2026-01-05,rare but twice,Rome\n9,2026-01-05,rare but twice,Rome\n")
		plan := in.plan(file.String())
		plan.Segments["city"] = 3 // a key that the workspace did not have
		counts, err := in.run(plan)
		if err != nil || counts.Stored != surveys.MaxSegmentValues+22 {
			t.Fatalf("%+v, %v", counts, err)
		}
		in.recounted()
		values, err := s.SegmentValues(context.Background(), in.office.ID)
		if err != nil || len(values["plan"]) != surveys.MaxSegmentValues || !slices.Contains(values["plan"], "rare but twice") || len(values["city"]) != 2 {
			t.Errorf("%d plans, cities %q, %v", len(values["plan"]), values["city"], err)
		}
		n, err := s.CountResponses(context.Background(), in.office.ID, store.ResponseFilter{Segments: surveys.Filters{{Key: "plan", Value: surveys.OtherValue}}})
		if err != nil || n != 21 {
			t.Errorf("%d answers are under other, %v", n, err)
		}
		w, err := s.Workspace(context.Background(), in.office.ID)
		if err != nil || !slices.Equal(w.Segments, []string{"country", "plan", "city"}) {
			t.Errorf("declared keys %q, %v", w.Segments, err)
		}
	})
}

func TestImportIntoANewSurvey(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		in := newImporting(t, s)
		in.survey.ID, in.survey.Key, in.survey.Name = storetest.ID(t, s), "newSurve", "Imported"
		create := func(ctx context.Context, tx *store.Tx) error { return tx.CreateSurvey(ctx, in.survey) }
		bad := in.plan("score,date\n9,2026-01-05\n12,2026-01-05\n")
		bad.Create = create
		if _, err := in.run(bad); !errors.Is(err, flow.ErrBadRows) {
			t.Errorf("error %v", err)
		}
		if _, err := s.Survey(context.Background(), in.office.ID, in.survey.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("the survey was created without its answers: %v", err)
		}
		good := in.plan("score,date\n9,2026-01-05\n")
		good.Create = create
		if counts, err := in.run(good); err != nil || counts.Stored != 1 {
			t.Errorf("%+v, %v", counts, err)
		}
		in.recounted()
	})
}
