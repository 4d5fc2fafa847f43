package office

import (
	"math"
	"slices"
	"strconv"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/words"
)

// say is a sentence of the catalogue.
func (r loyal) say(key string, args ...any) words.Sentence {
	return words.Set(r.l.T(key, args...), nil)
}

// label names a step where it stands by itself, and step within a sentence.
func (r loyal) label(start analysis.Day) string { return r.named("loyalty.label.", start) }
func (r loyal) step(start analysis.Day) string  { return r.named("loyalty.step.", start) }

func (r loyal) named(keys string, start analysis.Day) string {
	date := start.Time()
	quarter := (int(date.Month()) + 2) / 3
	return r.l.T(keys+string(r.by), "date", date, "month", r.l.Month(date), "quarter", strconv.Itoa(quarter), "year", strconv.Itoa(date.Year()))
}

// tick names a step in little room.
func (r loyal) tick(start analysis.Day) string {
	date := start.Time()
	switch {
	case r.by == loyalty.Weekly:
		return r.l.ShortDate(date)
	case r.by == loyalty.Monthly && date.Month() != 1:
		return r.l.ShortMonth(date)
	case r.by == loyalty.Quarterly:
		return r.l.T("loyalty.tick.quarter", "quarter", strconv.Itoa((int(date.Month())+2)/3), "year", strconv.Itoa(date.Year()))
	}
	return strconv.Itoa(date.Year())
}

func (r loyal) customers(n int64) string { return r.l.N("loyalty.customers", n) }

// headline is the sentence that the page opens with.
func (r loyal) headline() words.Sentence {
	if r.report.Endless {
		return r.say("loyalty.headline.endless")
	}
	last, _ := whole(r.points(loyalty.RetentionRate))
	if last == nil || last.Value == nil {
		return words.Set(r.l.T("loyalty.headline.early."+string(r.by)), nil)
	}
	before := r.by.Start(last.Start - 1)
	return r.say("loyalty.headline."+string(r.report.Basis),
		"customers", r.customers(last.Of), "share", r.l.Percent(*last.Value, 1), "step", r.step(last.Start), "before", r.step(before))
}

// says is what the headline means.
func (r loyal) says() []words.Sentence {
	var says []words.Sentence
	if r.report.Endless {
		return []words.Sentence{words.Set(r.l.T("loyalty.says.endless"), map[string]words.Part{"settings": {Text: r.l.T("loyalty.settings"), Address: pathPlan}})}
	}
	last, now := whole(r.points(loyalty.RetentionRate))
	if last == nil || last.Value == nil {
		return []words.Sentence{r.say("loyalty.early", "people", r.l.N("loyalty.people", r.report.People), "date", r.report.From.Time())}
	}
	if change := r.change(*last); change != nil {
		says = append(says, change)
	}
	if step := r.stepAt(last.Start); step != nil && len(r.shownRates()["money"]) > 0 && step.Amount > 0 {
		says = append(says, r.netChurn(*step))
	}
	if now != nil && now.Value != nil {
		says = append(says, r.say("loyalty.now."+string(r.report.Basis), "step", r.label(now.Start), "share", r.l.Percent(*now.Value, 1), "customers", r.customers(now.Of)))
	}
	if risks := r.report.Risks; risks != nil && risks.Listed > 0 {
		key := "loyalty.says.risk"
		if risks.Total > risks.Listed {
			key = "loyalty.says.most"
		}
		says = append(says, words.Set(r.l.T(key, "listed", risks.Listed), map[string]words.Part{"people": {Text: r.l.N("loyalty.people", int64(max(risks.Total, risks.Listed))), Address: "#risks"}}))
	}
	return says
}

// stepAt are the counts of a step; nil when it is not reported.
func (r loyal) stepAt(start analysis.Day) *loyalty.Step {
	steps := r.report.Periods[r.by].Steps
	for i := range steps {
		if steps[i].Start == start {
			return &steps[i]
		}
	}
	return nil
}

// change compares the last whole step with the one before.
func (r loyal) change(last loyalty.Point) words.Sentence {
	d := r.report.Periods[r.by].Change
	if d == nil || last.Value == nil {
		return nil
	}
	share := *last.Value - d.Difference.Difference
	moved := math.Round(10**last.Value) - math.Round(10*share) // as the rounded shares beside it have it
	direction := "same"
	switch {
	case moved > 0:
		direction = "rise"
	case moved < 0:
		direction = "fall"
	}
	key := "loyalty.change.chance." + direction
	if d.Real && direction != "same" {
		key = "loyalty.change.real." + direction
	}
	return r.say(key, "points", r.l.Decimal(math.Abs(moved)/10, 1), "before", r.step(r.by.Start(last.Start-1)), "share", r.l.Percent(share, 1))
}

// netChurn says what leaving cost, and what those who stayed made up for.
func (r loyal) netChurn(s loyalty.Step) words.Sentence {
	more := s.Expanded - s.Contracted
	net := s.Lost - more
	key := "less"
	switch {
	case net < 0:
		key = "negative"
	case more > 0:
		key = "more"
	case more == 0:
		key = "even"
	}
	return r.say("loyalty.net."+key, "rate", r.l.Percent(100*float64(net)/float64(s.Amount), 1),
		"lost", r.money(s.Lost), "amount", r.money(s.Amount), "more", r.money(max(more, -more)))
}

// money writes an amount of minor units in the plan's currency; whole ones where
// the rest would only be noise.
func (r loyal) money(minor int64) string {
	if minor < 0 {
		return "−" + r.money(-minor) // before the currency's sign
	}
	x, places := float64(minor)/100, 2
	if minor%100 == 0 || math.Abs(x) >= 1000 {
		places = 0
	}
	return r.withCurrency(r.l.Decimal(x, places))
}

func (r loyal) withCurrency(amount string) string {
	if r.report.Currency == "" {
		return amount
	}
	key := "loyalty.currency." + r.report.Currency
	if text := r.l.T(key, "amount", amount); text != key {
		return text
	}
	return r.l.T("loyalty.currency.other", "amount", amount, "currency", r.report.Currency)
}

func (r loyal) rateName(rate loyalty.Rate) string { return r.l.T("loyalty.rate." + string(rate)) }

func (r loyal) courseTitle(rate loyalty.Rate) string {
	return r.l.T("loyalty.course."+string(r.by), "rate", r.rateName(rate))
}

// help says what a rate counts, in one sentence.
func (r loyal) help(rate loyalty.Rate) string {
	switch rate {
	case loyalty.RetentionRate, loyalty.ChurnRate:
		return r.l.T("loyalty.help." + string(rate) + "_" + string(r.report.Basis))
	case loyalty.Redemption:
		if !r.namesPoints() {
			return r.l.T("loyalty.help.redemption_rewards")
		}
	}
	return r.l.T("loyalty.help." + string(rate))
}

// rateValue writes a rate in its unit.
func (r loyal) rateValue(rate loyalty.Rate, ratio loyalty.Ratio) string {
	if finite(ratio.Value) == nil {
		return "–"
	}
	if rate == loyalty.Lifespan {
		return r.l.T("loyalty.lifespan."+string(r.by), "n", r.l.Decimal(*ratio.Value, 1))
	}
	return r.l.Percent(*ratio.Value, 1)
}

// rateInterval writes the interval of a rate; "" where it has none.
func (r loyal) rateInterval(rate loyalty.Rate, ratio loyalty.Ratio) string {
	if finite(ratio.Low) == nil || finite(ratio.High) == nil {
		return ""
	}
	if rate == loyalty.Lifespan {
		return r.l.T("components.interval", "low", r.l.Decimal(*ratio.Low, 1), "high", r.l.Decimal(*ratio.High, 1))
	}
	return r.l.T("components.interval", "low", r.l.Percent(*ratio.Low, 1), "high", r.l.Percent(*ratio.High, 1))
}

// rateCount writes what stands behind a rate, and of whom it is a share: each
// rate has a denominator of its own.
func (r loyal) rateCount(rate loyalty.Rate, ratio loyalty.Ratio) string {
	if ratio.Hidden {
		return r.l.T("loyalty.few")
	}
	key := "loyalty.of." + string(rate)
	switch rate {
	case loyalty.Lifespan:
		key = "loyalty.lifespan_of." + string(r.report.Basis)
	case loyalty.GrossChurn, loyalty.NetChurn:
		return r.l.T("loyalty.of", "n", r.money(ratio.N), "of", r.money(ratio.Of))
	case loyalty.RetentionRate, loyalty.ChurnRate:
		key = "loyalty.of.retention_" + string(r.report.Basis)
	case loyalty.Redemption:
		if !r.namesPoints() {
			key += "_rewards"
		}
	}
	return r.l.T(key, "n", ratio.N, "of", ratio.Of)
}

// namesPoints reports whether events say how many points were given or used;
// else each counts as one reward.
func (r loyal) namesPoints() bool {
	return slices.ContainsFunc(r.plan.Meanings, func(m surveys.EventMeaning) bool {
		return m.Amount != "" && (m.Kind == surveys.LoyaltyIssued || m.Kind == surveys.LoyaltyRedeemed)
	})
}

// chance says how often so large a difference comes about by chance.
func (r loyal) chance(p float64) words.Sentence {
	switch {
	case p < 0.001:
		return r.say("loyalty.chance.never")
	case p < 0.05:
		return r.say("loyalty.chance.rarely", "percent", r.l.Percent(100*p, 1))
	}
	return r.say("loyalty.chance.often", "percent", r.l.Percent(100*p, 0))
}

// refused says why a part of the report is not there.
func (r loyal) refused(why flow.Refused) words.Sentence {
	return r.say("loyalty.refused."+string(why.Reason), "have", r.l.Decimal(why.Have, places(why.Have)), "need", r.l.Decimal(why.Need, places(why.Need)), "name", r.featureName(why.Name))
}

// places are the digits after the point that a count or a share needs.
func places(x float64) int {
	if x == math.Trunc(x) {
		return 0
	}
	return 2
}

// caveats are what must be said beside a number, in words.
func (r loyal) caveats(list []loyalty.Caveat) []string {
	var words []string
	for _, caveat := range list {
		words = append(words, r.l.T("loyalty.caveat."+string(caveat)))
	}
	return words
}

// band is the name of a band of the plan's survey, or of those who gave no
// score.
func (r loyal) band(band surveys.Band) string {
	if band == loyalty.NoAnswer {
		return r.l.T("loyalty.no_answer")
	}
	return r.l.Band(band)
}
