package northwind

import (
	"context"
	"io"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// How subscribers go through the cancellation flow.
const (
	flowShare      = 0.8   // of those who leave go through it; the others write a mail
	considerShare  = 0.035 // of those whose quarter is renewed had thought of leaving
	stayedShare    = 0.12  // of those who leave had been persuaded once, some weeks before
	heldOfStaying  = 0.12  // of those for whom an offer fits got none by lot, who stayed
	heldOfLeaving  = 0.3   // … and who left: the offers do keep some
	saysWhyLeaving = 0.45  // write something
)

// stayedDays is for how long at least whoever was persuaded stays.
const stayedDays = 12

const (
	offerHalf  = "half_price"
	offerPause = "pause"
)

// leaver is somebody who left or thought of it.
type leaver struct {
	who    *person
	at     time.Time // of the event that ended the subscription, or renewed it
	left   bool
	reason string
	amount float64
}

// cancelFlow is what subscribers are asked who press "cancel".
func cancelFlow(story Story) surveys.CancelFlow {
	f := surveys.CancelFlow{
		WorkspaceID: story.Workspace.ID, ID: fixedID(story.Workspace.CreatedAt, 90), Name: "Subscription", Status: surveys.SurveyActive, HoldOut: 20,
		Origins: []string{"https://northwind.example"}, CreatedAt: story.Workspace.CreatedAt, UpdatedAt: story.Workspace.CreatedAt,
		Offers: []surveys.CancelOffer{
			{ID: offerHalf, Name: "Half price", Reasons: []string{"too_expensive"}, Texts: map[string]surveys.CancelOfferText{
				"en": {Title: "Your next quarter at half the price", Text: "The same coffee, for three months. You can still cancel at any time."}, "zh-Hans": {Title: "下个季度半价", Text: "同样的咖啡，优惠三个月。您仍可随时取消。"},
			}},
			{ID: offerPause, Name: "Pause", Reasons: []string{"unused"}, Texts: map[string]surveys.CancelOfferText{
				"en": {Title: "Take a break of two months", Text: "Nothing is sent and nothing is charged until then.", Accept: "Pause my subscription"}, "zh-Hans": {Title: "暂停两个月", Text: "期间不发货，也不收费。", Accept: "暂停订阅"},
			}},
		},
	}
	for _, id := range surveys.DefaultReasons() {
		f.Reasons = append(f.Reasons, surveys.CancelReason{ID: id})
	}
	f.Reasons = append([]surveys.CancelReason{{ID: "delivery", Texts: map[string]surveys.CancelReasonText{"en": {Label: "The delivery", Ask: "What went wrong with it?"}, "zh-Hans": {Label: "配送", Ask: "配送出了什么问题？"}}}}, f.Reasons...)
	return f
}

// flowReason is the flow's word for a reason as the shop's own books have it.
func flowReason(reason string) string {
	switch reason {
	case "switched":
		return "switched_service"
	case "quality":
		return "low_quality"
	}
	return reason
}

// storeLeaving stores the flow and those who went through it.
func storeLeaving(ctx context.Context, tx *store.Tx, random io.Reader, story Story, now time.Time, list []leaver) error {
	f := cancelFlow(story)
	var err error
	if f.Key, err = surveys.NewKey(random, 6); err != nil {
		return err
	}
	if err := tx.CreateCancelFlow(ctx, f); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(uint64(story.Year.To), 0x6c656176))
	for i, l := range list {
		if l.at.After(now) {
			continue
		}
		c := cancellation(r, f, l)
		if c.FlowID == "" {
			if err := tx.AddCancellation(ctx, c); err != nil {
				return err
			}
			continue
		}
		if _, err := tx.BeginCancellation(ctx, c, "northwind-visit-"+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	return nil
}

// cancellation is somebody's way through the flow, or their leaving without it.
func cancellation(r *rand.Rand, f surveys.CancelFlow, l leaver) surveys.Cancellation {
	c := surveys.Cancellation{
		WorkspaceID: f.WorkspaceID, ID: drawID(r, l.at), FlowID: f.ID, PersonID: l.who.ID, Locale: l.who.Locale, Reason: flowReason(l.reason),
		StartedAt: l.at.Add(-time.Duration(5+r.IntN(50)) * time.Minute), UpdatedAt: l.at, Segments: map[string]string{"plan": planSubscription, "country": text(l.who.Traits["country"])},
	}
	chosen := c.StartedAt.Add(time.Duration(30+r.IntN(90)) * time.Second)
	c.ChosenAt, c.Choice, c.Amount, c.Currency = &chosen, surveys.CancelKept, &l.amount, "GBP"
	if l.left {
		at := l.at
		c.Choice, c.Lost, c.LostAt = surveys.CancelLeft, surveys.LostByWish, &at
		if r.Float64() >= flowShare {
			c.FlowID, c.Reason, c.Choice, c.ChosenAt, c.StartedAt = "", "", "", nil, at
			return c
		}
	}
	if r.Float64() < saysWhyLeaving {
		c.Comment = whyLeaving(r, c.Reason, c.Locale)
	}
	return withOffer(r, f, c, l.left)
}

// withOffer is the cancellation with the offer that fits, which somebody accepts who
// stays, and not always.
func withOffer(r *rand.Rand, f surveys.CancelFlow, c surveys.Cancellation, left bool) surveys.Cancellation {
	for _, o := range f.Offers {
		if o.Reasons[0] != c.Reason {
			continue
		}
		c.OfferID, c.Offer = o.ID, surveys.OfferDeclined
		switch {
		case left && r.Float64() < heldOfLeaving, !left && r.Float64() < heldOfStaying:
			c.Offer = surveys.OfferHeld
		case !left && r.Float64() < 0.8:
			c.Offer = surveys.OfferAccepted
		}
	}
	return c
}

func text(value any) string {
	s, _ := value.(string)
	return s
}

// whyLeaving is what somebody writes about a reason; "" where nothing is written to it.
func whyLeaving(r *rand.Rand, reason, locale string) string {
	said := map[string][]string{
		"too_expensive":    {"Six pounds less and I would stay.", "The supermarket's own is half the price.", "Everything gets dearer, this has to go.", "I only drink it at weekends now, so it does not pay."},
		"unused":           {"The bags pile up in the cupboard.", "We drink more tea these days.", "I travel too much to get through a bag a fortnight."},
		"switched_service": {"A roaster around the corner opened.", "My office pays for coffee now.", "Another subscription lets me skip a month."},
		"low_quality":      {"The last two bags tasted stale.", "The new blend is too bitter for me."},
		"delivery":         {"Three parcels in a row came late.", "The courier leaves it in the rain.", "I never know on which day it comes."},
		"other":            {"We move abroad.", "Doctor's orders.", "It was a present that ran out."},
	}
	if locale == "zh-Hans" {
		said = map[string][]string{
			"too_expensive": {"再便宜一点我就留下。", "超市的只要一半价钱。"}, "unused": {"喝不完，柜子里堆满了。", "最近喝茶更多。"}, "switched_service": {"楼下新开了一家烘焙店。"},
			"low_quality": {"最近两包味道不新鲜。"}, "delivery": {"连续三次都送晚了。", "快递把包裹放在雨里。"}, "other": {"要搬去国外了。"},
		}
	}
	list := said[reason]
	if len(list) == 0 {
		return ""
	}
	return list[r.IntN(len(list))]
}
