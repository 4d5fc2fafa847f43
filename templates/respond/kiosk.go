package respond

import (
	"strconv"
	"strings"
	"time"
)

// Kiosk is a survey's page on a tablet that many people use after each other. It
// holds all that the survey may ask and say, so that it works when the line is down.
type Kiosk struct {
	Question Question
	Rules    []Rule
	Thanks   []KioskThanks
	Home     string // the kiosk's address, in the language that it usually speaks
	Edition  string // changes with what the page says
	Worker   string // address of the script that keeps the page for when the line is down
	Pace     Pace
}

// Rule says when a follow-up is shown: with certain scores, or after certain
// answers to another one.
type Rule struct {
	ID       string
	FollowUp FollowUp
	Scores   []int    // [surveys.Unscored] among them for none yet; nil for whatever score, and for none
	After    string   // the id of the earlier follow-up; empty for none
	Values   []string // of that one: the answers that bring this one up
	Hidden   bool     // it is not shown before anything is chosen
}

// KioskThanks is the thank-you after certain scores.
type KioskThanks struct {
	Scores []int
	Text   string
}

// Pace is how long a kiosk waits.
type Pace struct {
	Idle   time.Duration // without a touch, until it asks whether somebody is there
	Answer time.Duration // for an answer to that
	Thanks time.Duration // until the thank-you makes room for the next person
	Look   time.Duration // until it looks again at a survey that asks nothing now
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func scores(list []int) string {
	words := make([]string, len(list))
	for i, score := range list {
		words[i] = strconv.Itoa(score)
	}
	return strings.Join(words, " ")
}

// KioskDone thanks somebody on a kiosk without script, and offers to go back: a page
// that leaves by itself takes the words away from slow readers.
type KioskDone struct {
	Frame Frame
	Text  string
	Home  string
}
