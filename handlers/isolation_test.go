package handlers_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/handlers"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
	"github.com/harkhq/hark/templates/layouts"
)

// newServer is the whole handler on a store, with an empty mailbox.
func newServer(t *testing.T, s *store.Store) *echo.Echo {
	t.Helper()
	server, _ := newDemo(t, s)
	return server
}

// newDemo is the whole handler on a store, and the mailbox that it shows.
func newDemo(t testing.TB, s *store.Store) (*echo.Echo, *mailer.Mailbox) {
	t.Helper()
	catalogue := webtest.Catalogue(t)
	assets := webtest.Assets(t)
	address, err := url.Parse("http://hark.example")
	if err != nil {
		t.Fatal(err)
	}
	ingest := store.NewIngest(s, nil)
	t.Cleanup(ingest.Close)
	mailbox, err := mailer.OpenMailbox(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mailbox.Close() })
	directory := flow.NewDirectory(s)
	answers := flow.NewAnswers(s, directory, ingest)
	trials, err := mailer.NewTrials(mailer.TrialsOptions{URL: address, Catalogue: catalogue, Now: s.Now})
	if err != nil {
		t.Fatal(err)
	}
	senders, err := mailer.NewSenders(mailer.SendersOptions{Store: s, Vault: storetest.Vault(t), From: "feedback@server.example"})
	if err != nil {
		t.Fatal(err)
	}
	return handlers.New(handlers.Options{
		Site: &web.Site{
			Store: s, Directory: directory, Answers: answers, Cancelling: flow.NewCancelling(s, directory, answers), Receiver: flow.NewReceiver(s, nil),
			Visitors: flow.NewVisitors(s, storetest.Vault(t)), Asking: flow.NewAsking(s), Team: flow.NewTeam(s), Assets: assets, Catalogue: catalogue, Log: slog.New(slog.DiscardHandler),
			URL: address, Demo: func() *layouts.Demo { return &layouts.Demo{} }, Now: s.Now, Trials: trials, Senders: senders, Sending: flow.NewSending(flow.SendingOptions{Store: s, Vault: storetest.Vault(t), Resolver: new(net.Resolver), From: "feedback@server.example"}),
		},
		Metrics: handlers.NewMetrics("test"), Mailbox: mailbox, Ready: s.Ping,
	}), mailbox
}

// company is a workspace with one of everything that a route can name.
type company struct {
	workspace  surveys.Workspace
	survey     surveys.Survey
	rule       surveys.Rule
	person     surveys.Person
	key        surveys.APIKey
	invitation surveys.Invitation
	response   surveys.Response
	benchmark  surveys.Benchmark
	suppressed string // the key of an address that gets no mail
	note       surveys.Note
	share      surveys.Share
	dkim       surveys.DKIMKey
	identity   surveys.IdentityKey
	flow       surveys.CancelFlow
	shared     surveys.Token
	digest     surveys.Token
	theme      themes.Theme
	cookie     string // a session of its owner
	bearer     string // an API key that may do everything
	answer     surveys.Token
	out        surveys.Token
}

func found(t *testing.T, s *store.Store) company {
	t.Helper()
	c := company{workspace: storetest.Workspace(t, s)}
	c.survey = storetest.Survey(t, s, c.workspace.ID, surveys.NPS)
	c.rule = storetest.Rule(t, s, c.survey)
	c.person = storetest.Person(t, s, c.workspace.ID)
	c.invitation = storetest.Invitation(t, s, c.survey, c.person)
	c.response = storetest.Answer(t, s, c.survey, 9)
	c.benchmark = storetest.Benchmark(t, s, c.workspace.ID, surveys.NPS)
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.Suppress(ctx, c.workspace, "stopped@customers.example", surveys.SuppressedByTeam)
	})
	held, err := s.SuppressedAddress(t.Context(), c.workspace, "stopped@customers.example")
	if err != nil {
		t.Fatal(err)
	}
	c.suppressed = hex.EncodeToString(held.Key)
	c.theme = storetest.Theme(t, s, c.workspace.ID)
	c.note = storetest.Note(t, s, c.survey)
	c.dkim = storetest.DKIMKeys(t, s, c.workspace.ID, "shop.example", surveys.DKIMSigning)[0]
	if c.identity, _, err = flow.NewVisitors(s, storetest.Vault(t)).AddKey(t.Context(), c.workspace.ID, surveys.IdentityHS256, ""); err != nil {
		t.Fatal(err)
	}
	if c.flow, err = flow.NewCancelling(s, flow.NewDirectory(s), nil).CreateFlow(t.Context(), c.workspace.ID, surveys.CancelFlow{Name: "Leaving"}); err != nil {
		t.Fatal(err)
	}
	storetest.Sender(t, s, c.workspace.ID)
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.SaveStream(ctx, surveys.Stream{WorkspaceID: c.workspace.ID, Receiver: c.receiver()}.Rest(surveys.StreamPolicy, "550 5.7.26 no", 0, s.Now()))
	})
	c.share, c.shared = storetest.Share(t, s, c.workspace, c.survey)
	owner := storetest.User(t, s, c.workspace.ID, surveys.Owner)
	c.cookie = "hark_session=" + string(storetest.Token(t, s, c.workspace, surveys.PurposeSession, owner.ID))
	c.digest = storetest.Token(t, s, c.workspace, surveys.PurposeDigest, owner.ID)
	c.answer = storetest.Token(t, s, c.workspace, surveys.PurposeAnswer, c.invitation.ID)
	c.out = storetest.Token(t, s, c.workspace, surveys.PurposeUnsubscribe, c.invitation.ID)
	key, secret, err := flow.NewTeam(s).AddKey(context.Background(), c.workspace, "all", surveys.Scopes())
	if err != nil {
		t.Fatal(err)
	}
	c.key, c.bearer = key, surveys.APIKeyPrefix+string(secret)
	return c
}

// kept is what a company has stored, to compare before and after.
func (c company) kept(t *testing.T, s *store.Store) []any {
	t.Helper()
	ctx := context.Background()
	var all []any
	add := func(value any, err error) {
		if err != nil {
			t.Errorf("read what the other workspace has: %v", err)
		}
		all = append(all, value)
	}
	w, err := s.Workspace(ctx, c.workspace.ID)
	add(w, err)
	survey, err := s.Survey(ctx, c.workspace.ID, c.survey.ID)
	add(survey, err)
	rule, err := s.Rule(ctx, c.workspace.ID, c.rule.ID)
	add(rule, err)
	person, err := s.Person(ctx, c.workspace.ID, c.person.ID)
	add(person, err)
	key, err := s.APIKey(ctx, c.workspace.ID, c.key.ID)
	add(key, err)
	streams, err := s.Streams(ctx, c.workspace.ID)
	add(streams, err)
	invitation, err := s.Invitation(ctx, c.workspace.ID, c.invitation.ID)
	add(invitation, err)
	responses, err := s.CountResponses(ctx, c.workspace.ID, store.ResponseFilter{})
	add(responses, err)
	wanted, err := s.Themes(ctx, c.workspace.ID)
	add(wanted, err)
	benchmarks, err := s.Benchmarks(ctx, c.workspace.ID)
	add(benchmarks, err)
	notes, err := s.Notes(ctx, c.workspace.ID, store.NoteFilter{})
	add(notes, err)
	shares, err := s.Shares(ctx, c.workspace.ID, c.survey.ID)
	add(shares, err)
	sender, err := s.Sender(ctx, c.workspace.ID)
	add(sender, err)
	keys, err := s.DKIMKeys(ctx, c.workspace.ID)
	add(keys, err)
	flows, err := s.CancelFlows(ctx, c.workspace.ID)
	add(flows, err)
	identities, err := s.IdentityKeys(ctx, c.workspace.ID)
	add(identities, err)
	suppressed, err := s.Suppression(ctx, c.workspace, c.person.Email)
	add(suppressed, err)
	return all
}

// foreign lists the paths of a route with the other company's ids in its
// places: in all of them, and only in the last of two.
func foreign(route string, mine, theirs company) []string {
	if head, ok := strings.CutSuffix(route, "/:survey/responses/:response"); ok {
		return []string{head + "/" + theirs.survey.ID + "/responses/" + theirs.response.ID, head + "/" + mine.survey.ID + "/responses/" + theirs.response.ID}
	}
	if head, ok := strings.CutSuffix(route, "/:id/chart/:file"); ok {
		return []string{head + "/" + theirs.survey.ID + "/chart/trend.csv"}
	}
	if head, ok := strings.CutSuffix(route, "/:id/code.:kind"); ok {
		return []string{head + "/" + theirs.survey.ID + "/code.svg"}
	}
	if head, ok := strings.CutSuffix(route, "/:id/embed/visitors/keys/:key/remove"); ok {
		key := "/embed/visitors/keys/" + theirs.identity.ID + "/remove"
		return []string{head + "/" + theirs.survey.ID + key, head + "/" + mine.survey.ID + key}
	}
	if head, ok := strings.CutSuffix(route, "/:flow/visitors/keys/:key/remove"); ok {
		key := "/visitors/keys/" + theirs.identity.ID + "/remove"
		return []string{head + "/" + theirs.flow.ID + key, head + "/" + mine.flow.ID + key}
	}
	if head, ok := strings.CutSuffix(route, "/:id/held/:held/:move"); ok {
		aside := "/held/" + theirs.response.ID + "/aside"
		return []string{head + "/" + theirs.survey.ID + aside, head + "/" + mine.survey.ID + aside}
	}
	if head, ok := strings.CutSuffix(route, "/chart/:file"); ok {
		return []string{head + "/chart/" + theirs.survey.ID + ".csv", head + "/chart/survey-" + theirs.survey.ID + ".svg"}
	}
	head, rest, _ := strings.Cut(route, "/:")
	_, tail, more := strings.Cut(rest, "/")
	if more {
		tail = "/" + tail
	}
	id := idOf(head+"/:", theirs)
	if id == "" || strings.Contains(tail, ":") {
		return nil
	}
	return []string{head + "/" + id + tail}
}

// idOf is what a company has in the place of a route.
func idOf(route string, c company) string {
	switch {
	case strings.HasSuffix(route, "surveys/:"):
		return c.survey.ID
	case strings.HasSuffix(route, "/notes/:"):
		return c.note.ID
	case strings.HasPrefix(route, "/shares/:"):
		return c.share.ID
	case strings.HasPrefix(route, "/asking/:"), strings.HasPrefix(route, "/asking/lists/:"):
		return c.rule.ID
	case strings.HasPrefix(route, "/cancellations/:"):
		return c.flow.ID
	case strings.HasPrefix(route, "/people/:"):
		return c.person.ID
	case strings.HasPrefix(route, "/settings/keys/:"):
		return c.key.ID
	case strings.HasPrefix(route, "/settings/sending/keys/:"):
		return c.dkim.ID
	case strings.HasPrefix(route, "/settings/sending/streams/:"):
		return string(c.receiver())
	case strings.HasPrefix(route, "/settings/themes/:"):
		return c.theme.ID
	case strings.HasSuffix(route, "/benchmarks/:"):
		return c.benchmark.ID
	case strings.HasPrefix(route, "/settings/suppressions/:"), strings.HasSuffix(route, "/v1/suppressions/:"):
		return c.suppressed
	}
	return ""
}

// receiver is a domain whose mails rest, and that only this company writes to.
func (c company) receiver() surveys.Receiver { return surveys.Receiver(c.dkim.ID + ".example") }

// TestEveryRouteKeepsWorkspacesApart walks every route that names something
// with another workspace's id: each says that there is no such thing, and
// changes nothing there.
func TestEveryRouteKeepsWorkspacesApart(t *testing.T) {
	t.Parallel()
	storetest.BothAt(t, time.Now, func(t *testing.T, s *store.Store) {
		mine, theirs := found(t, s), found(t, s)
		server := newServer(t, s)
		before := theirs.kept(t, s)
		walked := 0
		for _, route := range server.Routes() {
			if !strings.Contains(route.Path, "/:") || route.Method == echo.RouteNotFound || isPublic(route.Path) || isMailbox(route.Path) {
				continue
			}
			paths := foreign(route.Path, mine, theirs)
			if len(paths) == 0 {
				t.Errorf("%s %s names something that this test does not know: add it", route.Method, route.Path)
			}
			header := [2]string{"Cookie", mine.cookie}
			if strings.HasPrefix(route.Path, "/api/") {
				header = [2]string{"Authorization", "Bearer " + mine.bearer}
			}
			for _, path := range paths {
				walked++
				if status := ask(server, route.Method, path, header); status != http.StatusNotFound {
					t.Errorf("%s %s answers a member of another workspace with %d, want 404", route.Method, path, status)
				}
			}
		}
		if walked < 15 {
			t.Errorf("only %d routes were walked", walked)
		}
		if after := theirs.kept(t, s); !reflect.DeepEqual(before, after) {
			t.Errorf("the other workspace changed:\n%+v\nwas\n%+v", after, before)
		}
	})
}

// isPublic reports whether a route's place takes a token, which names its own
// workspace, as TestTokensOpenOneDoor shows, or what a provider signed for one, as
// the tests of handlers/hooks do.
func isPublic(route string) bool {
	for _, prefix := range []string{"/s/", "/e/", "/c/", "/k/", "/r/", "/u/", "/h/", "/logo/", "/sign-in/", "/share/", "/digest/", "/hooks/mail/", static.Prefix} {
		if strings.HasPrefix(route, prefix) {
			return true
		}
	}
	return false
}

// isMailbox reports whether a route names a letter of the demo's mailbox, which
// holds the mail of the whole server: letters are files that belong to no
// workspace, and the demo has one. Who may open them is for
// TestLettersAskForASession to say.
func isMailbox(route string) bool { return strings.HasPrefix(route, "/mailbox/:") }

func ask(server http.Handler, method, path string, headers ...[2]string) int {
	body, kind := "score=9&status=paused&action=stop&List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
	if strings.HasPrefix(path, "/api/") {
		body, kind = `{"score":9}`, "application/json"
	}
	if method == http.MethodGet || method == http.MethodHead {
		body = ""
	}
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Content-Type", kind)
	for _, header := range headers {
		request.Header.Set(header[0], header[1])
	}
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	return recorder.Code
}

// TestTokensOpenOneDoor tries each token at every other door, and with the
// other workspace's key in front: nothing opens, and nothing changes.
func TestTokensOpenOneDoor(t *testing.T) {
	t.Parallel()
	storetest.BothAt(t, time.Now, func(t *testing.T, s *store.Store) {
		mine, theirs := found(t, s), found(t, s)
		server := newServer(t, s)
		before := theirs.kept(t, s)
		crossed := func(token surveys.Token) string {
			return mine.workspace.Key + string(token)[surveys.KeyLength:]
		}
		session := strings.TrimPrefix(theirs.cookie, "hark_session=")
		for name, path := range map[string]string{
			"unsubscribe token at the answer":     "/r/" + string(theirs.out),
			"answer token at the unsubscribe":     "/u/" + string(theirs.answer),
			"session at the answer":               "/r/" + session,
			"session at the one-time sign-in":     "/sign-in/" + session,
			"answer with another workspace's key": "/r/" + crossed(theirs.answer),
			"way out with another workspace's":    "/u/" + crossed(theirs.out),
			"kiosk with another workspace's":      "/k/" + mine.workspace.Key + theirs.survey.Key,
			"frame with another workspace's":      "/e/" + mine.workspace.Key + theirs.survey.Key,
			"survey with another workspace's":     "/s/" + mine.workspace.Key + theirs.survey.Key,
			"no token at all":                     "/r/x",
			"share token at the answer":           "/r/" + string(theirs.shared),
			"share token at the digest":           "/digest/" + string(theirs.shared),
			"answer token at the shared report":   "/share/" + string(theirs.answer),
			"shared with another workspace's key": "/share/" + crossed(theirs.shared),
			"way out of digests at the way out":   "/u/" + string(theirs.digest),
			"digest with another workspace's key": "/digest/" + crossed(theirs.digest),
			"a token of the right length":         "/r/" + strings.Repeat("A", surveys.TokenLength),
		} {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
				status := ask(server, method, path)
				if status != http.StatusNotFound && (status != http.StatusMethodNotAllowed || method == http.MethodGet) {
					t.Errorf("%s: %s answers %d, want 404", name, method, status)
				}
			}
		}
		for name, header := range map[string][2]string{
			"answer token as a session":  {"Cookie", "hark_session=" + string(theirs.answer)},
			"API key as a session":       {"Cookie", "hark_session=" + strings.TrimPrefix(theirs.bearer, surveys.APIKeyPrefix)},
			"session of another's":       {"Cookie", "hark_session=" + crossed(surveys.Token(session))},
			"session as an API key":      {"Authorization", "Bearer " + surveys.APIKeyPrefix + session},
			"share token as a session":   {"Cookie", "hark_session=" + string(theirs.shared)},
			"share token as an API key":  {"Authorization", "Bearer " + surveys.APIKeyPrefix + string(theirs.shared)},
			"answer token as an API key": {"Authorization", "Bearer " + surveys.APIKeyPrefix + string(theirs.answer)},
		} {
			office, api := ask(server, http.MethodGet, "/people", header), ask(server, http.MethodGet, "/api/v1/surveys", header)
			if office != http.StatusSeeOther || api != http.StatusUnauthorized {
				t.Errorf("%s: the office answers %d, the API %d; want 303 to sign in, and 401", name, office, api)
			}
		}
		if after := theirs.kept(t, s); !reflect.DeepEqual(before, after) {
			t.Errorf("something changed:\n%v\nwas\n%v", fmt.Sprint(after), fmt.Sprint(before))
		}
	})
}

// TestLettersAskForASession opens a letter that is in the mailbox: a member
// sees it, and no other token or key opens it, nor the lack of one.
func TestLettersAskForASession(t *testing.T) {
	t.Parallel()
	storetest.BothAt(t, time.Now, func(t *testing.T, s *store.Store) {
		owner := found(t, s)
		server, mailbox := newDemo(t, s)
		letter := "From: shop@hark.example\r\nTo: ann@customers.example\r\nSubject: How did we do?\r\nContent-Type: text/html\r\n\r\n<p>/r/" + string(owner.answer) + "</p>\r\n"
		if result := mailbox.Deliver(context.Background(), store.Letter{Message: []byte(letter)}); result.Outcome != mailer.Sent {
			t.Fatalf("the letter is %+v", result)
		}
		heads, err := mailbox.List(1)
		if err != nil || len(heads) != 1 {
			t.Fatalf("%d letters in the mailbox, %v", len(heads), err)
		}
		for name, who := range map[string]struct {
			header [2]string
			status int
		}{
			"a member":                    {[2]string{"Cookie", owner.cookie}, http.StatusOK},
			"nobody":                      {[2]string{}, http.StatusSeeOther},
			"whom it asks":                {[2]string{"Cookie", "hark_session=" + string(owner.answer)}, http.StatusSeeOther},
			"an API key":                  {[2]string{"Authorization", "Bearer " + owner.bearer}, http.StatusSeeOther},
			"an API key as the session's": {[2]string{"Cookie", "hark_session=" + strings.TrimPrefix(owner.bearer, surveys.APIKeyPrefix)}, http.StatusSeeOther},
		} {
			for _, tail := range []string{"", "/html"} {
				if status := ask(server, http.MethodGet, "/mailbox/"+heads[0].ID+tail, who.header); status != who.status {
					t.Errorf("%s gets %d of the letter%s, want %d", name, status, tail, who.status)
				}
			}
		}
	})
}
