package respond_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// edits changes the zoo's survey.
func (z *zoo) edits(change func(*surveys.Survey)) {
	z.t.Helper()
	stored, err := z.store.Survey(z.t.Context(), z.workspace.ID, z.asked.ID)
	if err != nil {
		z.t.Fatal(err)
	}
	change(&stored)
	storetest.Write(z.t, z.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, stored) })
	z.asked = stored
}

// TestSlyMachines are scanners that an auditor thought of: each does what the corpus has,
// but for one thing.
func TestSlyMachines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		metric surveys.Metric
		edit   func(*surveys.Survey)
		do     func(z *zoo, l letter)
	}{
		"presses in a letter of two pictures": {surveys.CSAT, func(s *surveys.Survey) { s.Question.Style = surveys.StyleThumbs }, func(z *zoo, l letter) {
			robot := z.somebody(l, chrome, cloud)
			for _, score := range z.asked.Choices() {
				robot.sends(robot.get(fmt.Sprintf("%s?score=%d", l.page, score)), url.Values{"act": {"trusted"}})
			}
			robot.get(l.page)
			robot.get(l.stop)
		}},
		"changes its address with each link": {surveys.NPS, nil, func(z *zoo, l letter) {
			for score := range l.scores {
				robot := z.somebody(l, chrome, fmt.Sprintf("198.51.%d.9", 100+score))
				robot.looks(robot.opens(score))
			}
		}},
		"looks where looking counts at once": {surveys.CSAT, func(s *surveys.Survey) { s.Machines = surveys.Eager }, func(z *zoo, l letter) {
			robot := z.somebody(l, chrome, cloud)
			robot.looks(robot.opens(1))
			for _, link := range append(l.links(), l.trap) {
				robot.get(link)
			}
		}},
		"looks before the letter has left": {surveys.NPS, nil, func(z *zoo, l letter) {
			z.clock.Advance(-61 * time.Second)
			robot := z.somebody(l, chrome, cloud)
			robot.looks(robot.opens(0))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
				z := newZoo(t, s, clock, c.metric)
				if c.edit != nil {
					z.edits(c.edit)
				}
				z.send(1)
				clock.Advance(time.Minute)
				c.do(z, z.letters[0])
				if funnel := z.judged(); funnel.Answered != 0 || funnel.Machines != 1 {
					t.Errorf("the funnel is %+v", funnel)
				}
				z.wantRollups(z.asked, 0)
			})
		})
	}
}

// TestMachineBesideClick: somebody chooses in the mail and looks, and a machine that
// pressed in the meantime is found out: what the person chose counts.
func TestMachineBesideClick(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		z := newZoo(t, s, clock, surveys.NPS)
		z.send(1)
		clock.Advance(time.Hour)
		l := z.letters[0]
		person, robot := z.somebody(l, safari, home), z.somebody(l, chrome, cloud)
		page := person.opens(5)
		robot.sends(robot.opens(0), url.Values{"act": {"trusted"}})
		person.looks(page)
		for _, link := range append(l.links(), l.trap) {
			robot.get(link)
		}
		z.judged()
		if list := z.answers(z.asked); len(list) != 1 || list[0].Score != 5 {
			t.Errorf("counted %+v", list)
		}
	})
}

// TestWayOutAsksMachinesTwice: a client that went through all links of a letter has to
// press the way out twice, a person and a mail provider once.
func TestWayOutAsksMachinesTwice(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		z := newZoo(t, s, clock, surveys.NPS)
		z.send(2)
		clock.Advance(time.Hour)
		l := z.letters[0]
		robot := z.somebody(l, chrome, cloud)
		for _, link := range l.links() {
			robot.get(link)
		}
		z.judged() // what was noted is stored
		again := robot.post(l.stop, url.Values{"action": {"unsubscribe"}})
		again.want(t, http.StatusOK, "Stop these mails?")
		if !strings.Contains(again.Text(), "Please press once more") || again.Find("input[name=sure]").Length() == 0 {
			t.Errorf("asked once more: %s", again.Text())
		}
		if n := z.stopped(); n != 0 {
			t.Errorf("%d people were stopped by a machine", n)
		}
		robot.post(l.stop, url.Values{"action": {"unsubscribe"}, "sure": {"1"}})
		person := z.somebody(z.letters[1], safari, home)
		person.post(z.letters[1].stop, url.Values{"action": {"unsubscribe"}})
		if n := z.stopped(); n != 2 {
			t.Errorf("%d people are stopped, want 2", n)
		}
	})
}

// stopped counts who is not mailed any more.
func (z *zoo) stopped() (n int64) {
	z.t.Helper()
	counts, err := z.store.SuppressionCounts(z.t.Context(), z.workspace.ID)
	if err != nil {
		z.t.Fatal(err)
	}
	for _, of := range counts {
		n += of
	}
	return n
}

// TestBusyPageCanBeRead: who sends too much reads so, whatever the browser takes.
func TestBusyPageCanBeRead(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	visitor := b.browser("Accept-Encoding", "gzip")
	for range 3000 {
		p := visitor.post("/s/nowhere", url.Values{"score": {"9"}})
		if p.status == http.StatusTooManyRequests {
			p.want(t, 429, "One moment, please")
			return
		}
	}
	t.Error("nobody is told to wait")
}

// TestLaterClickStands: of two clicks in a mail with nothing more the later one counts,
// on the same device or another, and none changes what somebody has sent.
func TestLaterClickStands(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		for name, c := range map[string]struct {
			first func(p *somebody, at page) // with 9
			later time.Duration
			away  bool // on another device
			want  int
		}{
			"soon, elsewhere":  {looked, 5 * time.Minute, true, 3},
			"hours later":      {looked, 3 * time.Hour, false, 3},
			"after one counts": {looked, 3 * time.Hour, true, 3},
			"after a sent one": {func(p *somebody, at page) { p.sends(at, url.Values{"comment": {"Good"}}) }, time.Hour, true, 9},
		} {
			z := newZoo(t, s, clock, surveys.NPS)
			z.send(1)
			clock.Advance(time.Hour)
			l := z.letters[0]
			p := z.somebody(l, safari, home)
			c.first(p, p.opens(9))
			clock.Advance(c.later)
			if c.later > time.Hour {
				z.judged()
			}
			q := p
			if c.away {
				q = z.somebody(l, chrome, away)
			}
			if at := q.opens(3); at.Find("form").AttrOr("data-seen", "") != "" {
				q.looks(at)
			}
			z.judged()
			if list := z.answers(z.asked); len(list) != 1 || list[0].Score != c.want || name == "after a sent one" && list[0].Comment != "Good" {
				t.Errorf("%s: counted %+v", name, list)
			}
			z.wantRollups(z.asked, 1)
		}
	})
}

func looked(p *somebody, at page) { p.looks(at) }
