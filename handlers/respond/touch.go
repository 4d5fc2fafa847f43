package respond

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// client names who asks, as far as it may be remembered.
func (p *pages) client(c echo.Context, in flow.Invited) []byte {
	return surveys.ClientOf(in.Office.Secret, address(c), c.Request().UserAgent())
}

func address(c echo.Context) netip.Addr {
	found, _ := netip.ParseAddr(c.RealIP()) // none is a client, too
	return found
}

// touch notes that somebody, or something, asked for an invitation's page.
func (p *pages) touch(c echo.Context, in flow.Invited, kind surveys.TouchKind, score *int) {
	p.note(c, in, surveys.Touch{Kind: kind, Score: score})
}

// note completes a touch and hands it to the queue. Nobody waits for it.
func (p *pages) note(c echo.Context, in flow.Invited, t surveys.Touch) {
	if p.Touches == nil || in.Invitation.ID == "" {
		return
	}
	request, now := c.Request(), p.Store.Now()
	t.WorkspaceID, t.InvitationID, t.At, t.Method = in.Office.ID, in.Invitation.ID, now, request.Method
	t.Agent, t.Client = surveys.AgentOf(request.UserAgent(), address(c)), p.client(c, in)
	t.Receiver = surveys.ReceiverKey(in.Office.Secret, in.Invitation.Email)
	t.Prefetch, t.Fetch = prefetched(request.Header), fetchWords(request.Header)
	t.Delay = -1
	if sent := in.Invitation.SentAt; sent != nil && !now.Before(*sent) {
		t.Delay = now.Sub(*sent).Truncate(time.Second)
	}
	p.Touches.Add(t)
}

// prefetched reports whether a browser loads a page ahead, in case that somebody
// wants it.
func prefetched(header http.Header) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		value := strings.ToLower(header.Get(name))
		if strings.Contains(value, "prefetch") || strings.Contains(value, "prerender") || strings.Contains(value, "preview") {
			return true
		}
	}
	return false
}

// fetchWords are the headers by which a browser says why it asks, cut short.
func fetchWords(header http.Header) string {
	var words []string
	for _, name := range []string{"Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Fetch-User"} {
		value := header.Get(name)
		if value == "" {
			value = "-"
		}
		words = append(words, strings.ToValidUTF8(strings.ReplaceAll(value[:min(len(value), 20)], "\x00", ""), ""))
	}
	return strings.Join(words, " ")
}

// scoreOf is the score that an address or a form chooses, if it is on the scale;
// the kind of touch that opening such an address is.
func scoreOf(text string, survey surveys.Survey) (*int, surveys.TouchKind) {
	score, err := strconv.Atoi(text)
	if err != nil || !survey.Metric.Scale().Contains(score) {
		return nil, surveys.TouchPage
	}
	return &score, surveys.TouchScore
}

// trap is the link of a letter that no person sees. It says nothing, at once.
func (p *pages) trap(c echo.Context) error {
	in, err := p.Answers.OpenUnsubscribe(c.Request().Context(), surveys.Token(c.Param("token")))
	if err != nil {
		return err
	}
	p.touch(c, in, surveys.TouchTrap, nil)
	return c.NoContent(http.StatusOK)
}

// act is how a form was sent.
func (p *pages) act(c echo.Context, in flow.Invited, f form) surveys.Act {
	seal, state := surveys.OpenSeal(in.Office.Secret, surveys.Token(c.Param("token")), f.seal, p.Now())
	return surveys.Act{
		Client: p.client(c, in), Seal: state,
		Human: f.pressed || f.trusted || f.comment != "" || f.score != seal.Chosen,
	}
}

// seen takes it in that a page with a score chosen by its link was looked at for
// some seconds: an answer that nobody has sent. It promises nothing.
func (p *pages) seen(c echo.Context) error {
	v, in, err := p.invited(c)
	if err != nil {
		return err
	}
	f, err := p.readForm(c)
	if err != nil {
		return err
	}
	given, wrong := f.given(v, in.Survey)
	act := p.act(c, in, f)
	if wrong != nil || act.Seal != surveys.SealGood {
		return c.NoContent(http.StatusNoContent)
	}
	act.Seen, given.Asked = true, []string{}
	p.note(c, in, surveys.Touch{Kind: surveys.TouchSeen, Score: &given.Score})
	if _, err := p.Answers.Weigh(c.Request().Context(), in, given, act); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
