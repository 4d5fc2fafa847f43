package store

import (
	"context"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// AskedFilter says which invitations of a survey are wanted, by the local days of
// sending from From to before To.
type AskedFilter struct {
	SurveyID string
	Keys     []string // of segments; "" is everybody
	From, To int
}

// Asked sums what became of a survey's invitations by segment key and value;
// everybody is under "" and "".
func (r reads) Asked(ctx context.Context, ws surveys.WorkspaceID, f AskedFilter) (map[string]map[string]surveys.Asked, error) {
	var rows []invitationCountRow
	err := r.of(ctx, ws).Model(&invitationCountRow{}).Select("key, value, "+askedTotals()).
		Where("survey_id = ? AND key IN ? AND day >= ? AND day < ?", f.SurveyID, f.Keys, f.From, f.To).
		Group("key, value").Having("sum(invited) > 0").Find(&rows).Error
	if err != nil {
		return nil, known("sum the invitations", err)
	}
	sums := make(map[string]map[string]surveys.Asked)
	for _, row := range rows {
		if sums[row.Key] == nil {
			sums[row.Key] = make(map[string]surveys.Asked)
		}
		sums[row.Key][row.Value] = row.asked()
	}
	return sums, nil
}

// AskedBySurvey sums what became of the invitations of surveys.
func (r reads) AskedBySurvey(ctx context.Context, ws surveys.WorkspaceID, ids []string, from, to int) (map[string]surveys.Asked, error) {
	var rows []invitationCountRow
	err := r.of(ctx, ws).Model(&invitationCountRow{}).Select("survey_id, "+askedTotals()).
		Where("survey_id IN ? AND key = '' AND day >= ? AND day < ?", ids, from, to).Group("survey_id").Find(&rows).Error
	if err != nil {
		return nil, known("sum the invitations of surveys", err)
	}
	sums := make(map[string]surveys.Asked, len(rows))
	for _, row := range rows {
		sums[row.SurveyID] = row.asked()
	}
	return sums, nil
}

// AskedComplaints counts those among a survey's invitations of some days of sending
// whose person called one of their letters spam.
func (r reads) AskedComplaints(ctx context.Context, ws surveys.WorkspaceID, f AskedFilter) (int64, error) {
	since := time.Unix(int64(f.From-2)*24*60*60, 0) // no zone's day begins earlier
	return r.complained(ctx, ws, since, "o.survey_id = ? AND o.day >= ? AND o.day < ?", f.SurveyID, f.From, f.To)
}

func askedTotals() string {
	var totals []string
	for column := range strings.SplitSeq(askedColumns, ", ") {
		totals = append(totals, "CAST(sum("+column+") AS bigint) AS "+column)
	}
	return strings.Join(totals, ", ")
}

// FirstInvited returns the first day on which a survey's invitations were sent or
// planned, and false when nobody was invited.
func (r reads) FirstInvited(ctx context.Context, ws surveys.WorkspaceID, surveyID string) (day int, found bool, err error) {
	var days []int
	err = r.of(ctx, ws).Model(&invitationCountRow{}).Where("survey_id = ? AND key = '' AND invited > 0", surveyID).Order("day").Limit(1).Pluck("day", &days).Error
	if err != nil || len(days) == 0 {
		return 0, false, known("find the first invited day", err)
	}
	return days[0], true, nil
}

// EventsByID returns the events of the ids, keyed by id; unknown ids are left out.
func (r reads) EventsByID(ctx context.Context, ws surveys.WorkspaceID, ids []string) (map[string]surveys.Event, error) {
	list, err := all(r.of(ctx, ws).Where("id ?", r.among(ids)), "events", eventRow.domain)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]surveys.Event, len(list))
	for _, e := range list {
		byID[e.ID] = e
	}
	return byID, nil
}

// AnswerDelays lists how long the answers took to the latest invitations of a
// survey that were due before a time, from the sending, in no order. It looks at
// so many invitations at most, answered or not.
func (r reads) AnswerDelays(ctx context.Context, ws surveys.WorkspaceID, surveyID string, before time.Time, look int) ([]time.Duration, error) {
	var rows []invitationRow
	err := r.of(ctx, ws).Select("sent_at", "answered_at").Where("survey_id = ? AND send_at < ?", surveyID, utc(before)).
		Order("send_at DESC").Limit(look).Find(&rows).Error
	if err != nil {
		return nil, known("list how long answers took", err)
	}
	var delays []time.Duration
	for _, row := range rows {
		if row.SentAt != nil && row.AnsweredAt != nil {
			delays = append(delays, max(0, row.AnsweredAt.Sub(*row.SentAt)))
		}
	}
	return delays, nil
}
