package mailer

import (
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// adriftEvery is how often letters are looked for whose sender died: each one whose
// bytes are kept is looked at, a quarter of a second for 100,000 on SQLite, and what
// is found then waits for resendAfter anyway.
const adriftEvery = time.Minute

// adrift finds the letters of a workspace whose sender died. It looks without the
// database's one writer, which is needed only when there are any.
func (p *pass) adrift(w surveys.Workspace) error {
	now := p.Store.Now()
	if last, known := p.looked[w.ID]; known && !now.Before(last) && now.Before(last.Add(adriftEvery)) {
		return nil
	}
	found, err := p.Store.Abandoned(p.ctx, w.ID, now)
	if err != nil {
		return err
	}
	if found {
		var abandoned []surveys.Invitation
		err := p.Store.InTx(p.ctx, func(tx *store.Tx) (err error) {
			abandoned, err = tx.ClaimAbandoned(p.ctx, w.ID, now, p.Batch, p.onWay.list()...)
			return err
		})
		if err != nil {
			return err
		}
		for _, invitation := range abandoned {
			p.Observe(Unknown)
			p.Log.WarnContext(p.ctx, "mail: a letter was left on its way; it will be sent once more unless it is answered", "invitation", invitation.ID)
		}
		if len(abandoned) == p.Batch {
			return nil // there may be more
		}
	}
	p.looked[w.ID] = now
	return nil
}
