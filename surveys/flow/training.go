package flow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// TrainArgs is the job that trains the models which tell how comments feel,
// each on the answers to its own survey, where enough new ones came in.
type TrainArgs struct{}

// Kind names the job.
func (TrainArgs) Kind() string { return "train_themes" }

// InsertOpts lets one such job wait or run at a time.
func (TrainArgs) InsertOpts() river.InsertOpts { return oneAtATime(readingQueue) }

// When a model is trained again.
const (
	moreComments = 50                  // at least so many more, and a fifth
	modelAge     = 30 * 24 * time.Hour // so that what was erased leaves the model, too
)

// trainThemes trains the model of each survey that is due.
func trainThemes(ctx context.Context, s *store.Store) error {
	workspaces, err := s.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		list, err := s.Themes(ctx, w.ID)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			continue // nobody reads its comments
		}
		asked, err := s.Surveys(ctx, w.ID)
		if err != nil {
			return err
		}
		for _, survey := range asked {
			if err := trainSurvey(ctx, s, survey); err != nil {
				return fmt.Errorf("train the model of %s: %w", survey, err)
			}
		}
	}
	return nil
}

// due reports whether a model should be trained on n comments.
func due(kept store.CommentReader, n int64, now time.Time) bool {
	switch {
	case n < themes.LeastComments:
		return false
	case kept.TrainedAt != nil && kept.TrainedFrom != n && now.Sub(*kept.TrainedAt) > modelAge:
		return true
	}
	return n >= kept.TriedFrom+max(moreComments, kept.TriedFrom/5)
}

// trainSurvey trains the model of a survey if it is due. The new one is stored
// unless it is clearly worse than the one that is there.
func trainSurvey(ctx context.Context, s *store.Store, survey surveys.Survey) error {
	n, err := commentCount(ctx, s, survey)
	if err != nil {
		return err
	}
	kept, err := s.CommentReader(ctx, survey.WorkspaceID, survey.ID)
	if err != nil || !due(kept, n, s.Now()) {
		return err
	}
	examples, err := examplesOf(ctx, s, survey)
	if err != nil {
		return err
	}
	model, err := themes.Train(survey.Metric, examples)
	var refusal *analysis.Refusal
	if err != nil && !errors.As(err, &refusal) {
		return err
	}
	news := trained{model: model, refusal: refusal, from: int64(len(examples)), tried: n, at: s.Now()}
	if news.version, err = s.NewID(); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *store.Tx) error {
		kept, err := tx.LockCommentReader(ctx, survey.WorkspaceID, survey.ID)
		if err != nil {
			return err
		}
		next, err := news.over(kept)
		if err != nil {
			return err
		}
		if err := tx.SaveCommentReader(ctx, survey.WorkspaceID, next); err != nil || next.ModelVersion == kept.ModelVersion {
			return err
		}
		return tx.Enqueue(ctx, ReadArgs{Workspace: survey.WorkspaceID, Reader: survey.ID + ":" + next.ModelVersion})
	})
}

// trained is what a training came to.
type trained struct {
	model   *themes.Model
	refusal *analysis.Refusal // nil: there is a model
	version string
	from    int64 // comments learned from
	tried   int64 // comments that there were
	at      time.Time
}

// over lays a training over what is kept.
func (t trained) over(kept store.CommentReader) (store.CommentReader, error) {
	kept.TriedFrom = t.tried
	if t.refusal != nil {
		if len(kept.Model) == 0 {
			kept.Refused = []themes.Refused{{Refusal: t.refusal}}
		}
		return kept, nil
	}
	if worse(t.model.Quality(), kept.Quality) {
		return kept, nil
	}
	raw, err := t.model.MarshalBinary()
	if err != nil {
		return kept, fmt.Errorf("write the model: %w", err)
	}
	kept.Model, kept.ModelVersion, kept.Reader = raw, t.version, ""
	kept.Quality, kept.Refused, kept.TrainedAt, kept.TrainedFrom = t.model.Quality(), t.model.Refused(), &t.at, t.from
	return kept, nil
}

// worse reports whether a model tells good from bad clearly worse than the one
// before in the language with most comments: its AUC lies below the other's
// interval. Both were measured on comments that the model had not seen.
func worse(news, before []themes.Quality) bool {
	if len(before) == 0 {
		return false
	}
	for _, q := range news {
		if q.Language == before[0].Language {
			return q.AUC < before[0].AUCLow
		}
	}
	return true // it lost the language altogether
}

// examplesOf are a survey's latest comments with their scores, the newest
// first.
func examplesOf(ctx context.Context, s *store.Store, survey surveys.Survey) ([]themes.Example, error) {
	var examples []themes.Example
	f := store.ResponseFilter{SurveyID: survey.ID, WithComment: true, Limit: 500}
	for len(examples) < themes.MaxComments {
		list, err := s.Responses(ctx, survey.WorkspaceID, f)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			examples = append(examples, themes.Example{Text: r.Comment, Locale: r.Locale, Score: r.Score})
		}
		if len(list) < f.Limit {
			break
		}
		last := list[len(list)-1]
		f.After = store.Cursor{AnsweredAt: last.AnsweredAt, ID: last.ID}
	}
	return examples, nil
}

// commentCount is how many answers to a survey have a comment.
func commentCount(ctx context.Context, s *store.Store, survey surveys.Survey) (int64, error) {
	_, n, err := s.RollupTotal(ctx, survey.WorkspaceID, store.RollupFilter{SurveyID: survey.ID, To: lastDay})
	return n, err
}

// lastDay is beyond every day that is counted.
const lastDay = 1 << 30
