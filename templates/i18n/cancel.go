package i18n

import (
	"cmp"
	"maps"
	"slices"

	"github.com/harkhq/hark/surveys"
)

// CancelTexts are the words of a cancellation flow as somebody reads them: the team's own
// in their language, else the usual ones, else the team's in another one.
type CancelTexts struct {
	l     *Localizer
	flow  surveys.CancelFlow
	usual string // the flow's usual language
}

// CancelTexts are the words of a flow in the language of l.
func (l *Localizer) CancelTexts(f surveys.CancelFlow, w surveys.Workspace) CancelTexts {
	return CancelTexts{l: l, flow: f, usual: f.UsualLocale(w)}
}

// Label is a reason's, and its language where that is not the reader's. An id that the
// flow does not know is its own label.
func (t CancelTexts) Label(id string) (text, lang string) {
	reason, _ := t.flow.Reason(id)
	own := func(locale string) string { return reason.Texts[locale].Label }
	if text := own(t.l.Lang()); text != "" {
		return text, ""
	}
	if slices.Contains(surveys.DefaultReasons(), id) {
		return t.l.T("cancel.reason." + id + ".label"), ""
	}
	text, lang = spoken(reason.Texts, t.usual, func(r surveys.CancelReasonText) bool { return r.Label != "" }, own)
	return cmp.Or(text, id), lang
}

// Ask is the question that follows from a reason, and its language where that is not the
// reader's.
func (t CancelTexts) Ask(id string) (text, lang string) {
	reason, _ := t.flow.Reason(id)
	own := func(locale string) string { return reason.Texts[locale].Ask }
	if text := own(t.l.Lang()); text != "" {
		return text, ""
	}
	if slices.Contains(surveys.DefaultReasons(), id) {
		return t.l.T("cancel.reason." + id + ".ask"), ""
	}
	if text, lang = spoken(reason.Texts, t.usual, func(r surveys.CancelReasonText) bool { return r.Ask != "" }, own); text != "" {
		return text, lang
	}
	return t.l.T("respond.more.title"), ""
}

// Offer is an offer's words, and their language where that is not the reader's.
func (t CancelTexts) Offer(o surveys.CancelOffer) (words surveys.CancelOfferText, lang string) {
	if own, there := o.Texts[t.l.Lang()]; there {
		return own, ""
	}
	_, lang = spoken(o.Texts, t.usual, func(surveys.CancelOfferText) bool { return true }, func(string) string { return "" })
	return o.Texts[lang], lang
}

// spoken is a text in the usual language, or else in the first one that has it.
func spoken[T any](texts map[string]T, usual string, says func(T) bool, text func(locale string) string) (words, lang string) {
	if own, there := texts[usual]; there && says(own) {
		return text(usual), usual
	}
	for _, locale := range slices.Sorted(maps.Keys(texts)) {
		if says(texts[locale]) {
			return text(locale), locale
		}
	}
	return "", ""
}
