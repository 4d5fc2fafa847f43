package api

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// suppressionBody is POST /api/v1/suppressions.
type suppressionBody struct {
	Addresses []string             `json:"addresses"`
	Reason    *surveys.Suppression `json:"reason"`
}

// suppressionView is an address that gets no mail, as the API shows it.
type suppressionView struct {
	ID      string              `json:"id"`
	Address *string             `json:"address"` // null once its person is erased
	Reason  surveys.Suppression `json:"reason"`
	Source  *string             `json:"source"`
	Since   time.Time           `json:"since"`
}

type suppressionList struct {
	Suppressions []suppressionView `json:"suppressions"`
	NextCursor   *string           `json:"next_cursor"`
}

// addedSuppressions are the entries of the addresses that a call named, in its
// order.
type addedSuppressions struct {
	Suppressions []suppressionView `json:"suppressions"`
}

func viewSuppressions(list []surveys.SuppressedAddress) []suppressionView {
	views := make([]suppressionView, len(list))
	for i, a := range list {
		views[i] = suppressionView{ID: hex.EncodeToString(a.Key), Address: orNull(a.Email), Reason: a.Reason, Source: orNull(string(a.Source)), Since: a.At}
	}
	return views
}

// listSuppressions lists the addresses that get no mail, the latest first, a
// page at a time; with an address, only that one.
func (a *api) listSuppressions(c echo.Context) error {
	if err := knownParameters(c, "reason", "address", "limit", "cursor"); err != nil {
		return err
	}
	q := query{c: c}
	limit := q.number("limit", 50, maxPage)
	filter := store.SuppressionFilter{Reason: q.suppression("reason"), After: q.suppressionCursor("cursor"), Limit: limit + 1}
	address := q.address("address")
	if err := surveys.Wrong(q.wrong...); err != nil {
		return err
	}
	if address != "" {
		return a.listSuppression(c, address, filter.Reason)
	}
	list, err := a.Store.Suppressions(c.Request().Context(), officeOf(c).ID, filter)
	if err != nil {
		return err
	}
	page := suppressionList{}
	if len(list) > limit {
		list = list[:limit]
		cursor := writeSuppressionCursor(list[limit-1])
		page.NextCursor = &cursor
	}
	page.Suppressions = viewSuppressions(list)
	return c.JSON(http.StatusOK, page)
}

// listSuppression lists one address, or nothing when it gets mail.
func (a *api) listSuppression(c echo.Context, address string, reason surveys.Suppression) error {
	found, err := a.Store.SuppressedAddress(c.Request().Context(), officeOf(c).Workspace, address)
	if err != nil {
		return err
	}
	page := suppressionList{Suppressions: []suppressionView{}}
	if found.Reason != "" && (reason == "" || reason == found.Reason) {
		page.Suppressions = viewSuppressions([]surveys.SuppressedAddress{found})
	}
	return c.JSON(http.StatusOK, page)
}

// addSuppressions keeps mails from addresses. Repeating it changes nothing.
func (a *api) addSuppressions(c echo.Context) error {
	var body suppressionBody
	if err := web.Decode(c, &body); err != nil {
		return err
	}
	word := flow.SuppressionWord{Reason: surveys.SuppressedByTeam, Source: surveys.SourceAPI}
	if body.Reason != nil {
		word.Reason = *body.Reason
	}
	added, err := a.suppressions.AddMany(c.Request().Context(), officeOf(c).Workspace, body.Addresses, word)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, addedSuppressions{Suppressions: viewSuppressions(added)})
}

// showSuppression shows one entry.
func (a *api) showSuppression(c echo.Context) error {
	if err := knownParameters(c); err != nil {
		return err
	}
	found, err := a.suppression(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewSuppressions([]surveys.SuppressedAddress{found})[0])
}

// releaseSuppression lets mails through to an address again. Where something
// else holds beneath, the answer is the entry that is left.
func (a *api) releaseSuppression(c echo.Context) error {
	if err := knownParameters(c, "grounds"); err != nil {
		return err
	}
	found, err := a.suppression(c)
	if err != nil {
		return err
	}
	ctx, ws := c.Request().Context(), officeOf(c).ID
	released, err := a.suppressions.Release(ctx, ws, found.Key, flow.ReleaseGrounds(c.QueryParam("grounds")))
	if err != nil {
		return err
	}
	if released.Beneath == "" {
		return c.NoContent(http.StatusNoContent)
	}
	left, err := a.Store.SuppressionOf(ctx, ws, found.Key)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewSuppressions([]surveys.SuppressedAddress{left})[0])
}

// suppression is the entry that the call's address names, as long as it holds.
func (a *api) suppression(c echo.Context) (surveys.SuppressedAddress, error) {
	unknown := surveys.Fail(surveys.NotFound, "not_found")
	key, err := hex.DecodeString(c.Param("suppression"))
	if err != nil || hex.EncodeToString(key) != c.Param("suppression") {
		return surveys.SuppressedAddress{}, unknown
	}
	found, err := a.Store.SuppressionOf(c.Request().Context(), officeOf(c).ID, key)
	if err == nil && found.ReleasedAt != nil {
		return surveys.SuppressedAddress{}, unknown
	}
	return found, err
}

// suppression reads a reason; "" when there is none.
func (q *query) suppression(name string) surveys.Suppression {
	reason := surveys.Suppression(q.c.QueryParam(name))
	if reason != "" && !slices.Contains(surveys.SuppressionReasons(), reason) {
		q.fail(surveys.FieldError{Path: name, Code: "suppression_reason"})
	}
	return reason
}

// address reads a mail address; "" when there is none.
func (q *query) address(name string) string {
	text := q.c.QueryParam(name)
	email := surveys.NormalEmail(text)
	if text != "" && !surveys.ValidEmail(email) {
		q.fail(surveys.FieldError{Path: name, Code: "email"})
	}
	return email
}

// suppressionCursor reads a place in the list of suppressions.
func (q *query) suppressionCursor(name string) store.SuppressionCursor {
	text := q.c.QueryParam(name)
	if text == "" {
		return store.SuppressionCursor{}
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	micros, id, _ := strings.Cut(string(raw), ":")
	at, numberErr := strconv.ParseInt(micros, 10, 64)
	key, keyErr := hex.DecodeString(id)
	if err != nil || numberErr != nil || keyErr != nil || len(key) == 0 || at < 0 || at > lastMicro {
		q.fail(surveys.FieldError{Path: name, Code: "cursor"})
		return store.SuppressionCursor{}
	}
	return store.SuppressionCursor{At: time.UnixMicro(at).UTC(), Key: key}
}

// writeSuppressionCursor is what suppressionCursor reads.
func writeSuppressionCursor(a surveys.SuppressedAddress) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(a.At.UnixMicro(), 10) + ":" + hex.EncodeToString(a.Key)))
}
