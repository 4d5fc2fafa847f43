package mailer

import (
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestLanesOfAReceiver: of the lanes to a mail server a group of receivers gets so
// many, of all workspaces together, and what is left goes to others meanwhile. A
// lane that finds only letters of busy groups ends.
func TestLanesOfAReceiver(t *testing.T) {
	t.Parallel()
	r := newRoads(10).to("", false)
	letter := func(ws surveys.WorkspaceID, domain string) ready {
		return ready{batch: &batch{workspace: surveys.Workspace{ID: ws}}, invitation: surveys.Invitation{Email: "a@" + domain}}
	}
	for n := range 12 {
		ws := surveys.WorkspaceID("ab"[n%2 : n%2+1])
		if another := r.put(letter(ws, "yahoo.com"), 10); another != (n < 10) {
			t.Errorf("letter %d wants another lane: %t", n, another)
		}
	}
	r.put(letter("b", "shop.example"), 10)
	taken := make(map[surveys.Receiver][]ready)
	for {
		next, found, wait := r.take(storetest.Start())
		if wait != 0 {
			t.Errorf("it waits %s", wait)
		}
		if !found {
			break
		}
		receiver := surveys.ReceiverOf(next.invitation.Email)
		taken[receiver] = append(taken[receiver], next)
	}
	if len(taken[surveys.Yahoo]) != surveys.Yahoo.UsualLanes() || len(taken[surveys.Others]) != 1 {
		t.Errorf("%d letters to Yahoo and %d to others are on their way", len(taken[surveys.Yahoo]), len(taken[surveys.Others]))
	}
	if !r.leave() {
		t.Error("a lane with nothing to do stays")
	}
	if r.put(letter("a", "yahoo.com"), 10) || !r.put(letter("a", "shop.example"), 10) {
		t.Error("a letter to Yahoo wants a lane that it does not get, or one to others wants none")
	}
	r.landed(taken[surveys.Yahoo][0])
	if r.leave() {
		t.Error("a lane ends although Yahoo gets another letter")
	}
	if _, found, _ := r.take(storetest.Start()); !found {
		t.Error("nothing follows a letter that landed")
	}
}
