package northwind_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/expr-lang/expr"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

func testCounts(t *testing.T, f filled) {
	c := f.story.Counts
	for name, table := range map[string]struct{ told, least int }{
		"people": {c.People, 5000}, "events": {c.Events, 100_000}, "responses": {c.Responses, 50_000},
		"decisions": {c.Decisions, 25_000}, "invitations": {c.Invitations, 10_000},
	} {
		if stored := f.count(t, "SELECT count(*) FROM "+name); stored != table.told || stored < table.least {
			t.Errorf("%d %s are stored, the story tells of %d, and %d are the least", stored, name, table.told, table.least)
		}
	}
	if n := f.count(t, "SELECT count(*) FROM responses WHERE comment <> ''"); n != c.Comments {
		t.Errorf("%d comments are stored, the story tells of %d", n, c.Comments)
	}
}

func testRecount(t *testing.T, f filled) {
	differences, err := f.store.Recount(context.Background(), f.story.Workspace.ID)
	if err != nil || len(differences) > 0 {
		t.Errorf("the rollups differ from the answers: %+v, %v", differences, err)
	}
}

// Each query counts rows that must not be there.
func testRowsBelongTogether(t *testing.T, f filled) {
	linked := f.story.Linked
	for name, query := range map[string]string{
		"foreign keys without their row":             "SELECT count(*) FROM pragma_foreign_key_check",
		"events of nobody":                           "SELECT count(*) FROM events e LEFT JOIN people p ON p.id = e.person_id WHERE p.id IS NULL OR p.created_at > e.occurred_at",
		"events that are still to come":              "SELECT count(*) FROM events, (SELECT ? AS now) WHERE occurred_at > now OR received_at < occurred_at",
		"linked events that no rule decided about":   "SELECT count(*) FROM events e LEFT JOIN decisions d ON d.event_id = e.id WHERE e.type IN ('order_completed', 'order_delivered', 'ticket_solved') AND d.event_id IS NULL AND julianday(e.received_at) - 2440587.5 > ?",
		"decisions of another survey's rule":         "SELECT count(*) FROM decisions d JOIN rules r ON r.id = d.rule_id JOIN events e ON e.id = d.event_id WHERE r.survey_id <> d.survey_id OR r.event_type <> e.type OR r.created_at > d.created_at",
		"scheduled decisions without an invitation":  "SELECT count(*) FROM decisions d LEFT JOIN invitations i ON i.id = d.invitation_id AND i.event_id = d.event_id AND i.rule_id = d.rule_id AND julianday(i.send_at) - julianday(d.send_at) BETWEEN -0.00001 AND 0.042 WHERE (d.outcome = 'scheduled') <> (i.id IS NOT NULL)",
		"invitations that no decision scheduled":     "SELECT count(*) FROM invitations i LEFT JOIN decisions d ON d.invitation_id = i.id WHERE (d.event_id IS NULL) = (i.letter = 'invitation')",
		"invitations of another person's event":      "SELECT count(*) FROM invitations i JOIN events e ON e.id = i.event_id JOIN people p ON p.id = i.person_id WHERE e.person_id <> i.person_id OR p.email <> i.email",
		"answers that their invitation denies":       "SELECT count(*) FROM responses r LEFT JOIN invitations i ON i.id = r.invitation_id WHERE r.channel = 'mail' AND (i.id IS NULL OR i.response_id <> r.id OR i.answered_at <> r.answered_at OR i.person_id <> r.person_id OR i.survey_id <> r.survey_id)",
		"invitations whose answer is missing":        "SELECT count(*) FROM invitations i LEFT JOIN responses r ON r.id = i.response_id WHERE i.response_id IS NOT NULL AND (r.id IS NULL OR i.state <> 'sent')",
		"answers before the mail or after its end":   "SELECT count(*) FROM invitations WHERE answered_at IS NOT NULL AND (answered_at <= sent_at OR answered_at >= expires_at)",
		"mails sent before their time":               "SELECT count(*) FROM invitations WHERE sent_at < send_at OR (state = 'sent') <> (sent_at IS NOT NULL) OR (state IN ('failed', 'cancelled')) <> (problem <> '')",
		"letters that follow no letter":              "SELECT count(*) FROM invitations f LEFT JOIN invitations i ON i.id = f.about_id AND i.letter = 'invitation' AND i.person_id = f.person_id WHERE (f.letter <> 'invitation') <> (i.id IS NOT NULL) OR f.created_at < i.created_at",
		"reminders of what was answered":             "SELECT count(*) FROM invitations f JOIN invitations i ON i.id = f.about_id WHERE f.letter = 'reminder' AND f.state = 'sent' AND i.answered_at <= f.send_at",
		"letters to whom none followed":              "SELECT count(*) FROM invitations i JOIN rules r ON r.id = i.rule_id WHERE i.letter = 'invitation' AND i.state = 'sent' AND r.reminders <> '[]' AND NOT EXISTS (SELECT 1 FROM invitations f WHERE f.about_id = i.id AND f.letter = 'reminder')",
		"answers that are not thanked for":           "SELECT count(*) FROM invitations i WHERE i.answered_at < ? AND i.rule_id = ? AND i.wants_thanks = EXISTS (SELECT 1 FROM invitations f WHERE f.about_id = i.id AND f.letter = 'thanks')",
		"imports of the time when Hark itself asked": "SELECT count(*) FROM responses WHERE channel = 'import' AND day > ? + 30",
		"people of the code that is printed":         "SELECT count(*) FROM responses WHERE (channel = 'link') <> (person_id IS NULL)",
		"answers of people who came later":           "SELECT count(*) FROM responses r JOIN people p ON p.id = r.person_id WHERE p.created_at > r.answered_at",
		"segment values that are not admitted":       "SELECT count(*) FROM rollups r LEFT JOIN segment_values v ON v.key = r.key AND v.value = r.value WHERE r.key NOT IN ('', 'channel', 'version') AND v.key IS NULL",
		"ids in another order than their rows": "SELECT (SELECT count(*) FROM (SELECT answered_at, lag(answered_at) OVER (ORDER BY id) AS before FROM responses) WHERE substr(before, 1, 19) > substr(answered_at, 1, 19))" +
			" + (SELECT count(*) FROM (SELECT received_at, lag(received_at) OVER (ORDER BY id) AS before FROM events) WHERE substr(before, 1, 19) > substr(received_at, 1, 19))",
	} {
		var args []any
		switch name {
		case "events that are still to come":
			args = append(args, f.now)
		case "linked events that no rule decided about", "imports of the time when Hark itself asked":
			args = append(args, linked)
		case "answers that are not thanked for":
			args = append(args, f.now.Add(-2*surveys.ThanksDelay), f.story.Order.ID)
		}
		if n := f.count(t, query, args...); n != 0 {
			t.Errorf("%d %s", n, name)
		}
	}
}

// A rule's condition must say of each event what the year acted upon.
func testConditions(t *testing.T, f filled) {
	for _, rule := range []surveys.Rule{f.story.Order, f.story.Delivery, f.story.Ticket} {
		program, err := expr.Compile(rule.Condition, expr.AsBool())
		if err != nil {
			t.Fatalf("%s: %v", rule.Name, err)
		}
		rows, err := f.db.Query("SELECT e.properties, p.traits, d.outcome FROM decisions d JOIN events e ON e.id = d.event_id JOIN people p ON p.id = e.person_id WHERE d.rule_id = ? LIMIT 4000", rule.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		said := map[bool]int{}
		for rows.Next() {
			var properties, traits, outcome string
			if err := rows.Scan(&properties, &traits, &outcome); err != nil {
				t.Fatal(err)
			}
			result, err := expr.Run(program, map[string]any{
				"event": map[string]any{"properties": object(t, properties)}, "person": map[string]any{"traits": object(t, traits)},
			})
			if err != nil {
				t.Fatalf("%s: %v", rule.Name, err)
			}
			matched := result.(bool)
			said[matched]++
			if matched == (surveys.Outcome(outcome) == surveys.NotMatched) {
				t.Errorf("%s: the condition is %v of %s and %s, and the outcome %s", rule.Name, matched, properties, traits, outcome)
			}
		}
		if err := rows.Err(); err != nil || said[true] == 0 || said[false] == 0 {
			t.Errorf("%s: %v, %v", rule.Name, said, err)
		}
	}
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var values map[string]any
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		t.Fatal(err)
	}
	return values
}

// Nobody gets a question earlier than its rule's limit allows after any other, by
// mail or on a page, nor a reminder within the day that is always kept; and nobody
// gets more reminders than the shop's limit.
func testCaps(t *testing.T, f filled) {
	const asked = `WITH asked AS (
		SELECT person_id, sent_at AS at, letter, CASE WHEN letter = 'reminder' THEN 1 ELSE cap_days END AS cap FROM invitations i JOIN rules r ON r.id = i.rule_id WHERE i.state = 'sent' AND i.letter <> 'thanks'
		UNION ALL SELECT person_id, answered_at, 'answer', 0 FROM responses WHERE person_id IS NOT NULL AND invitation_id IS NULL)`
	for name, query := range map[string]string{
		"questions against their rule's limit": asked + ` SELECT count(*) FROM asked a JOIN asked b ON b.person_id = a.person_id AND b.letter <> 'reminder'
			AND b.at < a.at AND julianday(a.at) - julianday(b.at) < a.cap - 0.001 WHERE a.letter = 'invitation'`,
		"letters against the day between any two": asked + ` SELECT count(*) FROM asked a JOIN asked b ON b.person_id = a.person_id AND b.at < a.at AND julianday(a.at) - julianday(b.at) < 0.999 WHERE a.letter <> 'answer'`,
		"people with a reminder too many": asked + ` SELECT count(*) FROM asked a WHERE a.letter = 'reminder' AND (SELECT count(*) FROM asked b WHERE b.person_id = a.person_id AND b.letter = 'reminder'
			AND b.at <= a.at AND julianday(a.at) - julianday(b.at) < 29.9) > 3`,
	} {
		if n := f.count(t, query); n > 0 {
			t.Errorf("%d %s", n, name)
		}
	}
	if n := f.count(t, "SELECT count(*) FROM decisions WHERE outcome = 'capped' AND (until IS NULL OR until < created_at)"); n > 0 {
		t.Errorf("%d capped decisions do not say until when", n)
	}
}

func testSuppressed(t *testing.T, f filled) {
	ctx := context.Background()
	reasons := map[surveys.Suppression]int{}
	people, err := f.store.People(ctx, f.story.Workspace.ID, "", 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		reason, err := f.store.Suppression(ctx, f.story.Workspace, p.Email)
		if err != nil {
			t.Fatal(err)
		}
		if reason == "" {
			continue
		}
		reasons[reason]++
		invitations, err := f.store.PersonInvitations(ctx, f.story.Workspace.ID, p.ID, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range invitations {
			if i.State == surveys.InvitationScheduled && i.SendAt.After(f.now) && reason == surveys.SuppressedBounced {
				t.Errorf("%s bounced, and is to be asked on %s", p.Email, i.SendAt)
			}
		}
	}
	if reasons[surveys.SuppressedBounced] < 20 || reasons[surveys.SuppressedUnsubscribed] < 50 {
		t.Errorf("suppressions %v", reasons)
	}
	for _, outcome := range []surveys.Outcome{surveys.Bounced, surveys.Unsubscribed, surveys.Capped, surveys.NotMatched, surveys.Scheduled} {
		if n := f.count(t, "SELECT count(*) FROM decisions WHERE outcome = ?", string(outcome)); n < 20 {
			t.Errorf("%d decisions are %q", n, outcome)
		}
	}
}

func testDays(t *testing.T, f filled) {
	zone, late := f.story.Workspace.Location(), 0
	err := f.store.EachResponse(context.Background(), f.story.Workspace.ID, store.ResponseFilter{}, func(r surveys.Response) error {
		if r.Day != surveys.Day(r.AnsweredAt, zone) || r.AnsweredAt.After(f.now) {
			t.Errorf("the answer %s of %s counts on day %d", r.ID, r.AnsweredAt, r.Day)
		}
		if r.Day != surveys.Day(r.AnsweredAt, time.UTC) {
			late++
		}
		return nil
	})
	if err != nil || late == 0 {
		t.Errorf("%d answers have another day in the shop's zone than in UTC, %v", late, err)
	}
}

func testDue(t *testing.T, f filled) {
	if n := f.count(t, "SELECT count(*) FROM invitations WHERE state = 'scheduled' AND send_at > ? AND send_at <= ?", f.now, f.now.Add(time.Minute)); n < 3 || f.story.Counts.Due != 3 {
		t.Errorf("%d invitations are due within a minute, and the story tells of %d", n, f.story.Counts.Due)
	}
	if n := f.count(t, "SELECT count(*) FROM invitations WHERE state = 'scheduled' AND send_at > ?", f.now.Add(12*time.Hour)); n < 50 {
		t.Errorf("%d invitations wait for the next days", n)
	}
	if n := f.count(t, "SELECT count(*) FROM invitations WHERE state = 'scheduled' AND send_at < ?", f.now.Add(-time.Minute)); n > 0 {
		t.Errorf("%d invitations wait for the past", n)
	}
	if n := f.count(t, "SELECT count(*) FROM invitations WHERE state = 'failed'"); n < 5 {
		t.Errorf("%d invitations failed", n)
	}
}
