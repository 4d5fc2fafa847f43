package surveys

import (
	"bytes"
	"cmp"
	"slices"
	"time"
)

// Mail scanners open links, run scripts and press buttons. They are judged by
// what one client did with the links of one invitation's letters: a scanner
// 200 ms beside a person does not condemn the person. docs/machines.md has the
// same rules in words.

// Machines says how much proof a survey wants that an answer to its mails is a
// person's.
type Machines string

// The choices.
const (
	Balanced Machines = ""       // what was sent counts; what was only looked at counts after the survey's quarantine
	Strict   Machines = "strict" // only what was sent counts
	Eager    Machines = "eager"  // what was looked at counts at once, unless something speaks against it
)

// MachineChoices lists the choices, the usual one in the middle.
func MachineChoices() []Machines { return []Machines{Strict, Balanced, Eager} }

// Valid reports whether m is one of the choices.
func (m Machines) Valid() bool { return slices.Contains(MachineChoices(), m) }

// String is the choice as programs and the catalogue name it.
func (m Machines) String() string {
	if m == Balanced {
		return "balanced"
	}
	return string(m)
}

// ParseMachines reads what [Machines.String] writes; "" is the usual choice.
func ParseMachines(text string) Machines {
	if text == "balanced" {
		return Balanced
	}
	return Machines(text)
}

// How long an answer waits that nobody has sent: scanners that open all links do so
// within minutes.
const (
	UsualQuarantine = 15 * time.Minute
	MaxQuarantine   = 24 * time.Hour
)

// QuarantineOf is a quarantine of so many minutes, as somebody wrote them; one of
// none, or of years, is for [Survey.Check] to refuse.
func QuarantineOf(minutes int) time.Duration {
	return time.Duration(cmp.Or(min(max(minutes, -1), 1<<20), -1)) * time.Minute
}

// checkMachines looks at how the survey tells people from machines.
func (s Survey) checkMachines() (Survey, []FieldError) {
	var wrong []FieldError
	if !s.Machines.Valid() {
		wrong = append(wrong, FieldError{Path: "machines", Code: "machines"})
	}
	if s.Quarantine = cmp.Or(s.Quarantine, UsualQuarantine); s.Quarantine < time.Minute || s.Quarantine > MaxQuarantine {
		wrong = append(wrong, FieldError{Path: "quarantine_minutes", Code: "quarantine", Args: map[string]any{"max": int(MaxQuarantine / time.Minute)}})
	}
	return s, wrong
}

// Signal is a thing that machines do and people hardly ever. Each has an
// explanation in the catalogue.
type Signal string

// The signals.
const (
	SignalTrap     Signal = "trap"     // followed the link that no person sees
	SignalLinks    Signal = "links"    // opened nearly all links of a letter
	SignalScanner  Signal = "scanner"  // names itself as a scanner or another program
	SignalHeadless Signal = "headless" // names itself as a browser that a program drives
	SignalScores   Signal = "scores"   // opened two scores within a minute
	SignalSwift    Signal = "swift"    // came within seconds of the letter's leaving
	SignalStop     Signal = "stop"     // opened a score and the way out within seconds
	SignalHead     Signal = "head"     // asked for a link's headers only
	SignalNetwork  Signal = "network"  // comes from a network of mail servers
	SignalPrefetch Signal = "prefetch" // loaded a page ahead, and nobody looked at it
	SignalHabit    Signal = "habit"    // does the same with all letters to that domain
	SignalSpread   Signal = "spread"   // is one of several that share nearly all links of a letter among them
)

// Signals lists them all, the strong ones first.
func Signals() []Signal {
	return []Signal{SignalTrap, SignalLinks, SignalScanner, SignalHeadless, SignalScores, SignalSwift, SignalStop, SignalHead, SignalNetwork, SignalPrefetch, SignalHabit, SignalSpread}
}

// Strong reports whether the signal outweighs a form that was sent as people
// send it. The others do not: somebody may choose 9, go back and choose 8.
func (s Signal) Strong() bool {
	return s == SignalTrap || s == SignalLinks || s == SignalScanner || s == SignalHeadless
}

// Strong reports whether one of the signals is strong.
func Strong(signals []Signal) bool { return slices.ContainsFunc(signals, Signal.Strong) }

// The sizes of the rules.
const (
	VisitSpan     = time.Hour        // what one client does within it belongs together
	scoresSpan    = time.Minute      // between two scores
	swiftSpan     = 5 * time.Second  // after the letter left
	stopSpan      = 10 * time.Second // between a score and the way out
	mostLinks     = 80               // percent of a letter's links
	HabitSpan     = time.Minute      // after a letter left: touches by which a domain's scanner is learnt
	HabitMemory   = 7 * 24 * time.Hour
	habitLetters  = 5  // at least so many letters to a domain
	habitShare    = 80 // percent of those that were touched
	otherLinks    = 2  // of a letter beside its scores: the page and the way out
	leastForLinks = 4  // links below which "nearly all" says nothing

	fewLinks       = 2 // that a client opens of which many share a letter's
	leastForSpread = 3 // such clients
)

// Evidence is what is known of the links of one invitation's letters.
type Evidence struct {
	Touches   []Touch     // in the order of time
	Delivered []time.Time // when each of its letters left, by Hark's own clock
	Scores    int         // links of scores in a letter
	Habitual  [][]byte    // clients that touch all letters to the domain, soon after they leave
}

// Habit is how many letters to one domain were touched, and by whom soon after
// they left.
type Habit struct {
	Letters int
	Soon    map[string]int // letters by client
}

// Clients lists the clients that touch nearly all letters.
func (h Habit) Clients() [][]byte {
	var list [][]byte
	for client, n := range h.Soon {
		if n >= habitLetters && 100*n >= habitShare*h.Letters {
			list = append(list, []byte(client))
		}
	}
	return list
}

// Signals lists what speaks against a client that was there at a time.
func (e Evidence) Signals(client []byte, at time.Time) []Signal {
	var theirs []Touch
	for _, t := range e.Touches {
		if bytes.Equal(t.Client, client) && t.At.Sub(at).Abs() <= VisitSpan {
			theirs = append(theirs, t)
		}
	}
	found := make(map[Signal]bool)
	for _, t := range theirs {
		e.markOne(t, found)
	}
	found[SignalLinks] = e.nearlyAll(theirs)
	found[SignalSpread] = e.spread(theirs, at)
	found[SignalScores] = within(theirs, scoresSpan, otherScore)
	found[SignalStop] = within(theirs, stopSpan, scoreAndStop)
	found[SignalSwift] = len(theirs) > 0 && e.swift(theirs)
	found[SignalPrefetch] = onlyPrefetched(theirs)
	return slices.DeleteFunc(Signals(), func(s Signal) bool { return !found[s] })
}

// With is the evidence with one touch more, the latest, which may not be stored
// yet.
func (e Evidence) With(t Touch) Evidence {
	e.Touches = append(slices.Clip(e.Touches), t)
	return e
}

// markOne notes what a touch says by itself.
func (e Evidence) markOne(t Touch, found map[Signal]bool) {
	switch t.Agent {
	case AgentScanner:
		found[SignalScanner] = true
	case AgentHeadless:
		found[SignalHeadless] = true
	case AgentMailHost, AgentProxy:
		found[SignalNetwork] = true
	}
	if t.Kind == TouchTrap {
		found[SignalTrap] = true
	}
	if t.Method == "HEAD" {
		found[SignalHead] = true
	}
	if t.Delay >= 0 && t.Delay <= HabitSpan && slices.ContainsFunc(e.Habitual, func(c []byte) bool { return bytes.Equal(c, t.Client) }) {
		found[SignalHabit] = true
	}
}

// nearlyAll reports whether touches opened nearly all links of a letter.
func (e Evidence) nearlyAll(theirs []Touch) bool {
	of := e.Scores + otherLinks
	return of >= leastForLinks && 100*links(theirs) >= mostLinks*of
}

// links is how many different links touches opened.
func links(theirs []Touch) int {
	scores, kinds := make(map[int]bool), make(map[TouchKind]bool)
	for _, t := range theirs {
		switch {
		case t.Kind == TouchScore && t.Score != nil:
			scores[*t.Score] = true
		case t.opened():
			kinds[t.Kind] = true
		}
	}
	return len(scores) + len(kinds)
}

// spread reports whether a client that opened a link or two is one of several such that
// opened nearly all links between them: a scanner whose addresses change.
func (e Evidence) spread(theirs []Touch, at time.Time) bool {
	byClient := make(map[string][]Touch)
	for _, t := range e.Touches {
		if t.At.Sub(at).Abs() <= VisitSpan {
			byClient[string(t.Client)] = append(byClient[string(t.Client)], t)
		}
	}
	var shared []Touch
	for client, list := range byClient {
		if links(list) > fewLinks {
			delete(byClient, client)
			continue
		}
		shared = append(shared, list...)
	}
	return len(byClient) >= leastForSpread && links(theirs) <= fewLinks && e.nearlyAll(shared)
}

// within reports whether two touches, one soon after the other, are a pair.
func within(touches []Touch, span time.Duration, pair func(a, b Touch) bool) bool {
	for i, a := range touches {
		for _, b := range touches[i+1:] {
			if b.At.Sub(a.At) > span {
				break
			}
			if pair(a, b) {
				return true
			}
		}
	}
	return false
}

func otherScore(a, b Touch) bool {
	return a.Kind == TouchScore && b.Kind == TouchScore && a.Score != nil && b.Score != nil && *a.Score != *b.Score
}

func scoreAndStop(a, b Touch) bool {
	return a.Kind == TouchScore && b.Kind == TouchStop || a.Kind == TouchStop && b.Kind == TouchScore
}

// swift reports whether the first of the touches came sooner after a letter left
// than a person opens it, or before any had left: a mail server that scans what it
// takes does so while it takes it.
func (e Evidence) swift(theirs []Touch) bool {
	if len(e.Delivered) > 0 && theirs[0].At.Before(slices.MinFunc(e.Delivered, time.Time.Compare)) {
		return true
	}
	return slices.ContainsFunc(e.Delivered, func(left time.Time) bool {
		age := theirs[0].At.Sub(left)
		return age >= 0 && age < swiftSpan
	})
}

// onlyPrefetched reports whether pages were loaded ahead and nobody looked.
func onlyPrefetched(theirs []Touch) bool {
	ahead := false
	for _, t := range theirs {
		if t.Kind == TouchSeen || t.Kind == TouchSent || t.opened() && !t.Prefetch {
			return false
		}
		ahead = ahead || t.Prefetch
	}
	return ahead
}

// Visitors says who touched the invitation's letters up to a time: whether any
// client is a person as far as one can tell, and whether any is a machine. Later
// touches are still held against those before.
func (e Evidence) Visitors(until time.Time) (person, machine bool) {
	for _, t := range e.Touches {
		if t.At.After(until) {
			break
		}
		signals := e.Signals(t.Client, t.At)
		switch {
		case len(signals) == 0 && t.opened(), t.Acted && !Strong(signals):
			person = true
		case len(signals) > 0 && t.Kind != TouchSent:
			machine = true
		}
	}
	return person, machine
}

// Act is how an answer came in.
type Act struct {
	Client []byte
	Seal   SealState
	Human  bool // sent by the button, with a comment, with another score than the link's, or after a trusted event
	Seen   bool // not sent at all: the page's script says that it was looked at
}

// Confirmed reports whether an answer was sent as people send it.
func (a Act) Confirmed() bool { return a.Human && !a.Seen && a.Seal == SealGood }

// Verdict is what becomes of an answer.
type Verdict string

// The verdicts.
const (
	Count    Verdict = "count"
	Wait     Verdict = "wait"
	SetAside Verdict = "set_aside"
)

// Judge says what becomes of an answer to the survey, by whether it is confirmed,
// what speaks against its client, and how long it has waited.
func (s Survey) Judge(confirmed bool, signals []Signal, waited time.Duration) Verdict {
	switch {
	case confirmed && Strong(signals), !confirmed && len(signals) > 0:
		return SetAside
	case confirmed, s.Machines == Eager, s.Machines == Balanced && waited >= s.Quarantine:
		return Count
	}
	return Wait
}

// HeldState is where an answer stands that is not counted.
type HeldState string

// The states.
const (
	HeldWaiting HeldState = "waiting" // until it is known who gave it, or somebody counts it
	HeldAside   HeldState = "aside"   // a machine's, or somebody said so
)

// HeldSource is how an answer came to be held.
type HeldSource string

// The sources.
const (
	HeldSeen    HeldSource = "seen"    // the page was looked at with a score that a link chose
	HeldSent    HeldSource = "sent"    // the form was sent, by whom is not sure
	HeldCounted HeldSource = "counted" // it was counted before
)

// HeldAnswer is an answer that is not counted.
type HeldAnswer struct {
	ID        string
	Response  Response // as it will be counted; its id is not ID
	Client    []byte
	State     HeldState
	Source    HeldSource
	Signals   []Signal
	DueAt     *time.Time // when it is judged; nil when nothing but a person counts it
	CreatedAt time.Time
	UpdatedAt time.Time
}

// AnswerMove is what was done with an answer.
type AnswerMove string

// The moves.
const (
	MoveHeld     AnswerMove = "held"      // it came in, and waits
	MoveCounted  AnswerMove = "counted"   // it is counted from now on
	MoveSetAside AnswerMove = "set_aside" // it is not counted any more, or will not be
	MoveChanged  AnswerMove = "changed"   // another answer was laid over it
	MoveReverted AnswerMove = "reverted"  // a machine's change was taken back
	MoveDropped  AnswerMove = "dropped"   // the person answered in another way meanwhile
)

// LoggedMove is one move of an answer, with its reasons.
type LoggedMove struct {
	SurveyID     string
	InvitationID string
	AnswerID     string // of the response, or of the held answer
	Move         AnswerMove
	Signals      []Signal
	Client       []byte
	Before       *Response // what was there until then; nil for nothing
	ByUser       string    // "" for Hark itself
	At           time.Time
}
