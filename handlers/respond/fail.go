package respond

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	view "github.com/harkhq/hark/templates/respond"
)

// Fail tells a customer why there is no question, in their language and in the
// dress of the workspace as far as it is known.
func Fail(c echo.Context, site *web.Site, err error) error {
	markSecret(c)
	c.Response().Header().Del(echo.HeaderContentEncoding)
	v, known := c.Get(keyVisit).(visit)
	if !known {
		v.l = localizer(c, site, "", "")
	}
	status := web.Status(err)
	why := reason(err, status)
	v.embed.Gone = gone(why, status)
	notice := view.Notice{Frame: v.frame(c, site.Assets.Text("css/survey.css")), Reason: why}
	if status >= http.StatusInternalServerError {
		notice.Reference = c.Response().Header().Get(echo.HeaderXRequestID)
	}
	if (notice.Reason == view.Busy || notice.Reason == view.Broken) && c.Request().Method == http.MethodGet {
		notice.Retry = c.Request().URL.RequestURI()
	}
	if strings.HasPrefix(c.Request().URL.Path, "/k/") && notice.Reason != view.NotFound && c.Request().Method == http.MethodGet {
		c.Response().Header().Set("Refresh", "60") // nobody stands by a tablet to try again
	}
	if c.Request().Method == http.MethodPost && status != http.StatusForbidden { // which another site may have sent
		notice.Words = unsent(c)
	}
	web.RetryAfter(c, err)
	write := func(c echo.Context) error { return web.Render(c, status, view.NoticePage(notice)) }
	if compress, ok := c.Get(keyCompress).(echo.MiddlewareFunc); ok {
		write = compress(write)
	}
	return write(c)
}

// unsent is what somebody wrote into a form that came to nothing: whoever has no script
// has it nowhere else. What is a choice's id is no word of theirs.
func unsent(c echo.Context) []string {
	values, err := web.Form(c)
	if err != nil {
		return nil
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name != "comment" && (!strings.HasPrefix(name, answerField) || strings.HasSuffix(name, mailField)) {
			continue
		}
		written := slices.DeleteFunc(values[name], func(value string) bool { return name != "comment" && surveys.IsChoiceID(value) })
		if words := strings.TrimSpace(text(written)); words != "" {
			list = append(list, words)
		}
	}
	return list
}

// reason is what an error means to a customer.
func reason(err error, status int) view.Reason {
	var e *surveys.Error
	if errors.As(err, &e) && e.Kind == surveys.Gone {
		switch e.Code {
		case "survey_paused":
			return view.Paused
		case "invitation_expired":
			return view.Expired
		}
		return view.Closed
	}
	if e != nil && e.Code == "identity_required" {
		return view.Unknown
	}
	if e != nil && e.Kind == surveys.Unavailable && strings.HasPrefix(e.Code, "database_") && e.Code != "database_busy" {
		return view.Stuck // full, read-only or gone: waiting some seconds will not do
	}
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return view.NotFound
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return view.Busy
	}
	if status < http.StatusInternalServerError {
		return view.Invalid
	}
	return view.Broken
}
