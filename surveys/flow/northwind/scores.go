package northwind

import (
	"math"
	"math/rand/v2"
)

// courier is who brings the subscribers' parcels.
type courier string

// The couriers. The change from one to the other is the real fall in the
// year's story.
const (
	usualCourier courier = "usual"
	newCourier   courier = "new"
)

// courierOn is who brings the parcels on a day.
func (c calendar) courierOn(day int) courier {
	if day >= c.drop {
		return newCourier
	}
	return usualCourier
}

// npsLevel is the NPS that customers of a plan give, in points. Only
// subscribers, whose parcels the courier brings, ever change their mind.
func npsLevel(plan string, by courier) float64 {
	switch {
	case plan == planSubscription && by == newCourier:
		return 38
	case plan == planSubscription:
		return 57
	case plan == planWholesale:
		return 42
	case plan == planGift:
		return 4
	}
	return 48
}

// npsPassive is the share of passives, whatever the level.
const npsPassive = 0.26

// npsScore turns a place between 0 (the unhappiest) and 1 into a score, so
// that many of them give the level.
func npsScore(level, place float64) int {
	detractors := (1 - npsPassive - level/100) / 2
	switch {
	case place < detractors:
		return pick([]share{{0, .09}, {1, .05}, {2, .08}, {3, .11}, {4, .13}, {5, .22}, {6, .32}}, place/detractors)
	case place < detractors+npsPassive:
		return pick([]share{{7, .42}, {8, .58}}, (place-detractors)/npsPassive)
	}
	return pick([]share{{9, .43}, {10, .57}}, (place-detractors-npsPassive)/(1-detractors-npsPassive))
}

// csatScore is steady the whole year.
func csatScore(place float64) int {
	return pick([]share{{1, .03}, {2, .045}, {3, .08}, {4, .315}, {5, .53}}, place)
}

// cesScore gets better with progress through the year, 0…1: from 66 % easy to
// 79 %.
func cesScore(progress, place float64) int {
	easy := 0.66 + 0.13*progress
	hard := (1 - easy) * 0.6
	switch {
	case place < hard:
		return pick([]share{{1, .25}, {2, .32}, {3, .43}}, place/hard)
	case place < 1-easy:
		return 4
	}
	return pick([]share{{5, .28}, {6, .40}, {7, .32}}, (place-1+easy)/easy)
}

// share is a score and how often it is given.
type share struct {
	score int
	of    float64
}

// pick finds the score at a place between 0 and 1.
func pick(shares []share, place float64) int {
	for _, s := range shares {
		if place -= s.of; place < 0 {
			return s.score
		}
	}
	return shares[len(shares)-1].score
}

// golden is the golden ratio's part after the point: its multiples, without
// what is before their points, fill the space between 0 and 1 most evenly.
const golden = 0.6180339887498949

// places draws where people stand, evenly for each survey and plan: the year
// tells its stories with less noise than so few answers would have.
type places map[string]int

// draw is where somebody stands this time: at times at their usual place, so
// that people agree with themselves, at times anywhere, and else where nobody
// stood lately. None of them moves a level.
func (p places) draw(r *rand.Rand, of string, mood float64) float64 {
	switch n := r.IntN(10); {
	case n < 2:
		return mood
	case n < 4:
		return r.Float64()
	}
	p[of]++
	_, place := math.Modf(float64(p[of]) * golden)
	return place
}
