package flow

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Visitors knows who looks at surveys within a company's pages, as the company's
// servers sign it, and spares those who were asked lately.
type Visitors struct {
	store *store.Store
	vault *surveys.Vault // nil where nothing can be sealed
}

// NewVisitors makes the one who knows visitors.
func NewVisitors(s *store.Store, vault *surveys.Vault) *Visitors {
	return &Visitors{store: s, vault: vault}
}

// AddKey makes a key and returns the secret of an HS256 key, which is shown this once.
// Public is an Ed25519 public key as PEM; "" for an HS256 key. It is a Conflict when
// [surveys.MaxIdentityKeys] live.
func (v *Visitors) AddKey(ctx context.Context, ws surveys.WorkspaceID, algorithm surveys.IdentityAlgorithm, public string) (key surveys.IdentityKey, secret string, err error) {
	key = surveys.IdentityKey{WorkspaceID: ws, Algorithm: algorithm}
	if key.ID, err = v.store.NewID(); err != nil {
		return key, "", err
	}
	if algorithm == surveys.IdentityEdDSA {
		key.Public, err = surveys.ParseIdentityPublic(public)
	} else {
		key.Algorithm = surveys.IdentityHS256
		if secret, err = surveys.NewIdentitySecret(v.store.Random()); err == nil {
			key.Secret, err = v.vault.Seal(v.store.Random(), surveys.IdentityPlace(ws, key.ID), []byte(secret))
		}
	}
	if err != nil {
		return key, "", err
	}
	return key, secret, v.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.LockWorkspace(ctx, ws); err != nil {
			return err
		}
		there, err := tx.IdentityKeys(ctx, ws)
		if err != nil {
			return err
		}
		if len(there) >= surveys.MaxIdentityKeys {
			return surveys.Fail(surveys.Conflict, "identity_keys_many")
		}
		key.CreatedAt = tx.Now()
		return tx.CreateIdentityKey(ctx, key)
	})
}

// RemoveKey takes a key away: what it signed is believed no more.
func (v *Visitors) RemoveKey(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return v.store.InTx(ctx, func(tx *store.Tx) error { return tx.DeleteIdentityKey(ctx, ws, id) })
}

// Closed reports whether a key's secret cannot be opened with the server's own, so that
// none of its tokens is believed.
func (v *Visitors) Closed(key surveys.IdentityKey) bool {
	if key.Algorithm == surveys.IdentityEdDSA {
		return false
	}
	_, err := v.vault.Open(surveys.IdentityPlace(key.WorkspaceID, key.ID), key.Secret)
	return err != nil
}

// Visit is one browser's look at a survey within a page.
type Visit struct {
	Text     string // by which the browser is known again
	Token    string // what the company's server signed
	ByItself bool   // the survey is about to come up unasked
}

// Seen is who looks at a survey within a page.
type Seen struct {
	Person surveys.Person
	KeyID  string // of the key that signed who it is
	Spared bool   // they were asked lately, or want no more: nothing may come up by itself
}

// sitting is how long a survey may come up again, on the next page of a site, before
// somebody who was asked by it: they are still being asked.
const sitting = 30 * time.Minute

// See believes a token or not, which its error says as a [surveys.IdentityProblem], and
// stores what the token says of its person. A token holds for the visit that brought it
// first. A survey that comes up by itself is noted as one more time that the person was
// asked.
func (v *Visitors) See(ctx context.Context, w surveys.Workspace, survey surveys.Survey, visit Visit) (Seen, error) {
	identity, err := v.read(ctx, w, survey.PublicID(w.Key), visit.Token)
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{KeyID: identity.KeyID}
	err = v.store.InTx(ctx, func(tx *store.Tx) (err error) {
		if seen.Person, err = meet(ctx, tx, w.ID, identity, visit.Text); err != nil || !visit.ByItself {
			return err
		}
		seen.Spared, err = spare(ctx, tx, w, survey, seen.Person)
		return err
	})
	return seen, err
}

// Meet is See for the page of a cancellation flow, which nobody is spared.
func (v *Visitors) Meet(ctx context.Context, w surveys.Workspace, f surveys.CancelFlow, visit Visit) (Seen, error) {
	identity, err := v.read(ctx, w, f.PublicID(w.Key), visit.Token)
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{KeyID: identity.KeyID}
	err = v.store.InTx(ctx, func(tx *store.Tx) (err error) {
		seen.Person, err = meet(ctx, tx, w.ID, identity, visit.Text)
		return err
	})
	return seen, err
}

// Sign writes, for the address of a survey's or a flow's page, who was seen there.
func (v *Visitors) Sign(w surveys.Workspace, id, visit string, seen Seen) string {
	return surveys.SignedVisitor{PersonID: seen.Person.ID, KeyID: seen.KeyID}.Sign(w.Secret, id, visit, v.store.Now())
}

// read reads a token that is about the visitor of a page.
func (v *Visitors) read(ctx context.Context, w surveys.Workspace, audience, token string) (surveys.Identity, error) {
	keys, err := v.verifiers(ctx, w.ID)
	if err != nil {
		return surveys.Identity{}, err
	}
	return ReadIdentity(token, keys, w.Key, audience, v.store.Now())
}

// Person finds whom the address of a survey's or a flow's page names, see
// [Visitors.Sign]; nil for nobody, for somebody who was erased since, and where the key
// was removed that said so.
func (v *Visitors) Person(ctx context.Context, w surveys.Workspace, id, visit, signed string) (*surveys.Person, error) {
	who, ok := surveys.OpenVisitor(w.Secret, id, visit, signed, v.store.Now())
	if !ok {
		return nil, nil
	}
	keys, err := v.store.IdentityKeys(ctx, w.ID)
	if err != nil || !slices.ContainsFunc(keys, func(k surveys.IdentityKey) bool { return k.ID == who.KeyID }) {
		return nil, err
	}
	person, err := v.store.Person(ctx, w.ID, who.PersonID)
	if surveys.KindOf(err) == surveys.NotFound {
		return nil, nil
	}
	return &person, err
}

// verifiers are the keys of a workspace that can be used.
func (v *Visitors) verifiers(ctx context.Context, ws surveys.WorkspaceID) ([]IdentityVerifier, error) {
	keys, err := v.store.IdentityKeys(ctx, ws)
	if err != nil {
		return nil, err
	}
	var list []IdentityVerifier
	for _, key := range keys {
		var secret []byte
		if key.Algorithm == surveys.IdentityHS256 {
			if secret, err = v.vault.Open(surveys.IdentityPlace(ws, key.ID), key.Secret); err != nil {
				continue // the back office says so, and the other key may do
			}
		}
		if verifier, err := verifierOf(key, secret); err == nil {
			list = append(list, verifier)
		}
	}
	return list, nil
}

// meet stores what is said of a person, by a token that no other visit brought before.
func meet(ctx context.Context, tx *store.Tx, ws surveys.WorkspaceID, identity surveys.Identity, visit string) (surveys.Person, error) {
	by := sha256.Sum256([]byte(visit))
	once := store.Once{Key: store.OnceKey("identity", identity.Nonce), Body: by[:], Repeat: store.Replay, ExpiresAt: identity.ExpiresAt.Add(time.Hour)}
	news := identity.Person
	news.WorkspaceID = ws
	person, err := tx.SavePerson(ctx, news)
	if err != nil {
		return person, err
	}
	if _, _, err := tx.Claim(ctx, ws, once, person.ID); err != nil {
		var e *surveys.Error
		if errors.As(err, &e) && e.Code == "idempotency_mismatch" {
			err = surveys.IdentityUsed
		}
		return person, err
	}
	return person, tx.UseIdentityKey(ctx, ws, identity.KeyID)
}

// spare reports whether a person may not be asked now, and notes the ask when they may.
func spare(ctx context.Context, tx *store.Tx, w surveys.Workspace, survey surveys.Survey, person surveys.Person) (bool, error) {
	now := tx.Now()
	again, err := tx.AskedOnPage(ctx, w.ID, survey.ID, person.ID, now.Add(-sitting))
	if err != nil || again {
		return false, err
	}
	if err := tx.LockMailbox(ctx, w.ID, person.Email); err != nil {
		return false, err
	}
	suppressed, err := tx.Suppression(ctx, w, person.Email)
	if err != nil {
		return false, err
	}
	stopped, err := tx.StoppedSurveys(ctx, w, person.Email)
	if err != nil {
		return false, err
	}
	asks, err := tx.Asks(ctx, w.ID, person.ID, now.Add(-surveys.MaxCapDays*24*time.Hour))
	if err != nil {
		return false, err
	}
	unwanted := suppressed != "" && suppressed != surveys.SuppressedBounced || slices.Contains(stopped, survey.ID)
	if unwanted || !survey.MayAsk(w.Caps, asks, now) {
		return true, nil
	}
	return false, tx.AskOnPage(ctx, w.ID, survey.ID, person.ID)
}
