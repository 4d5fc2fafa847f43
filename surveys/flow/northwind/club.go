package northwind

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/harkhq/hark/surveys"
)

// What happens to customers beyond their orders: subscriptions are paid for by
// the quarter, and the club gives retail customers a free bag now and then.
const (
	subscriptionStarted   = "subscription_started"
	subscriptionRenewed   = "subscription_renewed"
	subscriptionCancelled = "subscription_cancelled"
	friendInvited         = "friend_invited"
	clubJoined            = "club_joined"
	rewardIssued          = "reward_issued"
	rewardRedeemed        = "reward_redeemed"
)

// loyaltyPlan reads the subscriptions: who subscribes is a customer.
func loyaltyPlan(story Story) surveys.LoyaltyPlan {
	plan := surveys.DefaultLoyaltyPlan(story.Workspace.ID)
	plan.Basis, plan.Currency, plan.SurveyID, plan.UpdatedAt = surveys.LoyaltyByContract, "GBP", story.NPS.ID, story.Workspace.CreatedAt
	plan.CompleteSince = &story.Year.From
	return plan
}

// quarter is how long a paid subscription lasts, in days.
const quarter = 91

// club draws who stays, who leaves and who joins. It has its own chance, so that
// it changes nothing else that is drawn.
type club struct {
	r       *rand.Rand
	fees    map[string]float64 // what each subscriber pays for a quarter, in pounds
	moods   map[string]mood    // what each customer said last when asked to recommend
	members map[string]bool
}

// mood is a score and the day on which it was given.
type mood struct{ score, day int }

func newClub(r *rand.Rand) *club {
	return &club{r: r, fees: make(map[string]float64), moods: make(map[string]mood), members: make(map[string]bool)}
}

// heard remembers an answer.
func (c *club) heard(r surveys.Response) {
	if r.PersonID != "" {
		c.moods[r.PersonID] = mood{r.Score, r.Day}
	}
}

// leaves draws whether a subscriber whose quarter ends goes: rarely those who
// would recommend the shop, more often those who would not.
func (c *club) leaves(p *person, day int) bool {
	chance := 0.05
	if said, ok := c.moods[p.ID]; ok && said.day < day && day-said.day <= 2*quarter {
		switch {
		case said.score <= 6:
			chance = 0.36
		case said.score <= 8:
			chance = 0.09
		default:
			chance = 0.02
		}
	}
	if c.members[p.ID] {
		chance *= 0.6
	}
	return c.r.Float64() < chance
}

// fee is what the next quarter costs: a few take more bags, a few fewer.
func (c *club) fee(p *person) float64 {
	now := c.fees[p.ID]
	switch n := c.r.IntN(100); {
	case now == 0:
		now = []float64{36, 36, 36, 48, 72}[c.r.IntN(5)]
	case n < 7:
		now += 12
	case n < 12:
		now = math.Max(24, now-12)
	}
	c.fees[p.ID] = now
	return now
}

// subscriptions lets quarters begin and end on a day.
func (y *year) subscriptions(day int) {
	pool := y.pools[planSubscription]
	for _, p := range slices.Clone(pool.list[:pool.active]) {
		age := day - p.joined
		switch {
		case age == 0 || day == y.c.year.From && age > 0:
			y.startSubscription(p, day)
		case age%quarter != 0 || slices.Contains(y.c.empty, day):
		case y.club.leaves(p, day):
			pool.leave(p)
			at, reason := y.c.at(day, y.clubHour()), y.reason(p)
			y.expect(happening{at: at, kind: subscriptionCancelled, who: p, properties: map[string]any{"reason": reason, "amount": y.club.fees[p.ID], "currency": "GBP"}})
			if surveys.Lot("persuaded once", p.ID) < stayedShare {
				before := stayedDays + int(surveys.Lot("for how long", p.ID)*(quarter-stayedDays))
				y.leavers = append(y.leavers, leaver{who: p, at: at.AddDate(0, 0, -before), reason: reason, amount: y.club.fees[p.ID]})
			}
			y.leavers = append(y.leavers, leaver{who: p, at: at, left: true, reason: reason, amount: y.club.fees[p.ID]})
		default:
			at := y.c.at(day, y.clubHour())
			y.expect(happening{at: at, kind: subscriptionRenewed, who: p, properties: map[string]any{"amount": y.club.fee(p)}})
			if y.doubts.Float64() < considerShare {
				y.expect(happening{at: at.Add(time.Minute), kind: surveys.EventKept, who: p, properties: map[string]any{"amount": y.club.fees[p.ID], "currency": "GBP"}})
				y.leavers = append(y.leavers, leaver{who: p, at: at, amount: y.club.fees[p.ID], reason: []string{"too_expensive", "too_expensive", "unused", "unused", "switched", "quality"}[y.doubts.IntN(6)]})
			}
		}
	}
}

// startSubscription is told on the day itself or, of those who were there before
// the year, with the year's first day: their history was brought along.
func (y *year) startSubscription(p *person, day int) {
	d := y.day(day)
	d.happenings = append(d.happenings, happening{at: p.CreatedAt.Add(20 * time.Minute), kind: subscriptionStarted, who: p, properties: map[string]any{"amount": y.club.fee(p)}})
}

// reason is why somebody leaves. The unhappy name the delivery since it is by
// the other courier.
func (y *year) reason(p *person) string {
	if said, ok := y.club.moods[p.ID]; ok && said.score <= 6 && said.day >= y.story.Drop && y.club.r.IntN(10) < 6 {
		return "delivery"
	}
	return []string{"too_expensive", "too_expensive", "unused", "switched", "quality", "other"}[y.club.r.IntN(6)]
}

// rewards lets subscribers and retail customers join the club, bring friends,
// and get and use their free bags.
func (y *year) rewards(day int) {
	bustle := y.c.bustle(day, orderWeek())
	r := y.club.r
	pools := []*pool{y.pools[planRetail], y.pools[planSubscription]}
	if bustle == 0 || pools[0].active == 0 || pools[1].active == 0 {
		return
	}
	for range int(12*bustle + r.Float64()) {
		from := pools[r.IntN(2)]
		p := from.list[r.IntN(from.active)]
		at := y.c.at(day, y.clubHour())
		if !y.club.members[p.ID] {
			y.club.members[p.ID] = true
			y.expect(happening{at: at, kind: clubJoined, who: p})
			continue
		}
		bag := "bag-" + strconv.Itoa(day) + "-" + p.ExternalID
		y.expect(happening{at: at, kind: rewardIssued, who: p, properties: map[string]any{"reward": bag}})
		if r.IntN(100) < 57 {
			y.expect(happening{at: at.Add(time.Duration(24+r.IntN(24*50)) * time.Hour), kind: rewardRedeemed, who: p, properties: map[string]any{"reward": bag}})
		}
	}
	for range int(1.4*bustle + r.Float64()) {
		p := pools[0].list[r.IntN(pools[0].active)]
		if said, ok := y.club.moods[p.ID]; ok && said.score >= 9 || r.IntN(4) == 0 {
			y.expect(happening{at: y.c.at(day, y.clubHour()), kind: friendInvited, who: p})
		}
	}
}

// clubHour is a time of day at which the office's computer writes invoices, and
// people look after such things.
func (y *year) clubHour() time.Duration {
	return 8*time.Hour + time.Duration(y.club.r.IntN(12*3600))*time.Second
}
