package office

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestStreamsAreShown: what went to whom in the last week, what does not go and
// why in plain words with the server's own, and a button that lets it go on; the
// bar says so to those who may do something about it.
func TestStreamsAreShown(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x, other := newSendingDesk(t, s, storetest.Vault(t)), storetest.Workspace(t, s)
		p := x.m.get("/settings/sending").want(http.StatusOK)
		p.has("#streams .outcome", 0)
		p.has("#streams tbody tr", 4)
		p.has("nav .mark", 0)
		p.says("#streams tbody tr:nth-child(1)", "GmailGoes000")
		now := s.Now()
		rest := func(ws surveys.WorkspaceID, receiver surveys.Receiver, cause surveys.StreamCause, why string) surveys.Stream {
			return surveys.Stream{WorkspaceID: ws, Receiver: receiver}.Rest(cause, why, 60, now)
		}
		tried := rest(x.w.ID, surveys.Yahoo, surveys.StreamRefused, "550 5.1.1 who?")
		past := now.Add(-time.Minute)
		tried.Until = &past
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			for _, stream := range []surveys.Stream{
				rest(x.w.ID, surveys.Gmail, surveys.StreamPolicy, "550 5.7.26 <b>not</b> authenticated"), tried, rest(x.w.ID, "shop.example", surveys.StreamBusy, "421 4.7.0 slowly"),
				rest(x.w.ID, surveys.Others, surveys.StreamReturned, "11/32"),
				rest(other.ID, surveys.Microsoft, surveys.StreamPolicy, "another's"),
			} {
				if err := tx.SaveStream(ctx, stream); err != nil {
					return err
				}
			}
			day := surveys.StreamDayOf(now)
			return tx.AddStreamDays(ctx, x.w.ID, []surveys.StreamDay{
				{Receiver: surveys.Gmail, Day: day, StreamSum: surveys.StreamSum{Sent: 1200, Refused: 1, Bounced: 2, Complaints: 1}}, {Receiver: surveys.Gmail, Day: day - 6, StreamSum: surveys.StreamSum{Sent: 34}},
				{Receiver: surveys.Gmail, Day: day - 7, StreamSum: surveys.StreamSum{Sent: 9999}},
			})
		})
		p = x.m.get("/settings/sending").want(http.StatusOK)
		p.says("#streams tbody tr:nth-child(1)", "GmailRests1,23431")
		p.says("#streams tbody tr:nth-child(3)", "Tried again")
		p.says("#streams tbody tr:nth-child(2)", "Goes")
		p.has("#streams .outcome", 5)
		p.has("#streams .outcome.bad", 2)
		p.has("#streams .outcome form", 3)
		p.says("#streams .outcome:nth-of-type(4)", "11 of 32 letters to all other receivers within two days came back for good")
		p.says("#streams .outcome:nth-of-type(1)", "More people than usual")
		p.says("#streams .outcome:nth-of-type(2)", "The mail servers of Gmail do not believe that these mails are yours")
		p.says("#streams .outcome:nth-of-type(2) code", "550 5.7.26 <b>not</b> authenticated")
		p.says("#says", "Some mails do not leave")
		p.says("nav .mark", "(mails rest)")
		p = x.m.get("/settings")
		p.says(".place .note", "Some mails do not leave")
		p = x.as(surveys.Viewer).get("/settings")
		p.has("nav .mark", 0)
		p.has(".place .note", 0)

		x.m.post("/settings/sending/streams/gmail", nil).seesOther("/settings/sending")
		x.m.post("/settings/sending/streams/shop.example", nil).seesOther("/settings/sending")
		x.m.post("/settings/sending/streams/gmail", nil).seesOther("/settings/sending") // twice does no harm
		x.as(surveys.Agent).post("/settings/sending/streams/yahoo", nil).want(http.StatusForbidden)
		p = x.m.get("/settings/sending")
		p.says("#streams tbody tr:nth-child(1)", "Goes")
		p.has("#streams .outcome", 3)
		if streams, err := s.Streams(t.Context(), other.ID); err != nil || len(streams) != 1 || !streams[0].Rests(now) {
			t.Errorf("the other's: %+v, %v", streams, err)
		}

		stopped := surveys.Stream{WorkspaceID: x.w.ID, Receiver: surveys.AllAtOnce, Cause: surveys.StreamComplaints, Why: "4/1234", Since: now, UpdatedAt: now}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveStream(ctx, stopped) })
		p = x.m.get("/settings/sending")
		p.says("#streams .outcome.bad", "4 of 1234 letters in seven days")
		p.says("#streams tbody tr:nth-child(2)", "Stopped")
		x.m.post("/settings/sending/streams/all", nil).seesOther("/settings/sending")
		x.m.post("/settings/sending/streams/others", nil).seesOther("/settings/sending")
		p = x.m.get("/settings/sending")
		p.has("#streams .outcome.bad", 0)
	})
}

// TestPaceIsWritten: letters a second, warming up and what becomes of letters of
// unknown fate; who warms up already begins nothing anew.
func TestPaceIsWritten(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newSendingDesk(t, s, storetest.Vault(t))
		p := x.m.get("/settings/sending").want(http.StatusOK)
		p.has("#pace input[name=pace_warm][checked]", 0)
		p.has("#pace input[value=once][checked]", 1)
		p.says("#pace details", "day 1: 50 · day 2: 75 · day 3: 112 · day 7: 569 · day 14: 9,730")
		p.says("#pace details", "On day 15 it is more than 10,000 a day")
		form := func(perSecond, warm, again string) url.Values {
			v := url.Values{"pace_per_second": {perSecond}, "pace_unresolved": {again}}
			if warm != "" {
				v.Set("pace_warm", warm)
			}
			return v
		}
		for _, wrong := range []string{"0", "-1", "fast", "10001", "1.5"} {
			q := x.m.post("/settings/sending/pace", form(wrong, "on", "never")).want(http.StatusUnprocessableEntity)
			q.has("#field-pace_per_second-error", 1)
			q.has("#pace input[value='"+wrong+"']", 1)
			q.has("#pace input[name=pace_warm][checked]", 1)
		}
		p = x.m.post("/settings/sending/pace", form("", "", "")).want(http.StatusUnprocessableEntity)
		p.has("#field-pace_unresolved-error", 1)
		begun := s.Now()
		x.m.post("/settings/sending/pace", form(" 14 ", "on", "never")).seesOther("/settings/sending")
		clock.Advance(49 * time.Hour)
		p = x.as(surveys.Manager).get("/settings/sending")
		p.has("#pace input[value='14']", 1)
		p.has("#pace input[name=pace_warm][checked]", 1)
		p.has("#pace input[value=never][checked]", 1)
		p.says("#pace details", "Today is day 3: up to 112 letters to each receiver.")
		m := x.as(surveys.Manager)
		m.post("/settings/sending/pace", form("", "on", "once")).seesOther("/settings/sending")
		if pace, err := s.Pace(t.Context(), x.w.ID); err != nil || pace.PerSecond != 0 || pace.WarmUpSince == nil || !pace.WarmUpSince.Equal(begun) || pace.Unresolved != surveys.ResendOnce {
			t.Errorf("%+v, %v", pace, err)
		}
		m.post("/settings/sending/pace", form("", "", "once")).seesOther("/settings/sending")
		if pace, err := s.Pace(t.Context(), x.w.ID); err != nil || pace.WarmUpSince != nil {
			t.Errorf("%+v, %v", pace, err)
		}
		x.as(surveys.Agent).post("/settings/sending/pace", form("", "", "once")).want(http.StatusForbidden)
	})
}

// TestReceiversGetTheirPace: owners say how many letters a minute each group of
// receivers gets; others read it.
func TestReceiversGetTheirPace(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newSendingDesk(t, s, storetest.Vault(t))
		owner, manager := x.as(surveys.Owner), x.as(surveys.Manager)
		p := owner.get("/settings/sending").want(http.StatusOK)
		p.has("#receivers input", 4)
		p.says("#receivers", "Usual: 3,000")
		p.says("#receivers", "Usual: no limit")
		form := func(gmail, others string) url.Values {
			return url.Values{"pace_gmail": {gmail}, "pace_microsoft": {""}, "pace_yahoo": {" "}, "pace_others": {others}}
		}
		for _, wrong := range []string{"0", "-1", "fast", "600001"} {
			q := owner.post("/settings/sending/receivers", form("600", wrong)).want(http.StatusUnprocessableEntity)
			q.has("#field-pace_others-error", 1)
			q.has("#receivers input[value='600']", 1)
			q.has("#receivers input[value='"+wrong+"']", 1)
		}
		manager.post("/settings/sending/receivers", form("600", "")).want(http.StatusForbidden)
		owner.post("/settings/sending/receivers", form(" 600 ", "20")).seesOther("/settings/sending")
		p = owner.get("/settings/sending")
		p.has("#receivers input[value='600']", 1)
		p.has("#receivers input[value='20']", 1)
		p = manager.get("/settings/sending")
		p.has("#receivers input", 0)
		p.says("#receivers", "Gmail: 600 · Outlook, Hotmail: 1,800 · Yahoo, AOL: 1,200 · All others: 20")
		paces, err := s.ReceiverPaces(t.Context(), x.w.ID)
		if err != nil || paces[0].PerMinute != 600 || paces[1].PerMinute != 0 || paces[3].PerMinute != 20 {
			t.Errorf("%+v, %v", paces, err)
		}
	})
}
