package northwind

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// The customers' plans.
const (
	planRetail       = "retail"
	planSubscription = "subscription"
	planWholesale    = "wholesale"
	planGift         = "gift"
)

// The events that Northwind's shop and help desk send.
const (
	orderCompleted     = "order_completed"
	orderDelivered     = "order_delivered"
	ticketSolved       = "ticket_solved"
	signedUp           = "signed_up"
	subscriptionPaused = "subscription_paused"
)

// shopZone is where Northwind's days begin.
const shopZone = "Europe/London"

// openShop makes what the team set up before the year began.
func openShop(s *store.Store, now time.Time) (Story, error) {
	c, err := newCalendar(now)
	if err != nil {
		return Story{}, err
	}
	story := Story{Year: c.year, Linked: c.linked, Drop: c.drop, Gifts: c.gifts, Quiet: c.quiet, Empty: c.empty}
	opened := c.at(c.year.From-30, 9*time.Hour)
	if story.Workspace, err = workspace(s, opened); err != nil {
		return story, err
	}
	ws := story.Workspace.ID
	story.User, err = surveys.User{
		WorkspaceID: ws, ID: fixedID(opened, 2), Email: "demo@northwind.example", Name: "Robin Ashdown", Role: surveys.Owner, CreatedAt: opened,
	}.Check()
	if err != nil {
		return story, err
	}
	for i, made := range []struct {
		into   *surveys.Survey
		survey surveys.Survey
	}{{&story.NPS, relationship()}, {&story.CSAT, delivery()}, {&story.CES, effort()}} {
		survey := made.survey
		survey.WorkspaceID, survey.ID, survey.Status, survey.Question.Version = ws, fixedID(opened, byte(10+i)), surveys.SurveyActive, 1
		survey.CreatedAt, survey.UpdatedAt = opened.Add(time.Duration(i)*time.Minute), opened.Add(time.Duration(i)*time.Minute)
		if survey.Key, err = surveys.NewKey(s.Random(), 6); err != nil {
			return story, err
		}
		if *made.into, err = survey.Check(); err != nil {
			return story, fmt.Errorf("survey %q: %w", survey.Name, err)
		}
	}
	return story, story.makeRules(c.at(c.linked, -time.Hour))
}

func workspace(s *store.Store, opened time.Time) (surveys.Workspace, error) {
	picture, err := logo()
	if err != nil {
		return surveys.Workspace{}, err
	}
	w := surveys.Workspace{
		ID: surveys.WorkspaceID(fixedID(opened, 1)), Name: "Northwind Coffee", Color: "#6b3f1d", Logo: picture, LogoType: "image/png",
		TimeZone: shopZone, Locale: "en", Address: "1 Harbour Street, Bristol BS1 4RN", ReplyTo: "hello@northwind.example",
		Segments: []string{"plan", "country", "product"}, Caps: surveys.Caps{Reminders: surveys.UsualCaps().Reminders}, Secret: make([]byte, 32), CreatedAt: opened,
	}
	if w.Key, err = surveys.NewKey(s.Random(), 6); err != nil {
		return w, err
	}
	if _, err := io.ReadFull(s.Random(), w.Secret); err != nil {
		return w, fmt.Errorf("draw the workspace's secret: %w", err)
	}
	return w.Check()
}

func relationship() surveys.Survey {
	return surveys.Survey{Name: "Relationship NPS", Metric: surveys.NPS, Subject: "Northwind Coffee", Drivers: driversOf(shopAttributes()), Thanks: shopThanks(), Question: surveys.Question{FollowUps: shopAsks(), Texts: map[string]surveys.Text{
		"en": {
			FollowUp: "What is the main reason for your score?", FollowUpGood: "What do you like most?", FollowUpBad: "What should we put right first?",
			ThankYou: "Thank you. Every answer is read by a person at the roastery.",
		},
		"zh-Hans": {
			FollowUp: "您打这个分数，主要原因是什么？", FollowUpGood: "您最喜欢哪一点？", FollowUpBad: "我们最该先改进什么？",
			ThankYou: "谢谢您。每一条回复，烘焙坊的同事都会认真看。",
		},
	}}}
}

func delivery() surveys.Survey {
	return surveys.Survey{Name: "Delivery satisfaction", Metric: surveys.CSAT, Subject: "your delivery", Drivers: driversOf(parcelAttributes()), Question: surveys.Question{Style: surveys.StyleSmileys, FollowUps: parcelAsks(), Texts: map[string]surveys.Text{
		"en": {
			Ask: "How satisfied were you with your delivery?", FollowUp: "What went well, or what should we do better?",
			ThankYou: "Thank you. Enjoy your coffee.",
		},
		"zh-Hans": {
			Ask: "您对这次配送满意吗？", FollowUp: "哪些地方做得好，哪些地方还可以更好？",
			ThankYou: "谢谢您，祝您喝得愉快。",
		},
	}}}
}

func effort() surveys.Survey {
	return surveys.Survey{Name: "Support effort", Metric: surveys.CES, Question: surveys.Question{Texts: map[string]surveys.Text{
		"en": {
			Ask: "Northwind Coffee made it easy for me to handle my issue.", FollowUp: "What would have made it easier?",
			ThankYou: "Thank you. It helps us to help you sooner next time.",
		},
		"zh-Hans": {
			Ask: "北风咖啡让我轻松地解决了问题。", FollowUp: "怎样做会让您更省心？",
			ThankYou: "谢谢您，您的意见会让我们下次更快地帮到您。",
		},
	}}}
}

// makeRules makes the three rules, and one that is still an idea: it is paused. Subscribers get no question after each
// parcel: that is why the steady delivery satisfaction did not show their
// trouble with the new courier.
func (s *Story) makeRules(made time.Time) error {
	for i, r := range []struct {
		into *surveys.Rule
		rule surveys.Rule
	}{
		{&s.Order, surveys.Rule{Name: "Three days after an order", EventType: orderCompleted, Delay: 72 * time.Hour, SurveyID: s.NPS.ID, CapDays: 14,
			Condition: `person.traits.plan == "subscription" || event.properties.total >= 25`, Reminders: reminders(), Thanks: thanks()}},
		{&s.Delivery, surveys.Rule{Name: "After a delivery", EventType: orderDelivered, Delay: 2 * time.Hour, SurveyID: s.CSAT.ID, CapDays: 7,
			Condition: `person.traits.plan != "subscription"`}},
		{&s.Ticket, surveys.Rule{Name: "When support solved it", EventType: ticketSolved, Delay: time.Hour, SurveyID: s.CES.ID, CapDays: 7,
			Condition: `event.properties.via in ["email", "chat"]`, Withdraw: surveys.Withdrawal{Events: []string{"ticket_reopened"}}}},
		{&s.Yearly, surveys.Rule{Name: "Members, twice a year", Trigger: surveys.TriggerSeries, Every: 6, SurveyID: s.NPS.ID, Status: surveys.RulePaused,
			Condition: `person.traits.plan == "subscription" and history.nps.days_since_answered >= 60`, Window: surveys.WorkingHours(), HoldOut: 10,
			WhenCapped: surveys.CapDefer, Reminders: []surveys.Reminder{{After: 5 * 24 * time.Hour}}}},
	} {
		rule := r.rule
		rule.WorkspaceID, rule.ID, rule.Status = s.Workspace.ID, fixedID(made, byte(20+i)), cmp.Or(rule.Status, surveys.RuleActive)
		rule.CreatedAt, rule.UpdatedAt = made.Add(time.Duration(i)*time.Minute), made.Add(time.Duration(i)*time.Minute)
		rule, wrong := rule.Check()
		if err := surveys.Wrong(append(wrong, flow.CheckCondition(rule.Condition)...)...); err != nil {
			return fmt.Errorf("rule %q: %w", rule.Name, err)
		}
		*r.into = rule
	}
	return nil
}

// matches is what the rules' conditions say, without computing an expression
// for each of the year's events; a test compares the two.
func matches(e surveys.Event, plan string) bool {
	switch e.Type {
	case orderCompleted:
		total, _ := e.Properties["total"].(float64)
		return plan == planSubscription || total >= 25
	case orderDelivered:
		return plan != planSubscription
	default:
		return e.Properties["via"] == "email" || e.Properties["via"] == "chat"
	}
}

func storeShop(ctx context.Context, tx *store.Tx, story Story) error {
	if err := tx.CreateWorkspace(ctx, story.Workspace); err != nil {
		return err
	}
	if err := tx.CreateUser(ctx, story.User); err != nil {
		return err
	}
	for _, survey := range []surveys.Survey{story.NPS, story.CSAT, story.CES} {
		if err := tx.CreateSurvey(ctx, survey); err != nil {
			return err
		}
	}
	for _, rule := range []surveys.Rule{story.Order, story.Delivery, story.Ticket, story.Yearly} {
		if err := tx.CreateRule(ctx, rule); err != nil {
			return err
		}
	}
	if err := storeLetters(ctx, tx, story); err != nil {
		return err
	}
	if err := tx.SaveLoyaltyPlan(ctx, loyaltyPlan(story)); err != nil {
		return err
	}
	if err := tx.CreateBenchmark(ctx, benchmark(story)); err != nil {
		return err
	}
	for key, values := range segmentValues() {
		for _, value := range values {
			if _, err := tx.AdmitSegmentValue(ctx, story.Workspace.ID, key, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// benchmark is what others report of shops, to look at beside the shop's own score.
func benchmark(story Story) surveys.Benchmark {
	at := story.Workspace.CreatedAt
	return surveys.Benchmark{
		WorkspaceID: story.Workspace.ID, ID: fixedID(at, 30), Metric: surveys.NPS, Name: "Online shops and retail", Low: 40, High: 50, Year: 2026,
		Source: "https://formspring.io/blog/nps-benchmarks-by-industry-2026", Note: "Retently, Bain, XM Institute", Shown: true, CreatedAt: at, UpdatedAt: at,
	}
}

// segmentValues are all values that the year's people and events have.
func segmentValues() map[string][]string {
	return map[string][]string{
		"plan":    {planRetail, planSubscription, planWholesale, planGift},
		"country": countryCodes(),
		"product": append(products(), giftBox),
	}
}
