package office

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// The addresses of a member's digest.
const (
	pathDigest       = layouts.PathAccount + "/digest"
	pathDigestWeekly = pathDigest + "/weekly"
	pathDigestNow    = pathDigest + "/now"
	pathDigestLetter = pathDigest + "/letter"
)

// digest shows what a member chose of their digest, and what it would say now.
func (d *desk) digest(v visit) error {
	stored, _, err := d.digests.Of(v.ctx(), v.user)
	if err != nil {
		return err
	}
	return digestForm{visit: v, digest: stored}.show(http.StatusOK)
}

// saveDigest stores what a member wants.
func (d *desk) saveDigest(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	wish := readDigestWish(form)
	stored, _, err := d.digests.Of(v.ctx(), v.user)
	if err != nil {
		return err
	}
	if !wish.On {
		wish.Every = stored.Every // the pace that it had, for the day on which it is turned on again
	}
	_, err = d.digests.Choose(v.ctx(), v.w, v.user, wish)
	switch {
	case invalid(err):
		stored.Every, stored.Hour, stored.Surveys, stored.Comments = wish.Every, wish.Hour, wish.Surveys, wish.Comments
		return digestForm{visit: v, digest: stored, sent: form, problem: err}.show(http.StatusUnprocessableEntity)
	case err != nil:
		return err
	case !wish.On:
		return v.done("digest_off", pathDigest)
	}
	return v.done("digest_saved", pathDigest)
}

// readDigestWish reads the form. What is no number is no hour.
func readDigestWish(form url.Values) flow.Wish {
	w := flow.Wish{On: form.Get("every") != digestOff, Every: surveys.DigestPace(form.Get("every")), Comments: form.Get("comments") != ""}
	var err error
	if w.Hour, err = strconv.Atoi(form.Get("hour")); err != nil {
		w.Hour = -1
	}
	for _, id := range form["survey"] {
		if !slices.Contains(w.Surveys, id) {
			w.Surveys = append(w.Surveys, id)
		}
	}
	return w
}

// digestWeekly is the one click of an overview or a report: every Monday, and
// all surveys.
func (d *desk) digestWeekly(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	if _, err := d.digests.Choose(v.ctx(), v.w, v.user, flow.Wish{On: true, Every: surveys.DigestWeekly, Hour: surveys.DigestHour}); err != nil {
		return err
	}
	return v.done("digest_weekly", web.LocalPath(form.Get("back"), layouts.PathScores))
}

// sendDigest sends the member one now.
func (d *desk) sendDigest(v visit) error {
	if v.unsent() != nil {
		return surveys.Fail(surveys.Unavailable, "mail_none")
	}
	if err := d.digests.SendNow(v.ctx(), v.user); err != nil {
		return err
	}
	return v.done("digest_sent", pathDigest)
}

// digestLetter is the digest as it would be now, for the frame of the page. It
// may style itself and show its pictures, and nothing else.
func (d *desk) digestLetter(v visit) error {
	if v.site.Digests == nil {
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	stored, _, err := d.digests.Of(v.ctx(), v.user)
	if err != nil {
		return err
	}
	edition, err := d.digests.Preview(v.ctx(), v.w, v.user, stored)
	if err != nil {
		return err
	}
	edition.User.Locale = v.l.Lang() // as the page around it
	_, html, err := v.site.Digests.PageOf(v.ctx(), edition)
	if err != nil {
		return err
	}
	v.Response().Header().Set("Content-Security-Policy", strings.Join(letterPolicy(), "; "))
	return v.HTML(http.StatusOK, openOutside(html))
}

// letterPolicy is what a letter in a frame may do.
func letterPolicy() []string {
	return []string{
		"default-src 'none'", "style-src 'unsafe-inline'", "img-src 'self' data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'",
		"sandbox allow-popups allow-popups-to-escape-sandbox",
	}
}

// digestOffer is what a page offers to those who never chose; nil for others,
// and where no mail leaves.
func (d *desk) digestOffer(v visit) (*office.DigestOffer, error) {
	if v.unsent() != nil {
		return nil, nil
	}
	if _, chosen, err := d.digests.Of(v.ctx(), v.user); chosen || err != nil {
		return nil, err
	}
	return &office.DigestOffer{L: v.l, Action: pathDigestWeekly, Back: v.Request().URL.RequestURI()}, nil
}
