package flow

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// AskedReport says who was asked, who answered, and whether those who did are like
// the others.
type AskedReport struct {
	// Asked counts the invitations that had time to be answered: those sent
	// yesterday would make every rate look low. While all are young, it counts
	// them all, and Young is true.
	analysis.Asked

	Young       bool                        `json:"young"`        // no invitation of the period had time to be answered yet
	Recent      int64                       `json:"recent"`       // sent in the period, too lately to be counted; 0 when Young
	SettleDays  int                         `json:"settle_days"`  // within which nine in ten answers come
	NonResponse *analysis.NonResponse       `json:"non_response"` // by the key by which the rates differ most; nil under filters and when there is none
	Counting    bool                        `json:"counting"`     // older invitations are still being taken into the counts
	Answers     int64                       `json:"answers"`      // of the period, however they came; 0 under filters
	Complained  *int64                      `json:"complained"`   // of those whose letters a mail server took: who called one of them spam; nil under filters
	Clicked     int64                       `json:"-"`            // invitations of which a person followed a link, or answered
	Machines    int64                       `json:"-"`            // invitations of which a machine followed a link
	Held        map[surveys.HeldState]int64 `json:"-"`            // answers of the period that are not counted; nil under filters
	Mailed      int64                       `json:"mailed"`       // of these, to invitations of any time; of the others nobody knows who was asked
}

// AskedQuery says of which invitations: those sent, or planned, on the local days
// From to before To, and under which segments.
type AskedQuery struct {
	From, To   analysis.Day
	Filters    surveys.Filters
	Confidence float64 // 0.95 when 0
}

// askedLook is how many of the latest settled invitations tell how long answers
// take.
const askedLook = 1000

// countLate is from what age on an invitation that is not counted yet is worth a
// word: new ones are counted within a minute.
const countLate = 10 * time.Minute

// Asked says what became of a survey's invitations. It is nil for a survey that
// never invited anybody, once all of the workspace's older ones are counted, and under filters that invitations are not counted by: by
// more than one key, or by how an answer came.
func (r *Reports) Asked(ctx context.Context, w Office, survey surveys.Survey, q AskedQuery) (*AskedReport, error) {
	if q.Confidence == 0 {
		q.Confidence = 0.95
	}
	a := asking{Reports: r, office: w, survey: survey, query: q}
	key, ok := a.filteredBy()
	if !ok {
		return nil, nil
	}
	a.filter = key
	waiting, err := r.store.UncountedInvitations(ctx, w.ID, "", 1)
	if err != nil {
		return nil, err
	}
	late := len(waiting) > 0 && r.store.Now().Sub(waiting[0].CreatedAt) > countLate
	if _, ever, err := r.store.FirstInvited(ctx, w.ID, survey.ID); err != nil || !ever && !late {
		return nil, err
	}
	report, err := a.report(ctx)
	if err != nil {
		return nil, fmt.Errorf("say who was asked by %s: %w", survey, err)
	}
	report.Counting = late
	return &report, nil
}

// asking is one look at who was asked.
type asking struct {
	*Reports
	office Office
	survey surveys.Survey
	query  AskedQuery
	filter string // the key of the filters; "" without any
}

// filteredBy is the one key of the filters, "" without any, and false when
// invitations are not counted by it.
func (a asking) filteredBy() (key string, ok bool) {
	keys := a.query.Filters.Keys()
	switch {
	case len(keys) == 0:
		return "", true
	case len(keys) > 1:
		return "", false
	}
	return keys[0], slices.Contains(a.office.Segments, keys[0])
}

func (a asking) report(ctx context.Context) (AskedReport, error) {
	report := AskedReport{}
	now := a.store.Now()
	delays, err := a.store.AnswerDelays(ctx, a.office.ID, a.survey.ID, now.Add(-surveys.AnswerWindow), askedLook)
	if err != nil {
		return report, err
	}
	report.SettleDays = analysis.SettleDays(delays)
	settled := min(a.query.To, analysis.DayOf(now, a.office.Zone)-analysis.Day(report.SettleDays))
	settled = max(settled, a.query.From)
	counted, err := a.count(ctx, a.query.From, settled)
	if err != nil {
		return report, err
	}
	recent, err := a.count(ctx, settled, a.query.To)
	if err != nil {
		return report, err
	}
	to := settled
	if report.Young = counted.All.Sent == 0; report.Young {
		counted, to = joined(counted, recent), a.query.To
	} else {
		report.Recent = recent.All.Sent
	}
	counted.From, counted.To, counted.Confidence = a.query.From, to, a.query.Confidence
	if report.Asked, err = analysis.ResponseRate(counted); err != nil {
		return report, err
	}
	report.Clicked, report.Machines = counted.All.Clicked, counted.All.Machines
	if a.filter != "" {
		return report, nil
	}
	from, until := surveys.DayStart(int(a.query.From)).Add(-14*time.Hour), surveys.DayStart(int(a.query.To)).Add(14*time.Hour)
	if report.Held, err = a.store.CountHeld(ctx, a.office.ID, a.survey.ID, from, until); err != nil {
		return report, err
	}
	complained, err := a.store.AskedComplaints(ctx, a.office.ID, store.AskedFilter{SurveyID: a.survey.ID, From: int(counted.From), To: int(counted.To)})
	if err != nil {
		return report, err
	}
	report.Complained = &complained
	channels, err := a.sums(ctx, surveys.SegmentChannel)
	if err != nil {
		return report, err
	}
	for _, counts := range channels {
		report.Answers += counts.N()
	}
	mailed := channels[string(surveys.ChannelMail)]
	if report.Mailed = mailed.N(); !report.Young {
		report.NonResponse, err = a.nonResponse(ctx, counted)
	}
	return report, err
}

// count sums the invitations of some days: of everybody by every declared key, or
// of the filter's values.
func (a asking) count(ctx context.Context, from, to analysis.Day) (analysis.AskedInput, error) {
	keys := append([]string{""}, a.office.Segments...)
	if a.filter != "" {
		keys = []string{a.filter}
	}
	var in analysis.AskedInput
	if from >= to {
		return in, nil
	}
	sums, err := a.store.Asked(ctx, a.office.ID, store.AskedFilter{SurveyID: a.survey.ID, Keys: keys, From: int(from), To: int(to)})
	if err != nil {
		return in, err
	}
	if a.filter != "" {
		for _, f := range a.query.Filters {
			in.All.Add(sums[a.filter][f.Value], 1)
		}
		return in, nil
	}
	in.All = sums[""][""]
	delete(sums, "")
	in.Segments = sums
	return in, nil
}

// joined counts two spans as one.
func joined(a, b analysis.AskedInput) analysis.AskedInput {
	sum := analysis.AskedInput{All: a.All, Segments: make(map[string]map[string]surveys.Asked)}
	sum.All.Add(b.All, 1)
	for _, part := range []analysis.AskedInput{a, b} {
		for key, values := range part.Segments {
			if sum.Segments[key] == nil {
				sum.Segments[key] = make(map[string]surveys.Asked)
			}
			for value, asked := range values {
				whole := sum.Segments[key][value]
				whole.Add(asked, 1)
				sum.Segments[key][value] = whole
			}
		}
	}
	return sum
}

// mostByMail is the share of a period's answers that must come from invitations for
// them to be weighed to the mix of those invited.
const mostByMail = 0.9

// nonResponse weighs the period's answers by the key by which the groups' rates
// differ most, if they do after a correction for having looked at several.
func (a asking) nonResponse(ctx context.Context, counted analysis.AskedInput) (*analysis.NonResponse, error) {
	var most *analysis.NonResponse
	tried := 0
	for key, values := range counted.Segments {
		whole := completed(values, counted.All)
		if len(whole) < 2 {
			continue
		}
		one, err := analysis.CheckNonResponse(a.survey.Metric, key, whole, nil, a.query.Confidence)
		if err != nil {
			return nil, err
		}
		if tried++; most == nil || one.P < most.P || one.P == most.P && one.Key < most.Key {
			most = &one
		}
	}
	if most == nil {
		return nil, nil
	}
	if most.P = min(1, most.P*float64(tried)); most.P >= 1-a.query.Confidence {
		most.Differs = false
		return most, nil
	}
	answers, err := a.answersBy(ctx, most.Key)
	if err != nil || answers == nil {
		return most, err
	}
	weighed, err := analysis.CheckNonResponse(a.survey.Metric, most.Key, completed(counted.Segments[most.Key], counted.All), answers, a.query.Confidence)
	weighed.P = most.P
	return &weighed, err
}

// completed adds those without a value, under "".
func completed(values map[string]surveys.Asked, all surveys.Asked) map[string]surveys.Asked {
	whole, rest := make(map[string]surveys.Asked), all
	for value, asked := range values {
		if rest.Add(asked, -1); asked.Sent > 0 {
			whole[value] = asked
		}
	}
	if rest.Sent > 0 && rest.Answered >= 0 {
		whole[""] = rest
	}
	return whole
}

// answersBy are the period's answers by value of a key, "" for those without one;
// nil when too many came by other ways than an invitation.
func (a asking) answersBy(ctx context.Context, key string) (map[string]surveys.Counts, error) {
	sums := make(map[string]map[string]surveys.Counts)
	for _, of := range []string{"", surveys.SegmentChannel, key} {
		var err error
		if sums[of], err = a.sums(ctx, of); err != nil {
			return nil, err
		}
	}
	all, mailed := sums[""][""], sums[surveys.SegmentChannel][string(surveys.ChannelMail)]
	if float64(mailed.N()) < mostByMail*float64(all.N()) {
		return nil, nil
	}
	rest := all
	for _, counts := range sums[key] {
		for score, n := range counts {
			rest[score] -= n
		}
	}
	if rest.N() > 0 {
		sums[key][""] = rest
	}
	return sums[key], nil
}

// sums are the period's answers by value of a key, however they came; of
// everybody under "" when the key is "".
func (a asking) sums(ctx context.Context, key string) (map[string]surveys.Counts, error) {
	list, err := a.store.Rollups(ctx, a.office.ID, store.RollupFilter{SurveyID: a.survey.ID, Key: key, From: int(a.query.From), To: int(a.query.To)})
	sums := make(map[string]surveys.Counts)
	for _, row := range list {
		sum := sums[row.Value]
		sum.Add(row.Counts)
		sums[row.Value] = sum
	}
	return sums, err
}

// responseRates are the settled response rates of many surveys over a period that
// ends now, as each one's report has it. Surveys that wait equally long for their
// answers are read at once.
func (r *Reports) responseRates(ctx context.Context, w Office, ids []string, from analysis.Day) (map[string]analysis.Asked, error) {
	now := r.store.Now()
	today := analysis.DayOf(now, w.Zone)
	invited, err := r.store.AskedBySurvey(ctx, w.ID, ids, int(from), int(today)+1)
	if err != nil {
		return nil, err
	}
	waiting := make(map[int][]string) // by how many days
	for id := range invited {
		delays, err := r.store.AnswerDelays(ctx, w.ID, id, now.Add(-surveys.AnswerWindow), askedLook)
		if err != nil {
			return nil, err
		}
		days := analysis.SettleDays(delays)
		waiting[days] = append(waiting[days], id)
	}
	rates := make(map[string]analysis.Asked, len(invited))
	for days, ids := range waiting {
		until := today - analysis.Day(days)
		sums, err := r.store.AskedBySurvey(ctx, w.ID, ids, int(from), int(until))
		if err != nil {
			return nil, err
		}
		for id, sum := range sums {
			if rates[id], err = analysis.ResponseRate(analysis.AskedInput{From: from, To: until, All: sum}); err != nil {
				return nil, fmt.Errorf("the response rate of survey %s: %w", id, err)
			}
		}
	}
	return rates, nil
}
