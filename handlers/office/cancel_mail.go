package office

import (
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// mailedReason is the follow-up that asks by mail what the flow would have asked.
const mailedReason = "reason"

// askByMail makes a survey and a rule that ask, an hour later, whoever cancelled without
// giving a reason, and was not kept since. Whose payment failed did not mean to go. The rule rests until somebody has looked at it.
func (d *desk) askByMail(v visit) error {
	f, err := v.cancelFlow()
	if err != nil {
		return err
	}
	survey, err := v.site.Asking.CreateSurvey(v.ctx(), v.w.ID, v.mailedSurvey(f))
	if err != nil {
		return err
	}
	rule, err := v.site.Asking.SaveRule(v.ctx(), v.w.ID, surveys.Rule{
		Name: v.l.T("leaving.mail_rule"), Trigger: surveys.TriggerEvent, EventType: surveys.EventCancelled, Condition: `cancellation.reason == "" and cancellation.lost == "wish"`,
		Withdraw: surveys.Withdrawal{Events: []string{surveys.EventKept}}, Delay: time.Hour, Window: surveys.AnyTime(), SurveyID: survey.ID, Status: surveys.RulePaused,
	})
	if err != nil {
		return err
	}
	return v.done("flow_rule", rulePath(rule))
}

// mailedSurvey asks how satisfied somebody was and why they left, in every language that
// has words for the flow's reasons.
func (v visit) mailedSurvey(f surveys.CancelFlow) surveys.Survey {
	why := surveys.FollowUp{ID: mailedReason, Kind: surveys.FollowUpOne, Texts: map[string]surveys.FollowUpText{}}
	for _, r := range f.Reasons {
		if !r.Gone {
			why.Choices = append(why.Choices, surveys.Choice{ID: r.ID, Texts: map[string]string{}})
		}
	}
	slices.SortStableFunc(why.Choices, func(a, b surveys.Choice) int { // "other" last
		switch {
		case a.ID == b.ID:
			return 0
		case a.ID == surveys.OtherReason:
			return 1
		case b.ID == surveys.OtherReason:
			return -1
		}
		return 0
	})
	for _, language := range i18n.RespondentLanguages() {
		l := v.site.Catalogue.Letter(language.Tag)
		texts := l.CancelTexts(f, v.w.Workspace)
		why.Texts[language.Tag] = surveys.FollowUpText{Ask: l.T("cancel.ask")}
		for i, c := range why.Choices {
			label, _ := texts.Label(c.ID)
			why.Choices[i].Texts[language.Tag] = label
		}
	}
	return surveys.Survey{
		Name: v.l.T("leaving.mail_survey"), Metric: surveys.CSAT, Kind: surveys.Transactional, Locale: f.Locale,
		Question: surveys.Question{FollowUps: []surveys.FollowUp{why, {ID: surveys.MainComment, Kind: surveys.FollowUpComment, Texts: map[string]surveys.FollowUpText{}}}},
	}
}
