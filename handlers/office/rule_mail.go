package office

import (
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/words"
)

// mailSteps are the steps from an invitation to its answer, beginning with those
// that a mail server was given. One that stopped nobody is passed over.
func (r ruleReading) mailSteps(address func(name string) string) []components.FateStep {
	asked := r.counts.Asked
	step := func(fate store.InvitationFate, n int64) components.FateStep {
		return components.FateStep{Key: string(fate), Name: r.l.T("rules.step." + string(fate)), N: n, Address: address(string(fate))}
	}
	lost := func(s components.FateStep, fate store.InvitationFate, n int64) components.FateStep {
		s.Lost = append(s.Lost, r.fateReason(fate, n, address))
		return s
	}
	var steps []components.FateStep
	if asked.Failed > 0 {
		steps = append(steps, lost(step(store.FateHanded, asked.Handed()), store.FateFailed, asked.Failed))
	}
	accepted := step(store.FateAccepted, asked.Accepted())
	if asked.Bounced > 0 {
		accepted = lost(accepted, store.FateReturned, asked.Bounced)
	}
	if r.counts.Complained > 0 {
		accepted = lost(accepted, store.FateComplained, r.counts.Complained)
		accepted.Lost[len(accepted.Lost)-1].Within = true // who complains may answer
	}
	if steps = append(steps, accepted); asked.Bounced > 0 {
		steps = append(steps, step(store.FateSent, asked.Sent))
	}
	if last := len(steps) - 1; asked.Machines > 0 {
		steps[last] = lost(steps[last], store.FateMachines, asked.Machines)
		steps[last].Lost[len(steps[last].Lost)-1].Within = true // a person may follow the links, too
	}
	if asked.Clicked > 0 {
		steps = append(steps, step(store.FateClicked, asked.Clicked))
	}
	return append(steps, step(store.FateAnswered, asked.Answered))
}

// fateReason is how many invitations had a fate.
func (r ruleReading) fateReason(fate store.InvitationFate, n int64, address func(name string) string) components.FateReason {
	return components.FateReason{Key: string(fate), Name: r.l.T("rules.fate." + string(fate)), N: n, Address: address(string(fate))}
}

// unsentReasons are the reasons why invitations were not given to a mail server.
func (r ruleReading) unsentReasons(address func(name string) string) []components.FateReason {
	asked := r.counts.Asked
	var reasons []components.FateReason
	for fate, n := range map[store.InvitationFate]int64{
		store.FateWaiting: asked.Waiting(), store.FateSuppressed: asked.Suppressed, store.FateCancelled: asked.Cancelled, store.FateExpired: asked.Expired,
	} {
		if n > 0 {
			reasons = append(reasons, r.fateReason(fate, n, address))
		}
	}
	slices.SortFunc(reasons, func(a, b components.FateReason) int {
		return slices.Index(fateOrder(), a.Key) - slices.Index(fateOrder(), b.Key)
	})
	return reasons
}

// leastForShares is how many letters there must be for shares of them to be told.
const leastForShares = 5

// mailSays says how many answer, come back and complain, and how sure that is;
// nothing of an empty funnel.
func (r ruleReading) mailSays() (says []words.Sentence, err error) {
	asked := r.counts.Asked
	if asked.Accepted() == 0 {
		return nil, nil
	}
	rate, err := analysis.ResponseRate(analysis.AskedInput{All: asked})
	if err != nil {
		return nil, err
	}
	if rate.Rate == nil {
		says = append(says, words.Set(r.l.T("rules.mail.few"), nil))
	} else {
		says = append(says, words.Set(r.l.T("rules.mail.rate"), map[string]words.Part{"rate": {Text: r.mailShare(*rate.Rate)}, "low": {Text: r.mailShare(*rate.Low)}, "high": {Text: r.mailShare(*rate.High)}}))
	}
	for _, part := range []struct {
		key string
		n   int64
	}{{"rules.mail.returned", asked.Bounced}, {"rules.mail.complained", r.counts.Complained}} {
		if part.n == 0 || asked.Accepted() < leastForShares {
			continue
		}
		sentence, err := r.mailPart(part.key, part.n, asked.Accepted())
		if err != nil {
			return nil, err
		}
		says = append(says, sentence)
	}
	return says, nil
}

// mailPart says what part of the letters that a mail server took had a fate.
func (v visit) mailPart(key string, n, of int64) (words.Sentence, error) {
	interval, err := analysis.Proportion(min(n, of), of, 0.95)
	if err != nil {
		return nil, err
	}
	return words.Sentence{{Text: v.l.N(key, n, "share", v.mailShare(float64(n)/float64(of)), "low", v.mailShare(interval.Low/100), "high", v.mailShare(interval.High/100))}}, nil
}

// mailShare writes a share of 0…1 as precisely as complaints need it, of which
// one in a thousand is many.
func (v visit) mailShare(share float64) string {
	switch {
	case share < 0.00005 || share >= 0.095:
		return v.l.Percent(math.Round(100*share), 0)
	case share >= 0.0095:
		return v.l.Percent(100*share, 1)
	}
	return v.l.Percent(100*share, 2)
}

// rulePeriods are the days that a rule's page may look back.
func rulePeriods() []int { return []int{7, usualRuleDays, 90} }

// usualRuleDays is how many days it looks back when nobody says otherwise, and
// rangeParameter says otherwise.
const (
	usualRuleDays  = 30
	rangeParameter = "range"
)

// ruleDays is how many days the address asks for.
func (v visit) ruleDays() int {
	for _, days := range rulePeriods() {
		if v.QueryParam(rangeParameter) == strconv.Itoa(days) {
			return days
		}
	}
	return usualRuleDays
}

// ruleAt is an address below a rule's page, for the days that the page shows.
func (r ruleReading) ruleAt(below string, parameters map[string]string) string {
	all := map[string]string{}
	maps.Copy(all, parameters)
	if days := r.ruleDays(); days != usualRuleDays {
		all[rangeParameter] = strconv.Itoa(days)
	}
	return withQuery(rulePath(r.rule)+below, all)
}

// periods are the links to the days that a rule's page may look back.
func (r ruleReading) periods() []components.SegmentLink {
	var links []components.SegmentLink
	for _, days := range rulePeriods() {
		link := components.SegmentLink{Text: r.l.N("rules.funnel.days", int64(days)), Address: rulePath(r.rule), Current: days == r.ruleDays()}
		if days != usualRuleDays {
			link.Address = withQuery(link.Address, map[string]string{rangeParameter: strconv.Itoa(days)})
		}
		links = append(links, link)
	}
	return links
}
