package surveys

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CancelFlow asks people who are about to cancel a subscription why, and may offer them
// something. It stands in nobody's way and cancels nothing: the company's own page does.
type CancelFlow struct {
	WorkspaceID   WorkspaceID
	ID            string
	Key           string // eight characters, the flow's part of its public link
	Name          string // seen by the team only
	Status        SurveyStatus
	Reasons       []CancelReason // those of [DefaultReasons] where a new flow has none
	Offers        []CancelOffer  // in the order in which they are tried: the first that fits is made
	HoldOut       int            // percent of those whom an offer fits who get none, to compare with; 0 to 90
	ScoreSurveyID string         // a survey whose question is asked last; "" for none
	Fields        []string       // hidden fields that a page's address may carry; others are dropped
	Locale        string         // the language for people of whom none is known; "" for the workspace's
	Origins       []string       // the sites that may show it within their pages, see [ParseOrigin]; none: no site
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// CancelReason is one reason to cancel. Its id is stable: what answers and reports are
// counted under, so it is never used for another meaning.
type CancelReason struct {
	ID    string                      `json:"id"`
	Texts map[string]CancelReasonText `json:"texts,omitempty"` // by language; the usual words of a default reason where there are none
	Quiet bool                        `json:"quiet,omitempty"` // nothing more is asked about it
	Gone  bool                        `json:"gone,omitempty"`  // it is offered no more; answers that gave it keep its words
}

// CancelReasonText is a reason in one language.
type CancelReasonText struct {
	Label string `json:"label,omitempty"`
	Ask   string `json:"ask,omitempty"` // the question that follows
}

// OtherReason is the reason that always stands last.
const OtherReason = "other"

// DefaultReasons are the ids of the usual reasons: the cancellation feedback of Stripe's
// API (subscription.cancellation_details.feedback), "other" last.
func DefaultReasons() []string {
	return []string{"too_expensive", "missing_features", "switched_service", "unused", "customer_service", "too_complex", "low_quality", OtherReason}
}

// CancelOffer is what somebody may be offered to stay.
type CancelOffer struct {
	ID      string                     `json:"id"` // stable, and told to the page that shows the flow
	Name    string                     `json:"name"`
	Reasons []string                   `json:"reasons,omitempty"` // those it is for; none: for every one
	Trait   string                     `json:"trait,omitempty"`   // and for people with this trait or hidden field …
	Values  []string                   `json:"values,omitempty"`  // … being one of these; "" and none: for everybody
	Share   int                        `json:"share,omitempty"`   // percent of those whom it fits who get it, 1 to 100; 0 for all. The next offer that fits is tried for others
	Link    string                     `json:"link,omitempty"`    // an https address that accepting leads to; "" where the company's page does it
	Texts   map[string]CancelOfferText `json:"texts"`             // by language
	Paused  bool                       `json:"paused,omitempty"`  // it is made to nobody now
}

// CancelOfferText is an offer in one language.
type CancelOfferText struct {
	Title  string `json:"title,omitempty"`
	Text   string `json:"text,omitempty"`
	Accept string `json:"accept,omitempty"` // the button; empty for the usual word
}

// Limits of a flow.
const (
	MaxCancelReasons = 20
	MaxCancelOffers  = 20
	MaxOfferHoldOut  = 90
)

// PublicID is the flow's part of its public links.
func (f CancelFlow) PublicID(workspaceKey string) string { return workspaceKey + f.Key }

// rehearsalTime is how long the address of a rehearsal can be used.
const rehearsalTime = 24 * time.Hour

// SignRehearsal writes, for the address of the flow's page, that somebody of the team tries
// it: nothing of it is stored.
func (f CancelFlow) SignRehearsal(secret []byte, at time.Time) string {
	until := strconv.FormatInt(at.Add(rehearsalTime).Unix(), 36)
	return until + "." + f.rehearsalMAC(secret, until)
}

// Rehearses reports whether such a text is believed.
func (f CancelFlow) Rehearses(secret []byte, text string, now time.Time) bool {
	until, mac, _ := strings.Cut(text, ".")
	seconds, err := strconv.ParseInt(until, 36, 64)
	return err == nil && hmac.Equal([]byte(mac), []byte(f.rehearsalMAC(secret, until))) && now.Before(time.Unix(seconds, 0))
}

func (f CancelFlow) rehearsalMAC(secret []byte, until string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("rehearsal:" + f.ID + ":" + until))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// UsualLocale is the language of the flow's pages for people of whom none is known.
func (f CancelFlow) UsualLocale(w Workspace) string {
	if f.Locale != "" {
		return f.Locale
	}
	return w.Locale
}

// Open returns nil when the flow asks, and else an error of kind Gone that says why not.
func (f CancelFlow) Open() error {
	switch f.Status {
	case SurveyArchived:
		return Fail(Gone, "survey_archived")
	case SurveyPaused:
		return Fail(Gone, "survey_paused")
	}
	return nil
}

// Reason is the reason with an id, gone ones included; false when there is none.
func (f CancelFlow) Reason(id string) (CancelReason, bool) {
	at := slices.IndexFunc(f.Reasons, func(r CancelReason) bool { return r.ID == id })
	if at < 0 {
		return CancelReason{}, false
	}
	return f.Reasons[at], true
}

// Offer is the offer with an id; false when there is none.
func (f CancelFlow) Offer(id string) (CancelOffer, bool) {
	at := slices.IndexFunc(f.Offers, func(o CancelOffer) bool { return o.ID == id })
	if at < 0 {
		return CancelOffer{}, false
	}
	return f.Offers[at], true
}

// Shuffled lists the reasons that are offered, in an order of the visit's own, so that
// none gains from its place, and "other" last.
func (f CancelFlow) Shuffled(visit string) []CancelReason {
	list := slices.DeleteFunc(slices.Clone(f.Reasons), func(r CancelReason) bool { return r.Gone })
	slices.SortStableFunc(list, func(a, b CancelReason) int {
		if last := compareBool(a.ID == OtherReason, b.ID == OtherReason); last != 0 {
			return last
		}
		return strings.Compare(lotText(visit, a.ID), lotText(visit, b.ID))
	})
	return list
}

// compareBool puts false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func lotText(visit, id string) string {
	return fmt.Sprintf("%.17f", Lot("order of reasons", visit, id))
}

// OfferFor is the offer that fits a reason and what is known of a person, who is named by
// an id or, where nobody knows it, by their visit; false when none does. Held says that
// they are among those who get none, to compare with.
func (f CancelFlow) OfferFor(reason, who string, known func(key string) string) (offer CancelOffer, held, found bool) {
	for _, o := range f.Offers {
		if o.Paused || !o.fits(reason, known) || o.Share > 0 && 100*Lot("offer", f.ID, o.ID, who) >= float64(o.Share) {
			continue
		}
		return o, 100*Lot("hold out offers", f.ID, who) < float64(f.HoldOut), true
	}
	return CancelOffer{}, false, false
}

func (o CancelOffer) fits(reason string, known func(key string) string) bool {
	if len(o.Reasons) > 0 && !slices.Contains(o.Reasons, reason) {
		return false
	}
	return o.Trait == "" || slices.ContainsFunc(o.Values, func(v string) bool { return strings.EqualFold(v, known(o.Trait)) })
}

// Check returns the flow with its texts trimmed, or what is wrong with it.
func (f CancelFlow) Check() (CancelFlow, error) {
	f.Name = strings.TrimSpace(f.Name)
	wrong := checkLength("name", f.Name, 1, 80)
	if !slices.Contains([]SurveyStatus{SurveyActive, SurveyPaused, SurveyArchived}, f.Status) {
		wrong = append(wrong, FieldError{Path: "status", Code: "status"})
	}
	if f.HoldOut < 0 || f.HoldOut > MaxOfferHoldOut {
		wrong = append(wrong, FieldError{Path: "hold_out", Code: "cancel_hold_out", Args: map[string]any{"max": MaxOfferHoldOut}})
	}
	if f.Locale != "" && !slices.Contains(RespondentLocales(), f.Locale) {
		wrong = append(wrong, foreign("locale", RespondentLocales()))
	}
	var fields []FieldError
	f.Reasons, fields = f.checkReasons()
	wrong = append(wrong, fields...)
	f.Offers, fields = f.checkOffers()
	wrong = append(wrong, fields...)
	s, fields := Survey{Origins: f.Origins, Fields: f.Fields}.checkOrigins()
	wrong = append(append(wrong, fields...), s.checkFields()...)
	f.Origins = s.Origins
	return f, Wrong(wrong...)
}

func (f CancelFlow) checkReasons() ([]CancelReason, []FieldError) {
	var wrong []FieldError
	list := slices.Clone(f.Reasons)
	offered := 0
	for i, r := range list {
		path := fmt.Sprintf("reasons.%d", i)
		wrong = append(wrong, checkCancelID(path, r.ID, slices.ContainsFunc(list[:i], func(o CancelReason) bool { return o.ID == r.ID }))...)
		texts := make(map[string]CancelReasonText, len(r.Texts))
		for _, locale := range slices.Sorted(maps.Keys(r.Texts)) {
			text := r.Texts[locale]
			text.Label, text.Ask = strings.TrimSpace(text.Label), strings.TrimSpace(text.Ask)
			wrong = append(append(wrong, checkLength(path+".texts."+locale+".label", text.Label, 0, 100)...), checkLength(path+".texts."+locale+".ask", text.Ask, 0, 200)...)
			if !slices.Contains(RespondentLocales(), locale) {
				wrong = append(wrong, foreign(path+".texts."+locale, RespondentLocales()))
			} else if text != (CancelReasonText{}) {
				texts[locale] = text
			}
		}
		list[i].Texts = texts
		if !slices.Contains(DefaultReasons(), r.ID) && !slices.ContainsFunc(slices.Collect(maps.Values(texts)), func(t CancelReasonText) bool { return t.Label != "" }) {
			wrong = append(wrong, FieldError{Path: path + ".label", Code: "required"})
		}
		if !r.Gone {
			offered++
		}
	}
	if offered == 0 || offered > MaxCancelReasons {
		wrong = append(wrong, FieldError{Path: "reasons", Code: "cancel_reasons", Args: map[string]any{"max": MaxCancelReasons}})
	}
	return list, wrong
}

// checkCancelID wants an id as follow-ups have it, that no other has.
func checkCancelID(path, id string, taken bool) []FieldError {
	switch {
	case !followUpID.MatchString(id):
		return []FieldError{{Path: path + ".id", Code: "field_name"}}
	case taken:
		return []FieldError{{Path: path + ".id", Code: "field_named_twice", Args: map[string]any{"name": id}}}
	}
	return nil
}

func (f CancelFlow) checkOffers() ([]CancelOffer, []FieldError) {
	var wrong []FieldError
	list := slices.Clone(f.Offers)
	for i, o := range list {
		path := fmt.Sprintf("offers.%d", i)
		wrong = append(wrong, checkCancelID(path, o.ID, slices.ContainsFunc(list[:i], func(other CancelOffer) bool { return other.ID == o.ID }))...)
		var fields []FieldError
		list[i], fields = o.check(path, f)
		wrong = append(wrong, fields...)
	}
	if len(list) > MaxCancelOffers {
		wrong = append(wrong, FieldError{Path: "offers", Code: "cancel_offers", Args: map[string]any{"max": MaxCancelOffers}})
	}
	return list, wrong
}

func (o CancelOffer) check(path string, f CancelFlow) (CancelOffer, []FieldError) {
	o.Name, o.Trait, o.Link = strings.TrimSpace(o.Name), strings.TrimSpace(o.Trait), strings.TrimSpace(o.Link)
	wrong := append(checkLength(path+".name", o.Name, 1, 80), checkLength(path+".trait", o.Trait, 0, 80)...)
	for i, id := range o.Reasons {
		if _, known := f.Reason(id); !known {
			wrong = append(wrong, FieldError{Path: fmt.Sprintf("%s.reasons.%d", path, i), Code: "choice", Args: map[string]any{"id": id}})
		}
	}
	if (o.Trait == "") != (len(o.Values) == 0) || len(o.Values) > 50 {
		wrong = append(wrong, FieldError{Path: path + ".values", Code: "cancel_values"})
	}
	for i, v := range o.Values {
		wrong = append(wrong, checkLength(fmt.Sprintf("%s.values.%d", path, i), v, 1, 80)...)
	}
	if o.Share < 0 || o.Share > 100 {
		wrong = append(wrong, FieldError{Path: path + ".share", Code: "cancel_share"})
	}
	if o.Link != "" {
		wrong = append(wrong, checkLink(path+".link", o.Link)...)
	}
	texts := make(map[string]CancelOfferText, len(o.Texts))
	for _, locale := range slices.Sorted(maps.Keys(o.Texts)) {
		text := o.Texts[locale]
		text.Title, text.Text, text.Accept = strings.TrimSpace(text.Title), strings.TrimSpace(text.Text), strings.TrimSpace(text.Accept)
		wrong = append(wrong, checkLength(path+".texts."+locale+".title", text.Title, 0, 120)...)
		wrong = append(wrong, checkLength(path+".texts."+locale+".text", text.Text, 0, 1000)...)
		wrong = append(wrong, checkLength(path+".texts."+locale+".accept", text.Accept, 0, 60)...)
		if !slices.Contains(RespondentLocales(), locale) {
			wrong = append(wrong, foreign(path+".texts."+locale, RespondentLocales()))
		} else if text.Title != "" {
			texts[locale] = text
		}
	}
	if len(texts) == 0 {
		wrong = append(wrong, FieldError{Path: path + ".title", Code: "required"})
	}
	o.Texts = texts
	return o, wrong
}
