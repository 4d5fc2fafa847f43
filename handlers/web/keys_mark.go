package web

import (
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/templates/layouts"
)

// keysMark says on the bar that the DNS has lost a key that signs the workspace's
// mails; nil when it has not.
func (s *Site) keysMark(c echo.Context, member Member) *layouts.Mark {
	gone, err := s.Sending.GoneKeys(c.Request().Context(), member.Office.ID)
	if err != nil {
		s.Log.ErrorContext(c.Request().Context(), "read which keys the DNS has lost", "error", err)
	}
	if len(gone) == 0 {
		return nil
	}
	l := s.Localizer(c)
	return &layouts.Mark{Section: layouts.Settings, Text: l.T("sending.mark"), Alert: l.T("sending.mark_place")}
}
