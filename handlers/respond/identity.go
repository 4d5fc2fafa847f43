package respond

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	view "github.com/harkhq/hark/templates/respond"
)

// What a page within another site's is told of its visitor, in its address: what the
// site's server has signed, and whether it is about to come up unasked. From then on its
// address carries who it was, sealed by Hark.
const (
	tokenField   = "hark-token"
	unaskedField = "hark-unasked"
	visitorField = "hark-visitor"
)

// visitor is who looks at an embedded page. Spared says that nothing may come up by
// itself before them.
func (p *pages) visitor(c echo.Context, v *visit, survey surveys.Survey, page string) (by flow.Visitor, spared bool, err error) {
	by = flow.Visitor{Page: page}
	ctx, w, query := c.Request().Context(), v.office.Workspace, c.QueryParams()
	if token := query.Get(tokenField); token != "" {
		seen, err := p.Visitors.See(ctx, w, survey, flow.Visit{Text: page, Token: token, ByItself: query.Has(unaskedField)})
		var problem surveys.IdentityProblem
		switch {
		case errors.As(err, &problem):
			v.embed.Doubt = string(problem)
			c.Set(keyVisit, *v)
		case err != nil:
			return by, false, err
		default:
			by.Person, spared = &seen.Person, seen.Spared
			query.Set(visitorField, p.Visitors.Sign(w, survey.ID, page, seen))
		}
		query.Del(tokenField) // which is over soon
		query.Del(unaskedField)
	} else if by.Person, err = p.Visitors.Person(ctx, w, survey.ID, page, query.Get(visitorField)); err != nil {
		return by, false, err
	}
	v.speakTo(c, p.Site, survey.UsualLocale(w), by.Person)
	if survey.Identified && by.Person == nil {
		return by, false, surveys.Fail(surveys.Forbidden, "identity_required")
	}
	return by, spared, nil
}

// speakTo has the page speak the language of whoever looks at it, unless another was chosen.
func (v *visit) speakTo(c echo.Context, site *web.Site, usual string, person *surveys.Person) {
	if person == nil || person.Locale == "" {
		return
	}
	v.l = localizer(c, site, usual, person.Locale)
	c.Set(keyVisit, *v)
}

// gone is why an embedded page asks nothing, for the script of the page around it.
func gone(reason view.Reason, status int) view.Gone {
	switch {
	case reason == view.Unknown:
		return view.GoneUnknown
	case status == http.StatusGone:
		return view.GoneClosed
	}
	return view.GoneFailed
}
