package respond_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// somebody is a person with a letter: a browser in a network, and time to read.
type somebody struct {
	*browser
	z *zoo
	l letter
}

const (
	safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
	lynx   = "Lynx/2.9.2 libwww-FM/2.14"
)

func (z *zoo) somebody(l letter, agent, network string) *somebody {
	b := z.browser("User-Agent", agent)
	b.network = network
	return &somebody{b, z, l}
}

// reads lets time pass.
func (p *somebody) reads(d time.Duration) *somebody { p.z.clock.Advance(d); return p }

// opens follows the link of a score.
func (p *somebody) opens(score int) page { return p.get(p.l.scores[score]) }

// sends presses the button of a page, after some seconds.
func (p *somebody) sends(asked page, fill url.Values) page {
	p.reads(8 * time.Second)
	return p.send(asked, fill)
}

// looks is what the page's script reports after three seconds.
func (p *somebody) looks(asked page) {
	p.z.t.Helper()
	address := asked.Find("form").AttrOr("data-seen", "")
	if address == "" {
		p.z.t.Fatal("the page does not ask to be told that it was seen")
	}
	p.reads(3 * time.Second)
	if got := p.post(address, url.Values{"score": {asked.chosen()}, "seal": {asked.Find("input[name=seal]").AttrOr("value", "")}}); got.status != 204 {
		p.z.t.Errorf("that the page was seen: %d", got.status)
	}
}

// scanAll opens every link of a letter from a network, quickly.
func (z *zoo) scanAll(l letter, network, agent string) {
	m := machine{z, network, agent, nil}
	for _, link := range append(l.links(), l.trap) {
		m.ask("GET", link, "")
		z.clock.Advance(20 * time.Millisecond)
	}
}

// pressAll opens every link, and presses the button of every page.
func (z *zoo) pressAll(l letter, network string) {
	robot := z.somebody(l, chrome, network)
	for score := range l.scores {
		if asked := robot.opens(score); asked.Find("form button").Length() > 0 {
			robot.reads(1200 * time.Millisecond)
			robot.send(asked, nil)
		}
	}
	robot.get(l.page)
	robot.get(l.stop)
}

const (
	home   = "203.0.113.9"
	office = "203.0.113.77" // in the same network
	away   = "192.0.2.200"
	cloud  = "198.51.100.20"
)

// people are ways in which persons answer, and the score that counts in the end.
func people() []struct {
	name   string
	want   int
	answer func(z *zoo, l letter, p *somebody)
} {
	return []struct {
		name   string
		want   int
		answer func(z *zoo, l letter, p *somebody)
	}{
		{"no script", 9, func(z *zoo, l letter, p *somebody) { p.sends(p.opens(9), nil) }},
		{"keyboard only, with script", 7, func(z *zoo, l letter, p *somebody) {
			p.reads(time.Minute).sends(p.opens(9), url.Values{"score": {"7"}, "act": {"trusted"}})
		}},
		{"a telephone's preview, then the page", 8, func(z *zoo, l letter, p *somebody) {
			p.headers["X-Purpose"] = "preview"
			p.looks(p.opens(8))
			delete(p.headers, "X-Purpose")
			p.sends(p.opens(8), nil)
		}},
		{"a telephone's preview alone", 8, func(z *zoo, l letter, p *somebody) {
			p.headers["X-Purpose"] = "preview"
			p.reads(time.Minute).looks(p.opens(8))
		}},
		{"a choice in the mail, looked at and left", 10, func(z *zoo, l letter, p *somebody) { p.reads(time.Hour).looks(p.opens(10)) }},
		{"forwarded, to somebody who only looks", 9, func(z *zoo, l letter, p *somebody) {
			p.reads(time.Hour).sends(p.opens(9), nil)
			z.somebody(l, safari, away).looks2(l.page)
		}},
		{"forwarded, to somebody who answers later", 3, func(z *zoo, l letter, p *somebody) {
			p.reads(time.Hour).sends(p.opens(9), nil)
			friend := z.somebody(l, safari, away)
			friend.reads(time.Hour).sends(friend.opens(3), url.Values{"comment": {"Mine."}})
		}},
		{"9, back, and 8", 8, func(z *zoo, l letter, p *somebody) {
			p.reads(time.Hour).opens(9)
			p.reads(4*time.Second).sends(p.opens(8), nil)
		}},
		{"9 sent, back, and 8", 8, func(z *zoo, l letter, p *somebody) {
			p.reads(time.Hour).sends(p.opens(9), nil)
			p.sends(p.opens(8), nil)
		}},
		{"a company's scanner hours before", 6, func(z *zoo, l letter, p *somebody) {
			z.scanAll(l, office, chrome)
			p.reads(4*time.Hour).sends(p.opens(6), nil)
		}},
		{"a company's scanner of the same name, in the same network, hours before", 6, func(z *zoo, l letter, p *somebody) {
			z.scanAll(l, office, safari)
			p.reads(4*time.Hour).sends(p.opens(6), nil)
		}},
		{"a scanner in the same network, at the same moment", 6, func(z *zoo, l letter, p *somebody) {
			asked := p.reads(time.Hour).opens(6)
			z.scanAll(l, office, chrome)
			p.sends(asked, nil)
		}},
		{"a scanner in the same network, and a choice that was only looked at", 6, func(z *zoo, l letter, p *somebody) {
			asked := p.reads(time.Hour).opens(6)
			z.scanAll(l, office, chrome)
			p.looks(asked)
		}},
		{"a page that lay open for a day", 5, func(z *zoo, l letter, p *somebody) { p.sends(p.reads(time.Hour).opens(5).after(p, 25*time.Hour), nil) }},
		{"a page of which a proxy took the seal", 5, func(z *zoo, l letter, p *somebody) {
			p.sends(p.reads(time.Hour).opens(5), url.Values{"seal": {""}})
		}},
		{"two devices: looked at on one, sent on the other", 4, func(z *zoo, l letter, p *somebody) {
			p.reads(time.Hour).looks(p.opens(9))
			desk := z.somebody(l, chrome, home)
			desk.sends(desk.opens(4), nil)
		}},
		{"two devices: sent on one, looked at on the other", 4, func(z *zoo, l letter, p *somebody) {
			desk := z.somebody(l, chrome, home)
			asked := p.reads(time.Hour).opens(9)
			desk.sends(desk.opens(4), nil)
			p.looks(asked)
		}},
		{"a double click", 9, func(z *zoo, l letter, p *somebody) {
			asked := p.reads(time.Hour).opens(9)
			p.sends(asked, nil)
			p.send(asked, nil)
		}},
		{"a very fast thumb", 9, func(z *zoo, l letter, p *somebody) {
			asked := p.reads(time.Hour).opens(9)
			p.reads(400*time.Millisecond).send(asked, nil)
		}},
		{"a browser of text", 2, func(z *zoo, l letter, p *somebody) {
			text := z.somebody(l, lynx, home)
			text.reads(time.Hour).sends(text.get(l.page), url.Values{"score": {"2"}})
		}},
		{"another language first", 9, func(z *zoo, l letter, p *somebody) {
			p.reads(time.Hour).opens(9)
			p.sends(p.get(l.scores[9]+"&lang=zh-Hans"), nil)
		}},
		{"seconds after the letter came", 9, func(z *zoo, l letter, p *somebody) { p.reads(2*time.Second).sends(p.opens(9), nil) }},
		{"the way out first, by mistake", 9, func(z *zoo, l letter, p *somebody) {
			p.reads(time.Hour).get(l.stop)
			p.reads(3*time.Second).sends(p.opens(9), nil)
		}},
		{"changed on the next day", 1, func(z *zoo, l letter, p *somebody) {
			thanks := p.follow(p.reads(time.Hour).sends(p.opens(9), nil))
			p.reads(24 * time.Hour)
			p.sends(p.get(thanks.Find("a.tap").AttrOr("href", "")), url.Values{"score": {"1"}})
		}},
		{"a page loaded ahead, then opened", 9, func(z *zoo, l letter, p *somebody) {
			p.headers["Sec-Purpose"] = "prefetch"
			p.reads(time.Hour).opens(9)
			delete(p.headers, "Sec-Purpose")
			p.sends(p.opens(9), nil)
		}},
		{"from the train into the tunnel: sent from another network", 9, func(z *zoo, l letter, p *somebody) {
			asked := p.reads(time.Hour).opens(9)
			p.network = away
			p.sends(asked, nil)
		}},
		{"after a machine that pressed every button", 9, func(z *zoo, l letter, p *somebody) {
			z.pressAll(l, cloud)
			p.reads(3*time.Hour).sends(p.opens(9), nil)
		}},
		{"before a machine that presses every button", 9, func(z *zoo, l letter, p *somebody) {
			p.reads(time.Hour).sends(p.opens(9), url.Values{"comment": {"Keep this."}})
			p.reads(3 * time.Hour)
			z.pressAll(l, cloud)
		}},
	}
}

// after lets time pass over a page that lies open.
func (p page) after(visitor *somebody, d time.Duration) page { visitor.reads(d); return p }

// looks2 opens a page and leaves it.
func (p *somebody) looks2(path string) { p.get(path); p.reads(time.Minute) }

// TestPeopleLoseNothing has persons answer in all the ways that look a little like
// a machine's: each answer is counted in the end, with the last score.
func TestPeopleLoseNothing(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		z := newZoo(t, s, clock, surveys.NPS)
		for _, c := range people() {
			z.asked, _ = z.survey(surveys.NPS)
			z.letters = nil
			z.send(1)
			c.answer(z, z.letters[0], z.somebody(z.letters[0], safari, home))
			asked := z.judged()
			list := z.answers(z.asked)
			if len(list) != 1 || list[0].Score != c.want {
				t.Errorf("%s: counted %+v, want one answer of %d", c.name, list, c.want)
				continue
			}
			if asked.Answered != 1 || asked.Clicked != 1 {
				t.Errorf("%s: the funnel is %+v", c.name, asked)
			}
			z.wantRollups(z.asked, 1)
		}
	})
}

// TestScannerBesideAPerson is S9: a scanner opens everything 200 ms beside a
// person, who sends or only looks.
func TestScannerBesideAPerson(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		const runs = 100
		z := newZoo(t, s, clock, surveys.NPS)
		z.send(runs)
		clock.Advance(time.Hour)
		for run, l := range z.letters {
			p := z.somebody(l, chrome, fmt.Sprintf("203.0.113.%d", run+1))
			asked := p.opens(run % 11)
			clock.Advance(200 * time.Millisecond)
			z.scanAll(l, fmt.Sprintf("198.51.100.%d", run+1), chrome)
			if run%2 == 0 {
				p.sends(asked, nil)
			} else {
				p.looks(asked)
			}
		}
		if got := z.judged(); got.Answered != runs || got.Clicked != runs || got.Machines != runs {
			t.Errorf("the funnel is %+v", got)
		}
		for run, l := range z.letters {
			list, err := s.Responses(t.Context(), z.workspace.ID, store.ResponseFilter{PersonID: l.invitation.PersonID})
			if err != nil || len(list) != 1 || list[0].Score != run%11 {
				t.Errorf("run %d: %+v, %v", run, list, err)
			}
		}
		z.wantRollups(z.asked, runs)
	})
}
