package northwind

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/harkhq/hark/surveys"
)

// person is a customer, and what the year knows about them beside their row.
type person struct {
	surveys.Person
	plan         string
	joined       int           // the day
	mood         float64       // their usual place between the unhappiest and the happiest
	lastAsked    time.Time     // by the other tool, before the rules were there
	letters      []*letter     // invitations and reminders by the rules
	answers      []surveys.Ask // without an invitation
	suppressed   surveys.Suppression
	suppressedAt time.Time
	wrongAddress bool // mail to them comes back
}

// customers are how many there are of each plan.
func customers() map[string]int {
	return map[string]int{planRetail: 3400, planSubscription: 2350, planWholesale: 190, planGift: 2600}
}

// plans lists the plans in the one order in which anything is drawn.
func plans() []string { return []string{planRetail, planSubscription, planWholesale, planGift} }

// products are what Northwind roasts; giftBox is what gift customers buy.
func products() []string {
	return []string{"house-blend", "espresso", "single-origin", "decaf", "cold-brew"}
}

const giftBox = "gift-box"

func countryCodes() []string { return []string{"gb", "ie", "cn", "de", "fr", "us"} }

// country draws where a customer lives.
func country(r *rand.Rand) string {
	n := r.IntN(100)
	for i, share := range []int{58, 12, 14, 8, 4, 4} {
		if n -= share; n < 0 {
			return countryCodes()[i]
		}
	}
	return "gb"
}

// zoneOf is a customer's time zone.
func zoneOf(country string) string {
	return map[string]string{"gb": shopZone, "ie": "Europe/Dublin", "cn": "Asia/Shanghai", "de": "Europe/Berlin", "fr": "Europe/Paris", "us": "America/New_York"}[country]
}

// register draws people with unique addresses.
type register struct {
	r     *rand.Rand
	c     calendar
	names namer
	taken map[string]int
	list  []*person
}

// people draws every customer of the year, those of each plan in the order in
// which they joined.
func (g *register) people() map[string]*pool {
	pools := make(map[string]*pool)
	for _, plan := range plans() {
		p := &pool{}
		for range customers()[plan] {
			p.list = append(p.list, g.person(plan, g.joined(plan)))
		}
		slices.SortStableFunc(p.list, func(a, b *person) int { return cmp.Compare(a.joined, b.joined) })
		pools[plan] = p
	}
	return pools
}

// joined draws a day: most were customers before the year began, but gifts are
// bought by new ones, and half of those came for the campaign.
func (g *register) joined(plan string) int {
	before := 70
	if plan == planGift {
		before = 10
	}
	switch {
	case g.r.IntN(100) < before:
		return g.c.year.From - 1 - g.r.IntN(800)
	case plan == planGift && g.r.IntN(100) < 48:
		return g.c.gifts.From + g.r.IntN(g.c.gifts.To-g.c.gifts.From)
	}
	return g.c.year.From + g.r.IntN(365)
}

func (g *register) person(plan string, joined int) *person {
	where := country(g.r)
	n := g.names.draw(g.r, where)
	p := &person{plan: plan, joined: joined, mood: g.r.Float64(), wrongAddress: g.r.IntN(1000) < 7}
	at := g.c.at(joined, time.Duration(7*3600+g.r.IntN(16*3600))*time.Second)
	p.Person = surveys.Person{
		ID: drawID(g.r, at), Email: g.address(n), Name: n.full, Locale: g.locale(n), TimeZone: zoneOf(where),
		Traits:    map[string]any{"plan": plan, "country": where, "customer_since": strconv.Itoa(surveys.DayStart(joined).Year())},
		CreatedAt: at, UpdatedAt: at,
	}
	g.list = append(g.list, p)
	p.ExternalID = fmt.Sprintf("cus_%05d", 10000+len(g.list))
	return p
}

// locale is Chinese for nearly all who write their name so.
func (g *register) locale(n name) string {
	if n.chinese && g.r.IntN(100) < 88 {
		return "zh-Hans"
	}
	return "en"
}

func (g *register) address(n name) string {
	forms := []string{n.given + "." + n.family, n.given + n.family, n.given[:1] + "." + n.family, n.family + "." + n.given}
	hosts := []string{"mail.example", "post.example", "inbox.example", "letters.example", "webmail.example"}
	local, host := forms[g.r.IntN(len(forms))], hosts[g.r.IntN(len(hosts))]
	address := local + "@" + host
	g.taken[address]++
	if n := g.taken[address]; n > 1 {
		address = local + strconv.Itoa(n) + "@" + host
	}
	return address
}

// pool is the customers of a plan, from whom orders are drawn.
type pool struct {
	list   []*person
	active int // the first so many have joined
	next   int
}

// join lets in who joins up to a day, and returns those who join on it.
func (p *pool) join(day int) []*person {
	from := p.active
	for p.active < len(p.list) && p.list[p.active].joined <= day {
		p.active++
	}
	joined := p.list[from:p.active]
	return slices.DeleteFunc(slices.Clone(joined), func(one *person) bool { return one.joined != day })
}

// leave takes somebody out who is in.
func (p *pool) leave(one *person) {
	if at := slices.Index(p.list[:p.active], one); at >= 0 {
		p.list = slices.Delete(p.list, at, at+1)
		p.active--
	}
}

// regular takes turns, a little shuffled: how subscribers and cafés order.
func (p *pool) regular(r *rand.Rand) *person {
	p.next = (p.next + 1) % p.active
	return p.list[(p.next+r.IntN(1+p.active/8))%p.active]
}

// loyal prefers some customers to others: how a shop's customers come.
func (p *pool) loyal(r *rand.Rand) *person {
	u := r.Float64()
	return p.list[int(math.Pow(u, 1.4)*float64(p.active))]
}

// latest is one of those who joined last: who buys a gift.
func (p *pool) latest(r *rand.Rand) *person {
	return p.list[max(0, p.active-1-r.IntN(250))]
}

// anybody is anyone who is in.
func (p *pool) anybody(r *rand.Rand) *person { return p.list[r.IntN(p.active)] }

func (p *pool) draw(r *rand.Rand, plan string) *person {
	switch plan {
	case planSubscription, planWholesale:
		return p.regular(r)
	case planGift:
		return p.latest(r)
	}
	return p.loyal(r)
}
