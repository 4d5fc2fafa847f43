package northwind

import (
	"math"
	"math/rand/v2"

	"github.com/harkhq/hark/surveys"
)

// attribute is a driver of a survey, with how customers see it: the mean of its
// ratings, how much of their mood is in them, and how much they scatter besides.
type attribute struct {
	driver  surveys.Driver
	mean    float64
	mood    float64 // steps, by one standard deviation of the score
	scatter float64 // steps
	slower  float64 // steps down for subscribers, since the other courier comes
}

func attributeOf(key, en, zh string, a attribute) attribute {
	a.driver = surveys.Driver{Key: key, Names: map[string]string{"en": en, "zh-Hans": zh}, Scale: surveys.RatingFive}
	return a
}

// shopAttributes are what the NPS survey has rated. The delivery moves the score
// most and is not what it should be; the taste moves it and is loved; the price
// pleases few, but matters little; the website does its work.
func shopAttributes() []attribute {
	return []attribute{
		attributeOf("delivery", "Delivery time", "配送时间", attribute{mean: 3.7, mood: 0.60, scatter: 0.90, slower: 0.4}),
		attributeOf("taste", "Taste", "口味", attribute{mean: 4.5, mood: 0.44, scatter: 0.70}),
		attributeOf("price", "Price", "价格", attribute{mean: 3.4, mood: 0.30, scatter: 0.95}),
		attributeOf("website", "Website", "网站", attribute{mean: 4.1, mood: 0.18, scatter: 0.80}),
	}
}

// parcelAttributes are what the survey after a delivery has rated.
func parcelAttributes() []attribute {
	return []attribute{
		attributeOf("speed", "Speed", "速度", attribute{mean: 3.8, mood: 0.70, scatter: 0.80}),
		attributeOf("freshness", "Freshness", "新鲜度", attribute{mean: 4.5, mood: 0.55, scatter: 0.80}),
		attributeOf("packaging", "Packaging", "包装", attribute{mean: 4.2, mood: 0.15, scatter: 0.80}),
	}
}

func driversOf(list []attribute) []surveys.Driver {
	drivers := make([]surveys.Driver, len(list))
	for i, a := range list {
		drivers[i] = a.driver
	}
	return drivers
}

// How many rate anything, and leave out an attribute of those who do.
const (
	ratingShare = 0.4
	skipShare   = 0.03
)

// ratings draws what answers rate, from a chance of its own: what else happens
// in the year does not change with it.
type ratings struct {
	story Story
	r     *rand.Rand
}

func newRatings(story Story) ratings {
	return ratings{story: story, r: rand.New(rand.NewPCG(uint64(story.Year.To), 0x72617465))}
}

// rate lays ratings over some of the answers.
func (t ratings) rate(list []surveys.Response) {
	for i := range list {
		switch list[i].SurveyID {
		case t.story.NPS.ID:
			list[i].Ratings = t.draw(shopAttributes(), list[i], (float64(list[i].Score)-7.9)/2.4)
		case t.story.CSAT.ID:
			list[i].Ratings = t.draw(parcelAttributes(), list[i], (float64(list[i].Score)-4.3)/0.95)
		}
	}
}

// draw draws the ratings of an answer in a mood, in standard deviations of the
// score; nil for who rates nothing.
func (t ratings) draw(list []attribute, answer surveys.Response, mood float64) map[string]int {
	if t.r.Float64() >= ratingShare {
		return nil
	}
	rated := make(map[string]int, len(list))
	for _, a := range list {
		value := a.mean + a.mood*mood + a.scatter*t.r.NormFloat64()
		if answer.Day >= t.story.Drop && answer.Segments["plan"] == planSubscription {
			value -= a.slower
		}
		if t.r.Float64() >= skipShare {
			rated[a.driver.Key] = int(math.Round(max(1, min(5, value))))
		}
	}
	return rated
}
