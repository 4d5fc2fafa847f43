package flow

import (
	"context"
	"slices"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Themes is what a workspace looks for in comments, and what was found.
type Themes struct{ store *store.Store }

// NewThemes makes the moves on themes.
func NewThemes(s *store.Store) *Themes { return &Themes{store: s} }

// Begin adds the themes of a starter set that the workspace does not have.
func (m *Themes) Begin(ctx context.Context, w Office, kind themes.Kind) error {
	if !slices.Contains(themes.Kinds(), kind) {
		return surveys.Wrong(surveys.FieldError{Path: "kind", Code: "choice_unknown"})
	}
	set, err := themes.StarterSet(kind, w.Locale)
	if err != nil {
		return err
	}
	return m.edit(ctx, w.ID, func(list, _ []themes.Theme) ([]themes.Theme, error) {
		for _, t := range set {
			if slices.ContainsFunc(list, func(there themes.Theme) bool { return there.ID == t.ID || there.Name == t.Name }) {
				continue
			}
			list = append(list, t)
		}
		return list, nil
	})
}

// Save checks and stores a theme, a new one at the end when its id is "", and
// returns it. Paths of what is wrong are those of the theme itself.
func (m *Themes) Save(ctx context.Context, ws surveys.WorkspaceID, t themes.Theme) (themes.Theme, error) {
	create := t.ID == ""
	if create {
		id, err := m.store.NewID()
		if err != nil {
			return t, err
		}
		t.ID = id
	}
	t, wrong := t.Check()
	if err := surveys.Wrong(wrong...); err != nil {
		return t, err
	}
	return t, m.edit(ctx, ws, func(list, _ []themes.Theme) ([]themes.Theme, error) {
		for _, there := range list {
			if there.Name == t.Name && there.ID != t.ID {
				return nil, surveys.Wrong(surveys.FieldError{Path: "name", Code: "exists"})
			}
		}
		if create {
			return append(list, t), nil
		}
		place := placeOf(list, t.ID)
		if place < 0 {
			return nil, surveys.Fail(surveys.NotFound, "not_found")
		}
		list[place] = t
		return list, nil
	})
}

// Remove takes a theme away. It can be brought back.
func (m *Themes) Remove(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return m.edit(ctx, ws, func(list, _ []themes.Theme) ([]themes.Theme, error) {
		place := placeOf(list, id)
		if place < 0 {
			return nil, surveys.Fail(surveys.NotFound, "not_found")
		}
		return slices.Delete(list, place, place+1), nil
	})
}

// Restore brings a theme back that was taken away, at the end.
func (m *Themes) Restore(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return m.edit(ctx, ws, func(list, deleted []themes.Theme) ([]themes.Theme, error) {
		place := placeOf(deleted, id)
		if place < 0 {
			return nil, surveys.Fail(surveys.NotFound, "not_found")
		}
		return append(list, deleted[place]), nil
	})
}

// Replace checks and stores a whole set of themes in the place of the present
// one, and returns it. New themes have no id.
func (m *Themes) Replace(ctx context.Context, ws surveys.WorkspaceID, list []themes.Theme) ([]themes.Theme, error) {
	list = slices.Clone(list)
	for i := range list {
		if list[i].ID != "" {
			continue
		}
		id, err := m.store.NewID()
		if err != nil {
			return nil, err
		}
		list[i].ID = id
	}
	list, wrong := themes.CheckSet(list)
	if err := surveys.Wrong(wrong...); err != nil {
		return nil, err
	}
	return list, m.edit(ctx, ws, func(_, _ []themes.Theme) ([]themes.Theme, error) { return list, nil })
}

// edit changes the set of themes, and has the comments read with it soon.
func (m *Themes) edit(ctx context.Context, ws surveys.WorkspaceID, change func(list, deleted []themes.Theme) ([]themes.Theme, error)) error {
	return m.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.LockWorkspace(ctx, ws); err != nil {
			return err
		}
		list, err := tx.Themes(ctx, ws)
		if err != nil {
			return err
		}
		deleted, err := tx.DeletedThemes(ctx, ws)
		if err != nil {
			return err
		}
		if list, err = change(list, deleted); err != nil {
			return err
		}
		list, wrong := themes.CheckSet(list)
		if err := surveys.Wrong(wrong...); err != nil {
			return err
		}
		if err := tx.SetThemes(ctx, ws, list); err != nil {
			return err
		}
		return tx.Enqueue(ctx, ReadArgs{Workspace: ws, Reader: ReaderOf(list, "")})
	})
}

func placeOf(list []themes.Theme, id string) int {
	return slices.IndexFunc(list, func(t themes.Theme) bool { return t.ID == id })
}

// tryComments is how many of the latest comments a theme is tried on.
const tryComments = 500

// Trial is what a theme would find among the latest comments.
type Trial struct {
	Of    int
	Found []surveys.Response
}

// Try looks for a theme in the workspace's latest comments without storing it.
func (m *Themes) Try(ctx context.Context, ws surveys.WorkspaceID, t themes.Theme) (Trial, error) {
	if t.ID == "" {
		t.ID = "new"
	}
	t, wrong := t.Check()
	if err := surveys.Wrong(wrong...); err != nil {
		return Trial{}, err
	}
	matcher, err := themes.NewMatcher([]themes.Theme{t})
	if err != nil {
		return Trial{}, err
	}
	list, err := m.latest(ctx, ws)
	if err != nil {
		return Trial{}, err
	}
	trial := Trial{Of: len(list)}
	for _, r := range list {
		if len(matcher.Match(r.Comment, themes.LanguageOf(r.Comment, r.Locale))) > 0 {
			trial.Found = append(trial.Found, r)
		}
	}
	return trial, nil
}

// latest are the latest comments of all surveys together.
func (m *Themes) latest(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.Response, error) {
	asked, err := m.store.Surveys(ctx, ws)
	if err != nil {
		return nil, err
	}
	var list []surveys.Response
	for _, survey := range asked { // each by itself: answers are kept in order by survey
		part, err := m.store.Responses(ctx, ws, store.ResponseFilter{SurveyID: survey.ID, WithComment: true, Limit: tryComments})
		if err != nil {
			return nil, err
		}
		list = append(list, part...)
	}
	slices.SortFunc(list, func(a, b surveys.Response) int { return b.AnsweredAt.Compare(a.AnsweredAt) })
	return list[:min(len(list), tryComments)], nil
}
