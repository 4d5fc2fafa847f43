package surveys

import (
	"bytes"
	"net/netip"
	"slices"
	"testing"
	"time"
)

const usualBrowser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"

// letterLeft is when the letter of the cases left.
var letterLeft = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// opens is a touch of client c, so long after the letter left.
func opens(after time.Duration, kind TouchKind, score int) Touch {
	t := Touch{At: letterLeft.Add(after), Kind: kind, Method: "GET", Agent: AgentBrowser, Client: []byte("c"), Delay: after.Truncate(time.Second)}
	if kind == TouchScore {
		t.Score = &score
	}
	return t
}

func by(client string, t Touch) Touch    { t.Client = []byte(client); return t }
func as(agent AgentClass, t Touch) Touch { t.Agent = agent; return t }
func head(t Touch) Touch                 { t.Method = "HEAD"; return t }
func ahead(t Touch) Touch                { t.Prefetch = true; return t }
func scores(n int, each time.Duration) (list []Touch) {
	for score := range n {
		list = append(list, opens(time.Hour+time.Duration(score)*each, TouchScore, score))
	}
	return list
}

func TestSignals(t *testing.T) {
	t.Parallel()
	hour := time.Hour
	for name, c := range map[string]struct {
		touches  []Touch
		habitual bool
		want     []Signal
	}{
		"nothing":                                {},
		"one score, an hour later":               {touches: []Touch{opens(hour, TouchScore, 9)}},
		"two scores, a minute and more apart":    {touches: []Touch{opens(hour, TouchScore, 9), opens(hour+61*time.Second, TouchScore, 8)}},
		"two scores within a minute":             {touches: []Touch{opens(hour, TouchScore, 9), opens(hour+59*time.Second, TouchScore, 8)}, want: []Signal{SignalScores}},
		"the same score twice":                   {touches: []Touch{opens(hour, TouchScore, 9), opens(hour+time.Second, TouchScore, 9)}},
		"nine of thirteen links":                 {touches: scores(9, 2*time.Minute)},
		"eleven of thirteen links":               {touches: scores(11, 2*time.Minute), want: []Signal{SignalLinks}},
		"the hidden link":                        {touches: []Touch{opens(hour, TouchTrap, 0)}, want: []Signal{SignalTrap}},
		"somebody else at the hidden link":       {touches: []Touch{by("other", opens(hour, TouchTrap, 0)), opens(hour, TouchScore, 9)}},
		"the hidden link, more than an hour ago": {touches: []Touch{opens(0, TouchTrap, 0), opens(2*hour, TouchScore, 9)}},
		"four seconds after the letter left":     {touches: []Touch{opens(4*time.Second, TouchScore, 9)}, want: []Signal{SignalSwift}},
		"five seconds after":                     {touches: []Touch{opens(5*time.Second, TouchScore, 9)}},
		"a score and the way out":                {touches: []Touch{opens(hour, TouchStop, 0), opens(hour+9*time.Second, TouchScore, 9)}, want: []Signal{SignalStop}},
		"the way out, and a score later":         {touches: []Touch{opens(hour, TouchStop, 0), opens(hour+11*time.Second, TouchScore, 9)}},
		"headers only":                           {touches: []Touch{head(opens(hour, TouchScore, 9))}, want: []Signal{SignalHead}},
		"a scanner by its name":                  {touches: []Touch{as(AgentScanner, opens(hour, TouchScore, 9))}, want: []Signal{SignalScanner}},
		"a driven browser by its name":           {touches: []Touch{as(AgentHeadless, opens(hour, TouchScore, 9))}, want: []Signal{SignalHeadless}},
		"a network of mail servers":              {touches: []Touch{as(AgentMailHost, opens(hour, TouchScore, 9))}, want: []Signal{SignalNetwork}},
		"loaded ahead":                           {touches: []Touch{ahead(opens(hour, TouchScore, 9))}, want: []Signal{SignalPrefetch}},
		"loaded ahead, and looked at":            {touches: []Touch{ahead(opens(hour, TouchScore, 9)), opens(hour+time.Second, TouchSeen, 0)}},
		"the domain's own scanner":               {touches: []Touch{opens(40*time.Second, TouchScore, 9)}, habitual: true, want: []Signal{SignalHabit}},
		"its network's people, later":            {touches: []Touch{opens(hour, TouchScore, 9)}, habitual: true},
	} {
		e := Evidence{Touches: c.touches, Delivered: []time.Time{letterLeft}, Scores: 11}
		if c.habitual {
			e.Habitual = [][]byte{[]byte("c")}
		}
		at := letterLeft
		if n := len(c.touches); n > 0 {
			at = c.touches[n-1].At
		}
		if got := e.Signals([]byte("c"), at); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestJudge is the table of docs/machines.md.
func TestJudge(t *testing.T) {
	t.Parallel()
	weak, strong := []Signal{SignalScores}, []Signal{SignalLinks}
	for _, c := range []struct {
		name      string
		confirmed bool
		signals   []Signal
		waited    time.Duration
		want      map[Machines]Verdict
	}{
		{"sent", true, nil, 0, map[Machines]Verdict{Strict: Count, Balanced: Count, Eager: Count}},
		{"sent, two scores", true, weak, 0, map[Machines]Verdict{Strict: Count, Balanced: Count, Eager: Count}},
		{"sent, all links", true, strong, 0, map[Machines]Verdict{Strict: SetAside, Balanced: SetAside, Eager: SetAside}},
		{"looked at", false, nil, 0, map[Machines]Verdict{Strict: Wait, Balanced: Wait, Eager: Count}},
		{"looked at, a second before the time", false, nil, UsualQuarantine - time.Second, map[Machines]Verdict{Strict: Wait, Balanced: Wait, Eager: Count}},
		{"looked at, in time", false, nil, UsualQuarantine, map[Machines]Verdict{Strict: Wait, Balanced: Count, Eager: Count}},
		{"looked at, two scores", false, weak, UsualQuarantine, map[Machines]Verdict{Strict: SetAside, Balanced: SetAside, Eager: SetAside}},
	} {
		for _, m := range MachineChoices() {
			s := Survey{Machines: m, Quarantine: UsualQuarantine}
			if got := s.Judge(c.confirmed, c.signals, c.waited); got != c.want[m] {
				t.Errorf("%s, %s: %s, want %s", c.name, m, got, c.want[m])
			}
		}
	}
}

func TestVisitors(t *testing.T) {
	t.Parallel()
	sent := opens(time.Hour+time.Minute, TouchSent, 0)
	sent.Acted = true
	for name, c := range map[string]struct {
		touches         []Touch
		person, machine bool
	}{
		"nobody":                        {},
		"a person":                      {[]Touch{opens(time.Hour, TouchScore, 9)}, true, false},
		"a scanner":                     {scores(11, time.Second), false, true},
		"both":                          {append(scores(11, time.Second), by("person", opens(2*time.Hour, TouchPage, 0))), true, true},
		"who sends after two scores":    {[]Touch{opens(time.Hour, TouchScore, 9), opens(time.Hour+time.Second, TouchScore, 8), sent}, true, true},
		"only the hidden link":          {[]Touch{opens(time.Hour, TouchTrap, 0)}, false, true},
		"only what comes after the end": {[]Touch{opens(4*time.Hour, TouchScore, 9)}, false, false},
	} {
		e := Evidence{Touches: c.touches, Delivered: []time.Time{letterLeft}, Scores: 11}
		if person, machine := e.Visitors(letterLeft.Add(3 * time.Hour)); person != c.person || machine != c.machine {
			t.Errorf("%s: a person %v, a machine %v", name, person, machine)
		}
	}
}

func TestHabit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		habit Habit
		want  int
	}{
		"none":                       {Habit{}, 0},
		"four letters":               {Habit{4, map[string]int{"a": 4}}, 0},
		"five letters":               {Habit{5, map[string]int{"a": 5}}, 1},
		"four of five":               {Habit{10, map[string]int{"a": 8, "b": 7}}, 1},
		"an office that clicks much": {Habit{20, map[string]int{"a": 9}}, 0},
	} {
		if got := c.habit.Clients(); len(got) != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestSeal(t *testing.T) {
	t.Parallel()
	secret, token := []byte("secret"), Token("AAAAAAAAbbbbbbbbbbbbbbbbbbbbbb")
	text := Seal{IssuedAt: letterLeft, Chosen: "9"}.Sign(secret, token)
	for name, c := range map[string]struct {
		secret []byte
		token  Token
		text   string
		after  time.Duration
		want   SealState
	}{
		"good":               {secret, token, text, time.Second, SealGood},
		"a day later":        {secret, token, text, SealMax, SealGood},
		"too young":          {secret, token, text, 999 * time.Millisecond, SealYoung},
		"from the future":    {secret, token, text, -time.Hour, SealYoung},
		"too old":            {secret, token, text, SealMax + time.Second, SealStale},
		"none":               {secret, token, "", time.Minute, SealAbsent},
		"another token's":    {secret, token + "x", text, time.Minute, SealAbsent},
		"another secret's":   {[]byte("other"), token, text, time.Minute, SealAbsent},
		"with another score": {secret, token, text[:len(text)-24] + "8" + text[len(text)-23:], time.Minute, SealAbsent},
		"noise":              {secret, token, "a.b.c", time.Minute, SealAbsent},
		"many dots":          {secret, token, "....", time.Minute, SealAbsent},
	} {
		seal, got := OpenSeal(c.secret, c.token, c.text, letterLeft.Add(c.after))
		if got != c.want || got == SealGood && (seal.Chosen != "9" || !seal.IssuedAt.Equal(letterLeft)) {
			t.Errorf("%s: %s %+v, want %s", name, got, seal, c.want)
		}
	}
}

func TestAgentOf(t *testing.T) {
	t.Parallel()
	home := netip.MustParseAddr("203.0.113.9")
	for agent, want := range map[string]AgentClass{
		usualBrowser: AgentBrowser,
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1": AgentBrowser,
		"Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":                  AgentBrowser,
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36":                             AgentHeadless,
		"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)":                                                                 AgentScanner,
		"Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)":                                               AgentProxy,
		"Mozilla/5.0":               AgentProxy,
		"python-requests/2.32.3":    AgentScanner,
		"curl/8.5.0":                AgentScanner,
		"Lynx/2.9.2 libwww-FM/2.14": AgentOther,
		"":                          AgentOther,
	} {
		if got := AgentOf(agent, home); got != want {
			t.Errorf("%s: %s, want %s", agent, got, want)
		}
	}
	for address, want := range map[string]AgentClass{"40.92.1.2": AgentMailHost, "::ffff:40.92.1.2": AgentMailHost, "2a01:111::7": AgentMailHost, "40.93.1.2": AgentBrowser} {
		if got := AgentOf(usualBrowser, netip.MustParseAddr(address)); got != want {
			t.Errorf("from %s: %s, want %s", address, got, want)
		}
	}
}

// TestClientOf: a client is its network and its name, and to another workspace
// nobody.
func TestClientOf(t *testing.T) {
	t.Parallel()
	secret, address := []byte("secret"), netip.MustParseAddr("203.0.113.9")
	one := ClientOf(secret, address, usualBrowser)
	for name, c := range map[string]struct {
		secret  []byte
		address string
		agent   string
		same    bool
	}{
		"a neighbour":          {secret, "203.0.113.250", usualBrowser, true},
		"the same, in IPv6":    {secret, "::ffff:203.0.113.9", usualBrowser, true},
		"another network":      {secret, "203.0.114.9", usualBrowser, false},
		"another browser":      {secret, "203.0.113.9", "Lynx", false},
		"to another workspace": {[]byte("other"), "203.0.113.9", usualBrowser, false},
	} {
		if got := ClientOf(c.secret, netip.MustParseAddr(c.address), c.agent); bytes.Equal(got, one) != c.same || len(got) != clientBytes {
			t.Errorf("%s: the same client %v, want %v", name, !c.same, c.same)
		}
	}
	six, neighbour := ClientOf(secret, netip.MustParseAddr("2001:db8:1:2::3"), "x"), ClientOf(secret, netip.MustParseAddr("2001:db8:1:9::4"), "x")
	if !bytes.Equal(six, neighbour) {
		t.Error("two addresses of one /48 are two clients")
	}
	if ReceiverKey(secret, "a@Shop.example") == nil || !bytes.Equal(ReceiverKey(secret, "a@Shop.example"), ReceiverKey(secret, "b@shop.example")) {
		t.Error("two addresses of one domain have two receivers")
	}
}
