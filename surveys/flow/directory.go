package flow

import (
	"context"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// DirectoryAge is how old a look-up of the [Directory] may be: a survey that
// is paused, or a key that is revoked, by another process stops here after it.
// What this process changes itself is looked up again at once.
const DirectoryAge = time.Second

// Directory answers the look-ups that every public request needs, from memory
// when they are fresh. It is safe for concurrent use.
type Directory struct {
	store      *store.Store
	workspaces memory[string, Office]
	surveys    memory[surveyKey, surveys.Survey]
	keys       memory[surveys.Token, surveys.APIKey]
}

// Office is a workspace with its zone, loaded.
type Office struct {
	surveys.Workspace
	Zone *time.Location
}

type surveyKey struct {
	workspace surveys.WorkspaceID
	id        string // or the public key
}

// NewDirectory makes a directory of the store.
func NewDirectory(s *store.Store) *Directory { return &Directory{store: s} }

// Workspace returns the workspace whose key starts a public token.
func (d *Directory) Workspace(ctx context.Context, key string) (Office, error) {
	return d.workspaces.get(key, d.now(), func() (Office, error) {
		return office(d.store.WorkspaceByKey(ctx, key))
	})
}

// WorkspaceByID returns the workspace with the id.
func (d *Directory) WorkspaceByID(ctx context.Context, ws surveys.WorkspaceID) (Office, error) {
	return d.workspaces.get("id:"+string(ws), d.now(), func() (Office, error) {
		return office(d.store.Workspace(ctx, ws))
	})
}

func office(w surveys.Workspace, err error) (Office, error) {
	if err != nil {
		return Office{}, err
	}
	return Office{Workspace: w, Zone: w.Location()}, nil
}

// Survey returns a survey by its id.
func (d *Directory) Survey(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Survey, error) {
	return d.surveys.get(surveyKey{ws, id}, d.now(), func() (surveys.Survey, error) {
		return d.store.Survey(ctx, ws, id)
	})
}

// PublicSurvey returns the workspace and the survey of a public link's id.
func (d *Directory) PublicSurvey(ctx context.Context, publicID string) (Office, surveys.Survey, error) {
	workspaceKey, key, ok := surveys.SplitPublicID(publicID)
	if !ok {
		return Office{}, surveys.Survey{}, surveys.Fail(surveys.NotFound, "survey_unknown")
	}
	w, err := d.Workspace(ctx, workspaceKey)
	if err != nil {
		return Office{}, surveys.Survey{}, err
	}
	survey, err := d.surveys.get(surveyKey{w.ID, "key:" + key}, d.now(), func() (surveys.Survey, error) {
		return d.store.SurveyByKey(ctx, w.ID, key)
	})
	return w, survey, err
}

// APIKey returns the workspace and the API key of a secret.
func (d *Directory) APIKey(ctx context.Context, secret surveys.Token) (Office, surveys.APIKey, error) {
	w, err := d.Workspace(ctx, secret.Workspace())
	if err != nil {
		return Office{}, surveys.APIKey{}, err
	}
	now := d.now()
	key, err := d.keys.get(secret, now, func() (surveys.APIKey, error) {
		grant, err := d.store.Grant(ctx, w.ID, surveys.PurposeAPIKey, secret, now.at)
		if err != nil {
			return surveys.APIKey{}, err
		}
		return d.store.APIKey(ctx, w.ID, grant.SubjectID)
	})
	return w, key, err
}

// moment is when something is looked up: by the clock, and by what this process
// has changed before.
type moment struct {
	at      time.Time
	changes uint64
}

func (d *Directory) now() moment { return moment{at: d.store.Now(), changes: d.store.Changes()} }

// memory keeps look-ups for [DirectoryAge], or until this process changes
// something. Failures are not kept. Its zero value is empty.
type memory[K comparable, V any] struct {
	mu      sync.RWMutex
	entries map[K]entry[V]
}

type entry[V any] struct {
	value V
	since moment // when the look-up began: a change during it makes it old
}

// maxMemory bounds the entries; what is beyond it is looked up again.
const maxMemory = 10_000

func (m *memory[K, V]) get(key K, now moment, look func() (V, error)) (V, error) {
	m.mu.RLock()
	kept, ok := m.entries[key]
	m.mu.RUnlock()
	if ok && kept.since.changes == now.changes && now.at.Before(kept.since.at.Add(DirectoryAge)) {
		return kept.value, nil
	}
	value, err := look()
	if err != nil {
		return value, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries == nil || len(m.entries) >= maxMemory {
		m.entries = make(map[K]entry[V])
	}
	m.entries[key] = entry[V]{value, now}
	return value, nil
}
