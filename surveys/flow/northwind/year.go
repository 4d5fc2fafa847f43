package northwind

import (
	"cmp"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// year lives through the shop's days, one after the other.
type year struct {
	story   Story
	c       calendar
	now     time.Time
	r       *rand.Rand
	words   grammar
	places  places
	people  *register
	pools   map[string]*pool
	club    *club
	doubts  *rand.Rand // of those who think of leaving and stay
	leavers []leaver
	ratings ratings
	beside  beside
	post    *post
	days    map[int]*today
	batch   store.Batch // of the day that is being lived
	orders  int
	tickets int
	counts  Counts
}

// today is what is known of a day before it comes.
type today struct {
	happenings []happening
	responses  []surveys.Response
}

// happening is an event that will happen to somebody.
type happening struct {
	at         time.Time
	kind       string
	who        *person
	external   string
	properties map[string]any
}

func newYear(story Story, now time.Time, r *rand.Rand) *year {
	c := calendar{zone: story.Workspace.Location(), now: now, year: story.Year, linked: story.Linked, drop: story.Drop, gifts: story.Gifts, quiet: story.Quiet, empty: story.Empty}
	y := &year{story: story, c: c, now: now, r: r, words: newGrammar(), places: make(places), club: newClub(rand.New(rand.NewPCG(uint64(story.Year.To), 0x636c7562))), doubts: rand.New(rand.NewPCG(uint64(story.Year.To), 0x646f7562)), ratings: newRatings(story), beside: newBeside(story), post: newPost(story), days: make(map[int]*today), orders: 41000, tickets: 7000}
	y.people = &register{r: r, c: c, names: newNamer(), taken: make(map[string]int)}
	return y
}

// batches lives through the year and gives what happened, day by day. People
// and letters come last: by then it is known when each was last heard of, and what
// became of each.
func (y *year) batches() iter.Seq[store.Batch] {
	return func(yield func(store.Batch) bool) {
		y.pools = y.people.people()
		y.dueSoon()
		for _, plan := range plans() {
			y.pools[plan].join(y.c.year.From - 1)
		}
		for day := y.c.year.From; day < y.c.year.To; day++ {
			y.live(day)
			if !yield(y.batch) {
				return
			}
		}
		yield(y.everybody())
	}
}

// everybody is the batch of the people, in the order in which they joined, of
// the letters to them, and of the addresses that get no more mail.
func (y *year) everybody() store.Batch {
	var b store.Batch
	slices.SortFunc(y.people.list, func(a, b *person) int { return cmp.Compare(a.ID, b.ID) })
	for _, p := range y.people.list {
		if p.CreatedAt.After(y.now) {
			continue
		}
		p.WorkspaceID = y.story.Workspace.ID
		b.People = append(b.People, p.Person)
		if p.suppressed != "" {
			b.Suppressions = append(b.Suppressions, store.Suppressed{Email: p.Email, Reason: p.suppressed, Source: sourceOf(p.suppressed), At: p.suppressedAt})
		}
	}
	b.Invitations = y.letters()
	y.counts.People += len(b.People)
	y.counts.Invitations += len(b.Invitations)
	return b
}

func (y *year) day(day int) *today {
	d := y.days[day]
	if d == nil {
		d = &today{}
		y.days[day] = d
	}
	return d
}

// live draws what happens on a day, and lets the rules and the customers
// follow.
func (y *year) live(day int) {
	y.batch = store.Batch{}
	y.joins(day)
	y.subscriptions(day)
	y.shop(day)
	y.helpDesk(day)
	y.rewards(day)
	y.unasked(day)
	d := y.day(day)
	slices.SortStableFunc(d.happenings, func(a, b happening) int { return a.at.Compare(b.at) })
	for _, h := range d.happenings {
		if h.at.Before(y.now.Add(-10 * time.Second)) {
			y.mail(h.at)
			y.happen(h)
		}
	}
	y.mail(y.c.at(day+1, 0))
	slices.SortFunc(d.responses, func(a, b surveys.Response) int { return cmp.Compare(a.ID, b.ID) })
	y.ratings.rate(d.responses)
	y.beside.say(d.responses)
	y.batch.Responses = d.responses
	delete(y.days, day)
	y.counts.Events += len(y.batch.Events)
	y.counts.Decisions += len(y.batch.Decisions)
	y.counts.Responses += len(y.batch.Responses)
	for _, r := range y.batch.Responses {
		if r.Comment != "" {
			y.counts.Comments++
		}
	}
}

func (y *year) expect(h happening) {
	h.at = y.known(h.who, h.at)
	d := y.day(surveys.Day(h.at, y.c.zone))
	d.happenings = append(d.happenings, h)
}

// known is when something can happen to somebody at the earliest: not before
// they joined, and not while the site was down.
func (y *year) known(p *person, at time.Time) time.Time {
	if at.Before(p.CreatedAt) {
		at = p.CreatedAt.Add(10 * time.Minute)
	}
	return y.c.up(at)
}

// joins signs up the customers whose day it is.
func (y *year) joins(day int) {
	for _, plan := range plans() {
		for _, p := range y.pools[plan].join(day) {
			y.expect(happening{at: p.CreatedAt, kind: signedUp, who: p, properties: map[string]any{"plan": plan}})
		}
	}
}

// ordersADay is how many orders each plan brings on an average day.
func ordersADay(plan string) float64 {
	return map[string]float64{planRetail: 49, planSubscription: 84, planWholesale: 15, planGift: 15}[plan]
}

// giftRush is how many times more gift customers come during the campaign.
const giftRush = 7

// rush is how many times more of a plan come on a day.
func (y *year) rush(plan string, day int) float64 {
	if plan == planGift && y.story.Gifts.Has(day) {
		return giftRush
	}
	return 1
}

func (y *year) shop(day int) {
	bustle := y.c.bustle(day, orderWeek())
	for _, plan := range plans() {
		for range y.about(ordersADay(plan) * bustle * y.rush(plan, day)) {
			y.order(y.pools[plan].draw(y.r, plan), y.c.at(day, y.hour()))
		}
	}
}

// order lets somebody order, and for those whose parcel is tracked, and comes
// some days later, the delivery.
func (y *year) order(p *person, at time.Time) {
	at = y.known(p, at)
	y.orders++
	number := strconv.Itoa(y.orders)
	properties := map[string]any{"product": y.product(p.plan), "total": y.total(p.plan)}
	y.expect(happening{at: at, kind: orderCompleted, who: p, external: "order-" + number, properties: properties})
	if p.plan == planSubscription && y.r.IntN(100) >= 6 {
		return // subscribers' parcels fit the letterbox, and are rarely tracked
	}
	arrives := y.c.at(surveys.Day(at, y.c.zone)+1+y.r.IntN(3), 8*time.Hour+time.Duration(y.r.IntN(11*3600))*time.Second)
	y.expect(happening{at: arrives, kind: orderDelivered, who: p, external: "delivery-" + number, properties: map[string]any{"product": properties["product"]}})
}

func (y *year) product(plan string) string {
	if plan == planGift && y.r.IntN(10) > 0 {
		return giftBox
	}
	return products()[[]int{0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4}[y.r.IntN(11)]]
}

// total is what an order costs, in pounds.
func (y *year) total(plan string) float64 {
	from := map[string]int{planRetail: 9, planSubscription: 14, planWholesale: 80, planGift: 22}[plan]
	spread := map[string]float64{planRetail: 16, planSubscription: 7, planWholesale: 110, planGift: 14}[plan]
	return float64(from) + math.Floor(y.r.ExpFloat64()*spread*2)/2
}

func (y *year) helpDesk(day int) {
	for range y.about(33 * y.c.bustle(day, ticketWeek())) {
		plan := plans()[[]int{0, 0, 0, 1, 1, 1, 1, 1, 2, 3}[y.r.IntN(10)]]
		y.tickets++
		via := []string{"email", "email", "email", "chat", "chat", "phone"}[y.r.IntN(6)]
		y.expect(happening{at: y.c.at(day, 8*time.Hour+time.Duration(y.r.IntN(10*3600))*time.Second), kind: ticketSolved, who: y.pools[plan].loyal(y.r),
			external: "ticket-" + strconv.Itoa(y.tickets), properties: map[string]any{"via": via}})
	}
	pauses := 4.0
	if day >= y.story.Drop {
		pauses = 7
	}
	for range y.about(pauses * y.c.bustle(day, orderWeek())) {
		y.expect(happening{at: y.c.at(day, y.hour()), kind: subscriptionPaused, who: y.pools[planSubscription].loyal(y.r), properties: map[string]any{"weeks": 2 + y.r.IntN(7)}})
	}
}

// about draws a whole number around a mean, as counts of independent things
// scatter (by the normal approximation of Poisson's law for large means).
func (y *year) about(mean float64) int {
	if mean > 30 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*y.r.NormFloat64())))
	}
	n, product, limit := 0, y.r.Float64(), math.Exp(-mean)
	for product > limit {
		n++
		product *= y.r.Float64()
	}
	return n
}

// hour draws a time of day: people order with their morning coffee and in the
// evening.
func (y *year) hour() time.Duration {
	hours := [24]int{1, 0, 0, 0, 0, 1, 3, 7, 11, 10, 7, 6, 7, 6, 5, 5, 5, 6, 7, 8, 9, 8, 5, 3}
	n := y.r.IntN(120)
	hour := 0
	for ; n >= hours[hour]; hour++ {
		n -= hours[hour]
	}
	return time.Duration(hour*3600+y.r.IntN(3600))*time.Second + time.Duration(y.r.IntN(1000))*time.Millisecond
}

// happen stores an event, lets its rule decide, and claims the event's own id,
// so that a shop that sends it again changes nothing.
func (y *year) happen(h happening) {
	received := h.at.Add(time.Duration(400+y.r.IntN(4000)) * time.Millisecond)
	e := surveys.Event{
		WorkspaceID: y.story.Workspace.ID, ID: drawID(y.r, received), ExternalID: h.external, Type: h.kind, PersonID: h.who.ID,
		OccurredAt: h.at, ReceivedAt: received, Properties: h.properties,
	}
	y.batch.Events = append(y.batch.Events, e)
	h.who.UpdatedAt = received
	if e.ExternalID != "" && y.now.Sub(received) < flow.EventMemory {
		y.batch.Claims = append(y.batch.Claims, store.Claimed{ResultID: e.ID, Once: flow.EventOnce(e)})
	}
	if y.linked(e) {
		y.decide(e, h.who)
	} else {
		y.askElsewhere(e, h.who)
	}
}

// sourceOf is who said that somebody gets no mail: the mail server, or they
// themselves by the link in a letter.
func sourceOf(reason surveys.Suppression) surveys.SuppressionSource {
	if reason == surveys.SuppressedBounced {
		return surveys.SourceSMTP
	}
	return surveys.SourceLink
}
