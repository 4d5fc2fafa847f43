package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// eventBody is POST /api/v1/events.
type eventBody struct {
	Type       string         `json:"type"`
	ID         string         `json:"id"`
	OccurredAt moment         `json:"occurred_at"`
	Person     person         `json:"person"`
	Properties map[string]any `json:"properties"`
}

// eventReply says what became of an event.
type eventReply struct {
	ID        string          `json:"id"`
	PersonID  string          `json:"person_id"`
	Repeated  bool            `json:"repeated"`
	Decisions []eventDecision `json:"decisions"`
}

// eventDecision is what one rule made of an event.
type eventDecision struct {
	Rule         decisionRule    `json:"rule"`
	SurveyID     string          `json:"survey_id"`
	Decision     surveys.Outcome `json:"decision"`
	SendAt       *time.Time      `json:"send_at,omitempty"`
	Until        *time.Time      `json:"until,omitempty"`
	InvitationID string          `json:"invitation_id,omitempty"`
	Detail       string          `json:"detail,omitempty"`
	Reason       string          `json:"reason"`
}

type decisionRule struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// receiveEvent takes an event in. Repeated, it gets the first answer again.
func (a *api) receiveEvent(c echo.Context) error {
	var body eventBody
	if err := web.Decode(c, &body); err != nil {
		return err
	}
	if err := surveys.Wrong(body.OccurredAt.check("occurred_at")...); err != nil {
		return err
	}
	w := officeOf(c)
	received, err := a.Receiver.Receive(c.Request().Context(), w.Workspace, surveys.Event{
		ExternalID: body.ID, Type: body.Type, OccurredAt: body.OccurredAt.at, Properties: web.Plain(body.Properties),
	}, body.Person.domain())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, a.eventReply(w, received))
}

func (a *api) eventReply(w flow.Office, received flow.Received) eventReply {
	english := a.Catalogue.Match("en")
	reply := eventReply{ID: received.EventID, PersonID: received.PersonID, Repeated: received.Repeated, Decisions: []eventDecision{}}
	for _, d := range received.Decisions {
		reply.Decisions = append(reply.Decisions, eventDecision{
			Rule: decisionRule{ID: d.RuleID, Name: d.RuleName}, SurveyID: d.SurveyID, Decision: d.Outcome, SendAt: d.SendAt, Until: d.Until,
			InvitationID: d.InvitationID, Detail: english.Problem(d.Detail), Reason: english.Decision(d, w.Zone),
		})
	}
	return reply
}
