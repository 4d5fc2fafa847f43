package office

import (
	"math"
	"strings"

	"github.com/harkhq/hark/analysis/loyalty/risk"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// riskCard names the people who may leave, or says why none are named; nil when
// nobody was a customer.
func (r loyal) riskCard() *office.RiskCard {
	found := r.report.Risks
	if found == nil {
		return nil
	}
	card := &office.RiskCard{Title: r.l.T("loyalty.risk.title"), Caveats: r.caveats(found.Caveats)}
	if v := found.Validation; v != nil {
		card.Tested, card.Tenths = r.tested(*v), r.tenths(v.Calibration.Tenths)
	}
	switch {
	case found.Refused != nil:
		card.Says = []words.Sentence{r.say("loyalty.risk.refused"), r.refused(*found.Refused)}
	case found.Listed == 0:
		card.Says = []words.Sentence{r.say("loyalty.risk.nobody")}
	default:
		card.Says = []words.Sentence{r.atRisk(found.Listed, found.Total, found.Days)}
		if len(r.risks) > 0 {
			table := r.riskTable()
			card.Table = &table
		}
		if found.Listed > len(r.risks) && r.may(seesPeople) {
			card.All = &components.Action{Text: r.l.N("loyalty.risk.all", int64(found.Listed)), Address: pathRisks}
		}
	}
	return card
}

// atRisk says how many people may leave. The number leads to them if they are all on
// the list, and the reader may see it.
func (r loyal) atRisk(listed, total, days int) words.Sentence {
	people := words.Part{Text: r.l.N("loyalty.people", int64(max(total, listed)))}
	key := "loyalty.risk.says"
	switch {
	case total > listed:
		key = "loyalty.risk.most"
	case r.may(seesPeople):
		people.Address = pathRisks
	}
	return words.Set(r.l.T(key, "listed", listed, "days", r.l.N("loyalty.days", int64(days))), map[string]words.Part{"people": people})
}

// noRisks says why a page of people at risk is empty.
func (r loyal) noRisks() *components.Empty {
	empty := &components.Empty{Title: r.l.T("loyalty.risk.none.title"), Action: &components.Action{Kind: components.Secondary}}
	switch found := r.report.Risks; {
	case found == nil || r.empty() != nil:
		empty.Text, empty.Action = r.l.T("loyalty.risk.none.early"), nil
	case found.Listed > 0:
		empty.Text, empty.Action.Text, empty.Action.Address = r.l.T("loyalty.risk.none.beyond"), r.l.T("loyalty.risk.none.back"), pathRisks
	default:
		empty.Text, empty.Action.Text, empty.Action.Address = r.l.T("loyalty.risk.none.text"), r.l.T("loyalty.risk.none.button"), layouts.PathLoyalty+"#risks"
	}
	return empty
}

// riskTable lists people with the reasons.
func (r loyal) riskTable() office.RiskTable {
	table := office.RiskTable{Chance: r.l.N("loyalty.risk.chance", int64(r.report.Risks.Days))}
	for _, one := range r.risks {
		person, known := r.people[one.PersonID]
		if !known {
			continue
		}
		table.Rows = append(table.Rows, office.RiskRow{
			Name: person.Label(), Address: "/people/" + person.ID, Chance: r.l.Percent(100*one.Chance, 0), Reasons: r.reasons(one.Reasons),
		})
	}
	return table
}

// reasons are what makes somebody's chance higher than usual, in words.
func (r loyal) reasons(list []surveys.RiskReason) string {
	var words []string
	for _, reason := range list {
		if text := r.reason(reason); text != "" {
			words = append(words, text)
		}
	}
	if len(words) == 0 {
		return r.l.T("loyalty.reason.none")
	}
	return strings.Join(words, r.l.T("loyalty.separator"))
}

// reason is one of them; "" for what says nothing by itself.
func (r loyal) reason(reason surveys.RiskReason) string {
	reason = flow.InDays(reason)
	more := reason.Value > reason.Usual
	days := int64(math.Round(reason.Value))
	switch reason.Feature {
	case risk.ScoreFeature:
		return r.l.T("loyalty.reason.score", "score", r.l.Decimal(reason.Value, 0))
	case risk.NoAnswerFeature:
		if reason.Value < 0.5 {
			return "" // that somebody answered only goes with what they answered
		}
		return r.l.T("loyalty.reason.no_answer")
	case "activity":
		switch {
		case more:
			return "" // who was active often gives no cause for worry
		case days == 0:
			return r.l.T("loyalty.reason.inactive")
		}
		return r.l.N("loyalty.reason.activity", days)
	case "silence":
		if more {
			return r.l.N("loyalty.reason.silence", days)
		}
	case "tenure":
		if more {
			return r.l.N("loyalty.reason.tenure_more", days)
		}
		return r.l.N("loyalty.reason.tenure_less", days)
	}
	return ""
}

// featureName is a feature of the model in words.
func (r loyal) featureName(name string) string {
	switch name {
	case risk.ScoreFeature, risk.NoAnswerFeature, "tenure", "silence", "activity":
		return r.l.T("loyalty.feature." + name)
	}
	return name
}

// tested says how the list was put to the test before it was shown.
func (r loyal) tested(v risk.Validation) []words.Sentence {
	says := []words.Sentence{r.say("loyalty.risk.test", "from", v.From.Time(), "to", (v.To - 1).Time(), "n", v.N, "lost", v.Lost)}
	if tenths := v.Calibration.Tenths; len(tenths) > 1 {
		low, high := tenths[0], tenths[len(tenths)-1]
		says = append(says, r.say("loyalty.risk.ends", "high", r.l.Percent(100*high.Seen, 0), "low", r.l.Percent(100*low.Seen, 0)))
	}
	says = append(says, r.say("loyalty.risk.auc", "auc", r.l.Decimal(100*v.AUC, 0), "low", r.l.Decimal(100*v.AUCLow, 0), "high", r.l.Decimal(100*v.AUCHigh, 0)))
	return append(says, r.say("loyalty.risk.level", "foretold", r.l.Percent(100*v.Calibration.Foretold, 1), "seen", r.l.Percent(100*v.Calibration.Seen, 1)))
}

// tenths is the forecast beside what came, from the highest risk down.
func (r loyal) tenths(list []risk.Tenth) []office.RiskTenth {
	var rows []office.RiskTenth
	for i := len(list) - 1; i >= 0; i-- {
		t := list[i]
		rows = append(rows, office.RiskTenth{
			Name:   r.l.T("components.interval", "low", r.l.Percent(100*t.From, 1), "high", r.l.Percent(100*t.To, 1)),
			People: r.l.Number(t.N), Foretold: r.l.Percent(100*t.Foretold, 1), Left: r.l.T("loyalty.tenth.cell", "n", t.Lost, "share", r.l.Percent(100*t.Seen, 1)),
			Interval: r.l.T("components.interval", "low", r.l.Percent(100*t.Low, 1), "high", r.l.Percent(100*t.High, 1)),
		})
	}
	return rows
}
