package flow

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Suppressions changes the list of addresses that get no mail.
type Suppressions struct{ store *store.Store }

// NewSuppressions returns the moves of the list.
func NewSuppressions(s *store.Store) *Suppressions { return &Suppressions{store: s} }

// Add keeps mails from an address and withdraws what waits for it. It is
// Invalid when it is no address.
func (l *Suppressions) Add(ctx context.Context, w surveys.Workspace, email string, source surveys.SuppressionSource) error {
	email = surveys.NormalEmail(email)
	if !surveys.ValidEmail(email) {
		return surveys.Wrong(surveys.FieldError{Path: "address", Code: "email"})
	}
	return l.store.InTx(ctx, func(tx *store.Tx) error { return suppress(ctx, tx, w, email, surveys.SuppressedByTeam, source) })
}

func suppress(ctx context.Context, tx *store.Tx, w surveys.Workspace, email string, reason surveys.Suppression, source surveys.SuppressionSource) error {
	if err := tx.SuppressFrom(ctx, w, email, reason, source); err != nil {
		return err
	}
	return tx.SuppressInvitations(ctx, w.ID, email)
}

// MostAdded is how many addresses one call may add.
const MostAdded = 1000

// AddMany keeps mails from addresses, for a reason that the team or one of its
// programs tells, and withdraws what waits for them. The entries come back in the
// order of the addresses; where a stronger reason holds, that is told. It is
// Invalid, and nothing is stored, when one of them is no address.
func (l *Suppressions) AddMany(ctx context.Context, w surveys.Workspace, addresses []string, of SuppressionWord) ([]surveys.SuppressedAddress, error) {
	list, err := of.check(addresses)
	if err != nil {
		return nil, err
	}
	byEmail := make(map[string]surveys.SuppressedAddress, len(list))
	for part := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(list))), suppressionsAtOnce) { // in order, so that two calls never lock each other out
		if err := l.store.InTx(ctx, func(tx *store.Tx) error {
			for _, email := range part {
				if err := suppress(ctx, tx, w, email, of.Reason, of.Source); err != nil {
					return err
				}
				if byEmail[email], err = tx.SuppressedAddress(ctx, w, email); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	entries := make([]surveys.SuppressedAddress, len(list))
	for i, email := range list {
		entries[i] = byEmail[email]
	}
	return entries, nil
}

// SuppressionWord is why addresses get no mail, and who says so.
type SuppressionWord struct {
	Reason surveys.Suppression
	Source surveys.SuppressionSource
}

// check returns the addresses as they are stored, or says everything that is
// wrong.
func (of SuppressionWord) check(addresses []string) ([]string, error) {
	if !slices.Contains(surveys.SuppressionReasons(), of.Reason) {
		return nil, surveys.Wrong(surveys.FieldError{Path: "reason", Code: "suppression_reason"})
	}
	if len(addresses) == 0 || len(addresses) > MostAdded {
		return nil, surveys.Wrong(surveys.FieldError{Path: "addresses", Code: "suppressions_at_once", Args: map[string]any{"max": MostAdded}})
	}
	var wrong []surveys.FieldError
	list := make([]string, len(addresses))
	for i, address := range addresses {
		if list[i] = surveys.NormalEmail(address); !surveys.ValidEmail(list[i]) {
			wrong = append(wrong, surveys.FieldError{Path: "addresses." + strconv.Itoa(i), Code: "email"})
		}
	}
	return list, surveys.Wrong(wrong...)
}

// ReleaseGrounds is why an address may get mail again.
type ReleaseGrounds string

// The grounds. What the team said needs none.
const (
	NoGrounds    ReleaseGrounds = ""
	PersonAsked  ReleaseGrounds = "person" // they said that they want to be asked again
	AddressWorks ReleaseGrounds = "works"  // the address takes mail, though one came back

)

// covers reports whether the grounds are enough to release what holds for a
// reason.
func (g ReleaseGrounds) covers(reason surveys.Suppression) error {
	switch {
	case reason.Wished() && g != PersonAsked:
		return surveys.Wrong(surveys.FieldError{Path: "grounds", Code: "release_wish"})
	case reason == surveys.SuppressedBounced && g != AddressWorks:
		return surveys.Wrong(surveys.FieldError{Path: "grounds", Code: "release_bounced"})
	}
	return nil
}

// Release lets mails through to an address again. What the person wanted only
// the person takes back, and that an address bounces only who knows that it
// works: without such grounds it is Invalid. Who takes a wish back does not make
// a dead address work: then Beneath of what comes back is why it still gets none.
func (l *Suppressions) Release(ctx context.Context, ws surveys.WorkspaceID, key []byte, grounds ReleaseGrounds) (surveys.SuppressedAddress, error) {
	var found surveys.SuppressedAddress
	err := l.store.InTx(ctx, func(tx *store.Tx) (err error) {
		if found, err = tx.SuppressionOf(ctx, ws, key); err != nil {
			return err
		}
		if found.Beneath == found.Reason {
			found.Beneath = ""
		}
		if err := grounds.covers(found.Reason); err != nil {
			return err
		}
		return tx.ReleaseSuppression(ctx, ws, key)
	})
	return found, err
}

// Restore undoes a Release.
func (l *Suppressions) Restore(ctx context.Context, ws surveys.WorkspaceID, key []byte) error {
	return l.store.InTx(ctx, func(tx *store.Tx) error { return tx.RestoreSuppression(ctx, ws, key) })
}

// SuppressionEntry is a line of a file that names an address.
type SuppressionEntry struct {
	Email  string
	Reason surveys.Suppression
}

// SuppressionCheck is what a file of addresses holds.
type SuppressionCheck struct {
	New     []SuppressionEntry
	Known   int        // addresses that get no mail already, for as strong a reason
	Broken  []ListLine // lines whose address cannot be one
	Doubled []ListLine // lines whose address stood on an earlier line
}

// MaxSuppressionLines is how many lines a file may have.
const MaxSuppressionLines = 200_000

// suppressionsAtOnce is how many addresses one look-up or transaction holds.
const suppressionsAtOnce = 200

// Check reads a file: one address a line, or a table in which one column has
// them. A column that says unsubscribed, complained or bounced, in these words or
// those of other tools, is believed; all others get the reason. It stores nothing.
func (l *Suppressions) Check(ctx context.Context, w surveys.Workspace, file []byte, reason surveys.Suppression) (SuppressionCheck, error) {
	var check SuppressionCheck
	if !slices.Contains(surveys.SuppressionReasons(), reason) {
		return check, surveys.Wrong(surveys.FieldError{Path: "reason", Code: "required"})
	}
	entries, err := check.read(file, reason)
	if err != nil {
		return check, err
	}
	for part := range slices.Chunk(entries, suppressionsAtOnce) {
		for _, e := range part {
			held, err := l.store.Suppression(ctx, w, e.Email)
			if err != nil {
				return check, err
			}
			if held != "" && weaker(e.Reason, held) {
				check.Known++
				continue
			}
			check.New = append(check.New, e)
		}
	}
	return check, nil
}

// weaker reports whether a reason changes nothing where another one holds.
func weaker(reason, held surveys.Suppression) bool {
	order := surveys.SuppressionReasons()
	return slices.Index(order, reason) >= slices.Index(order, held)
}

func (c *SuppressionCheck) read(file []byte, reason surveys.Suppression) ([]SuppressionEntry, error) {
	var entries []SuppressionEntry
	seen := make(map[string]bool)
	number := 0
	for row := range strings.Lines(plainText(file)) {
		if number++; number > MaxSuppressionLines {
			return nil, surveys.Wrong(surveys.FieldError{Path: "file", Code: "suppressions_many", Args: map[string]any{"max": MaxSuppressionLines}})
		}
		e, value := entryOf(row, reason)
		switch {
		case value == "":
		case e.Email == "" && number == 1: // the names of the columns
		case e.Email == "":
			c.Broken = append(c.Broken, ListLine{Line: number, Value: value})
		case seen[e.Email]:
			c.Doubled = append(c.Doubled, ListLine{Line: number, Value: e.Email})
		default:
			seen[e.Email] = true
			entries = append(entries, e)
		}
	}
	if len(entries)+len(c.Broken) == 0 {
		return nil, surveys.Wrong(surveys.FieldError{Path: "file", Code: "list_empty"})
	}
	return entries, nil
}

// entryOf reads a line. What it would have to be an address of is the value.
func entryOf(row string, reason surveys.Suppression) (e SuppressionEntry, value string) {
	e.Reason = reason
	cells := strings.FieldsFunc(row, func(r rune) bool { return r == ',' || r == ';' || r == '\t' || r == '\n' || r == '\r' })
	for _, cell := range cells {
		cell = strings.TrimPrefix(strings.Trim(strings.TrimSpace(cell), `"`), "'") // what exports put before a formula
		if value == "" || strings.Contains(cell, "@") && !strings.Contains(value, "@") {
			value = cell
		}
		if email := mailboxIn(cell); e.Email == "" {
			e.Email = email
		}
		if said := reasonIn(cell); said != "" {
			e.Reason = said
		}
	}
	return e, value
}

// Import stores what was checked, some hundreds at a time.
func (l *Suppressions) Import(ctx context.Context, w surveys.Workspace, list []SuppressionEntry) error {
	for part := range slices.Chunk(list, suppressionsAtOnce) {
		if err := l.store.InTx(ctx, func(tx *store.Tx) error {
			for _, e := range part {
				if err := suppress(ctx, tx, w, e.Email, e.Reason, surveys.SourceImport); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// Each passes every address that gets no mail to a function, the latest first.
func (l *Suppressions) Each(ctx context.Context, ws surveys.WorkspaceID, pass func(surveys.SuppressedAddress) error) error {
	const page = 1000
	filter := store.SuppressionFilter{Limit: page}
	for {
		list, err := l.store.Suppressions(ctx, ws, filter)
		if err != nil {
			return err
		}
		for _, a := range list {
			if err := pass(a); err != nil {
				return err
			}
			filter.After = store.SuppressionCursor{At: a.At, Key: a.Key}
		}
		if len(list) < page {
			return nil
		}
	}
}
