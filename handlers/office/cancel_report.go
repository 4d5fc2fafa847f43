package office

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/leaving"
	pages "github.com/harkhq/hark/handlers/respond"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// leavingComments is how many comments the page shows.
const leavingComments = 30

// leavingView is what the address of a flow's report says.
type leavingView struct {
	visit
	flow   surveys.CancelFlow
	days   int
	by     string
	reason string // whose course and comments are shown; "" for the most frequent one's, and all
	texts  i18n.CancelTexts
	report leaving.Report
	input  leaving.Input
}

// cancelReport shows why people leave and what holds them.
func (d *desk) cancelReport(v visit) error {
	r, err := v.leaving()
	if err != nil {
		return err
	}
	return web.Render(v, http.StatusOK, office.CancelReportPage(r.page()))
}

func (v visit) leaving() (leavingView, error) {
	f, err := v.cancelFlow()
	if err != nil {
		return leavingView{}, err
	}
	r := leavingView{visit: v, flow: f, days: quarterDays, by: v.QueryParam("by"), reason: v.QueryParam("reason"), texts: v.l.CancelTexts(f, v.w.Workspace)}
	if days, err := strconv.Atoi(v.QueryParam("range")); err == nil && slices.Contains([]int{monthDays, quarterDays, yearDays}, days) {
		r.days = days
	}
	if !slices.Contains(v.w.Segments, r.by) {
		r.by = ""
	}
	if _, known := f.Reason(r.reason); !known {
		r.reason = ""
	}
	today := analysis.Day(surveys.Day(v.site.Now(), v.w.Zone))
	span := period{today + 1 - analysis.Day(r.days), today + 1}
	from, to := span.moments(v.w.Zone)
	r.input = leaving.Input{
		From: span.From, To: span.To, Bucketing: analysis.BucketingFor(span.From, span.To), Zone: v.w.Zone, Now: v.site.Now(), By: r.by, Least: leavingLeast, Confidence: 0.95,
	}
	if r.days == yearDays {
		r.input.Bucketing = analysis.ByMonth
	}
	list, err := v.site.Store.Cancellations(v.ctx(), v.w.ID, store.CancellationFilter{From: from, To: to})
	if err != nil {
		return r, err
	}
	for _, c := range list {
		switch c.FlowID {
		case f.ID:
			r.input.Asked = append(r.input.Asked, c)
		case "":
			r.input.Unasked = append(r.input.Unasked, c)
		default:
			r.input.Elsewhere = append(r.input.Elsewhere, c)
		}
	}
	r.report, err = r.input.Report()
	return r, err
}

// leavingLeast is the size from which a group is shown.
const leavingLeast = 5

// comments are the latest that people wrote, of the reason that was picked. Nobody may tell
// from them who gave a reason that few gave: it says whether some are not shown for that.
func (r leavingView) comments() (shown []surveys.Cancellation, hidden bool) {
	for _, c := range r.input.Asked {
		switch {
		case c.Comment == "" || r.reason != "" && c.Reason != r.reason:
		case r.hides(c.Reason):
			hidden = true
		case len(shown) < leavingComments:
			shown = append(shown, c)
		}
	}
	return shown, hidden
}

func (r leavingView) hides(reason string) bool {
	return !slices.ContainsFunc(r.report.Reasons, func(g leaving.Group) bool { return g.Key == reason && !g.Hidden })
}

// address is the page with another range, split or reason.
func (r leavingView) address(days int, by, reason string) string {
	query := url.Values{}
	for name, value := range map[string]string{"range": strconv.Itoa(days), "by": by, "reason": reason} {
		if value != "" && value != strconv.Itoa(quarterDays) {
			query.Set(name, value)
		}
	}
	if len(query) == 0 {
		return flowPath(r.flow)
	}
	return flowPath(r.flow) + "?" + query.Encode()
}

func (r leavingView) page() office.CancelReport {
	page := office.CancelReport{
		Page: r.visit.page(r.flow.Name, layouts.Cancellations), L: r.l, Title: r.flow.Name, Crumbs: r.flowCrumbs(r.flow), Status: r.flowTag(r.flow), Path: flowPath(r.flow),
		Says: r.says(), Reasons: r.table(r.l.T("leaving.reasons"), r.l.T("leaving.reason"), r.report.Reasons, r.reasonName, r.reasonAddress), Course: r.course(), Offers: r.offers(),
	}
	if r.may(surveys.Manager) {
		page.Acts = []components.Action{
			{Text: r.l.T("office.edit"), Address: flowPath(r.flow) + "/edit", Kind: components.Secondary}, {Text: r.l.T("embed.title"), Address: flowPath(r.flow) + "/site", Kind: components.Secondary},
			{Text: r.l.T("leaving.try"), Address: pages.RehearsalPath(r.w.Workspace, r.flow, r.site.Now()), Kind: components.Secondary},
		}
		page.Switch = r.statusSwitch()
	}
	for _, days := range []int{monthDays, quarterDays, yearDays} {
		page.Ranges = append(page.Ranges, components.SegmentLink{Text: r.l.N("leaving.days", int64(days)), Address: r.address(days, r.by, r.reason), Current: days == r.days})
	}
	if r.report.N == 0 {
		page.Empty = &components.Empty{Title: r.l.T("leaving.empty"), Text: r.l.T("leaving.empty_text")}
		if r.may(surveys.Manager) {
			page.Empty.Action = &components.Action{Text: r.l.T("embed.title"), Address: flowPath(r.flow) + "/site"}
		}
		return page
	}
	r.split(&page)
	if r.reason != "" {
		page.Picked, page.All = r.reasonName(r.reason), r.address(r.days, r.by, "")
	}
	shown, hidden := r.comments()
	for _, c := range shown {
		page.Comments = append(page.Comments, r.comment(c))
	}
	if page.NoComments = r.l.T("leaving.no_comments"); hidden {
		page.NoComments = r.l.T("leaving.hidden_comments", "least", leavingLeast)
	}
	return page
}

func (r leavingView) statusSwitch() *office.CancelSwitch {
	s := &office.CancelSwitch{Action: flowPath(r.flow) + "/status", Status: string(surveys.SurveyPaused), Text: r.l.T("leaving.pause")}
	if r.flow.Status != surveys.SurveyActive {
		s.Status, s.Text = string(surveys.SurveyActive), r.l.T("leaving.resume")
	}
	return s
}

// split is the choice of a segment, and the groups of the one that was chosen.
func (r leavingView) split(page *office.CancelReport) {
	if len(r.w.Segments) == 0 {
		return
	}
	page.By = &components.Choices{Field: components.Field{Name: "by", Label: r.l.T("leaving.by")}, Options: []components.Option{{Text: r.l.T("leaving.by_none"), Selected: r.by == ""}}}
	for _, key := range r.w.Segments {
		page.By.Options = append(page.By.Options, components.Option{Value: key, Text: words.KeyName(r.l, key), Selected: key == r.by})
	}
	page.Hidden = []office.Pair{{Name: "range", Value: strconv.Itoa(r.days)}, {Name: "reason", Value: r.reason}}
	if r.by != "" {
		name := func(value string) string {
			if value == "" {
				return r.l.T("leaving.by_without")
			}
			return words.ValueName(r.l, r.by, value)
		}
		key := words.KeyName(r.l, r.by)
		groups := r.table(r.l.T("leaving.by_title", "segment", key), key, r.report.Groups, name, func(string) string { return "" })
		page.Groups = &groups
	}
}

func (r leavingView) reasonName(id string) string {
	if id == "" {
		return r.l.T("leaving.reason_none")
	}
	label, _ := r.texts.Label(id)
	return label
}

func (r leavingView) reasonAddress(id string) string {
	if id == "" {
		return ""
	}
	return r.address(r.days, r.by, id) + "#comments"
}

// says is what came of it, in words.
func (r leavingView) says() []string {
	rep := r.report
	if rep.Left.Value == nil {
		return []string{r.l.N("leaving.says.few", rep.N, "least", leavingLeast)}
	}
	says := []string{r.l.N("leaving.says.asked", rep.N, "left", r.share(rep.Left), "kept", r.share(rep.Kept))}
	heard := slices.ContainsFunc(slices.Concat(r.input.Asked, r.input.Unasked), func(c surveys.Cancellation) bool { return c.Lost != surveys.NotLost })
	if !heard && rep.Kept.N > 0 { // who is still there is what nobody has said has gone
		says = append(says, r.l.T("leaving.says.unheard"))
	}
	for _, s := range rep.Stays {
		if heard && s.Part.Value != nil {
			says = append(says, r.l.T("leaving.says.stayed", "share", r.share(s.Part), "days", s.Days, "n", s.Part.Of))
		}
	}
	if slices.ContainsFunc(rep.Saved, shownMoney) {
		says = append(says, r.l.T("leaving.says.saved", "amount", r.money(rep.Saved)))
	}
	if slices.ContainsFunc(rep.Lost, shownMoney) {
		says = append(says, r.l.T("leaving.says.lost", "amount", r.money(rep.Lost)))
	}
	if rep.Unasked > 0 {
		says = append(says, r.l.N("leaving.says.unasked", rep.Unasked)+r.amount(rep.Missed))
	}
	if rep.Payment > 0 {
		says = append(says, r.l.N("leaving.says.payment", rep.Payment)+r.amount(rep.Failed))
	}
	return says
}

// amount is what was lost, as a sentence of its own; "" for nothing that may be shown.
func (r leavingView) amount(list []leaving.Money) string {
	if !slices.ContainsFunc(list, shownMoney) {
		return ""
	}
	return r.l.T("leaving.says.amount", "amount", r.money(list))
}

func shownMoney(m leaving.Money) bool { return !m.Hidden }

// share is a part with its interval: "31 % (26 % to 37 %)".
func (r leavingView) share(p leaving.Part) string {
	if p.Value == nil {
		return "–"
	}
	return r.l.T("leaving.part", "share", r.l.Percent(*p.Value, 0), "interval", r.interval(p))
}

func (r leavingView) interval(p leaving.Part) string {
	return r.l.T("components.interval", "low", r.l.Percent(*p.Low, 0), "high", r.l.Percent(*p.High, 0))
}

// money are sums, each in its currency.
func (r leavingView) money(list []leaving.Money) string {
	texts := make([]string, len(list))
	for i, m := range list {
		if texts[i] = strings.TrimSpace(m.Currency + " " + r.l.Decimal(m.Amount, 0)); m.Hidden {
			texts[i] = strings.TrimSpace(m.Currency + " " + r.l.T("leaving.few_amount"))
		}
	}
	return cmp.Or(strings.Join(texts, " + "), "–")
}

// table is a table of groups with their names.
func (r leavingView) table(title, head string, groups []leaving.Group, name, address func(key string) string) office.CancelTable {
	t := office.CancelTable{Title: title, Head: head}
	for _, g := range groups {
		row := office.CancelRow{Name: name(g.Key), Hidden: g.Hidden}
		if !g.Hidden {
			t.Known = true
			row.Address, row.Share, row.Interval = address(g.Key), r.l.Percent(*g.Share.Value, 0), r.interval(g.Share)
			row.Width, row.Low, row.High = *g.Share.Value, *g.Share.Low, *g.Share.High
			row.Count, row.Left, row.Kept, row.Lost = r.l.Decimal(float64(g.Share.N), 0), r.l.Decimal(float64(g.Left), 0), r.l.Decimal(float64(g.Kept), 0), r.money(g.Lost)
			row.Saved = r.money(g.Saved)
			for _, s := range g.Stays {
				row.Stays = append(row.Stays, r.share(s.Part))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	for _, days := range leaving.StayDays() {
		t.Days = append(t.Days, r.l.N("leaving.still", int64(days)))
	}
	if slices.ContainsFunc(groups, func(g leaving.Group) bool { return g.Hidden }) {
		t.Note = r.l.T("leaving.few_note", "least", leavingLeast)
	}
	return t
}

// course is a reason's share over time; nil while there is but one step.
func (r leavingView) course() *components.RateTrend {
	at := slices.IndexFunc(r.report.Reasons, func(g leaving.Group) bool {
		return !g.Hidden && (r.reason == "" && g.Key != "" || r.reason != "" && g.Key == r.reason)
	})
	if at < 0 || len(r.report.Reasons[at].Course) < 2 {
		return nil
	}
	g := r.report.Reasons[at]
	name := r.reasonName(g.Key)
	course := &components.RateTrend{L: r.l, ID: "course", Title: r.l.T("leaving.course", "reason", name), Summary: r.l.T("leaving.course_summary", "reason", name)}
	step := components.Trend{L: r.l, Period: components.Period(r.input.Bucketing)}
	for _, s := range g.Course {
		point := step.Step(components.TrendPoint{Start: s.Start.Time()})
		if point.Text = "–"; s.Share.Value != nil {
			n, of := s.Share.N, s.Share.Of
			point.Value, point.Low, point.High, point.N, point.Of = s.Share.Value, s.Share.Low, s.Share.High, &n, &of
			point.Text, point.Interval, point.Count = r.l.Percent(*s.Share.Value, 0), r.interval(s.Share), r.l.T("leaving.of", "n", n, "of", of)
		}
		course.Points = append(course.Points, point)
	}
	return course
}

// offers are what became of them, against those who got none.
func (r leavingView) offers() []office.CancelOfferReport {
	var list []office.CancelOfferReport
	for _, o := range r.report.Offers {
		offer, known := r.flow.Offer(o.ID)
		if !known {
			offer.Name = r.l.T("leaving.offer_gone")
		}
		view := office.CancelOfferReport{Name: offer.Name, Says: r.l.T("leaving.few")}
		if o.Hidden {
			list = append(list, view)
			continue
		}
		view.Says = r.l.T("leaving.offer_says", "made", o.Made, "accepted", o.Accepted, "held", o.Held)
		if slices.ContainsFunc(o.Saved, shownMoney) {
			view.Says += r.l.T("leaving.says.amount_saved", "amount", r.money(o.Saved))
		}
		view.Says += r.amount(o.Lost)
		view.Verdict, view.Tone = r.verdict(o)
		for _, s := range o.Stays {
			if s.Made.Value == nil && s.Held.Value == nil {
				continue
			}
			row := office.CancelStayRow{Days: r.l.N("leaving.days", int64(s.Days)), Made: r.share(s.Made), Held: r.share(s.Held), Difference: "–"}
			if d := s.Difference; d != nil {
				row.Difference = r.l.T("leaving.part", "share", r.points(d.Difference), "interval", r.l.T("components.interval", "low", r.points(d.Low), "high", r.points(d.High)))
			}
			view.Rows = append(view.Rows, row)
		}
		list = append(list, view)
	}
	return list
}

// points are percentage points with their sign.
func (r leavingView) points(x float64) string { return r.l.Signed(x, 0) }

// verdict is whether an offer keeps people, by the longest time that can be judged.
func (r leavingView) verdict(o leaving.Offer) (string, components.Tone) {
	for _, s := range slices.Backward(o.Stays) {
		switch {
		case s.Difference == nil:
			continue
		case s.Real() && s.Difference.Difference > 0:
			return r.l.T("leaving.verdict.keeps", "days", s.Days), components.Good
		case s.Real():
			return r.l.T("leaving.verdict.loses", "days", s.Days), components.Bad
		}
		return r.l.T("leaving.verdict.open", "days", s.Days), components.Plain
	}
	if r.flow.HoldOut == 0 && o.Held == 0 {
		return r.l.T("leaving.verdict.no_hold_out"), components.Warn
	}
	return r.l.T("leaving.verdict.soon"), components.Plain
}

func (r leavingView) comment(c surveys.Cancellation) office.CancelComment {
	view := office.CancelComment{Text: c.Comment, Lang: c.Locale, Reason: r.reasonName(c.Reason), When: r.l.DateTime(c.StartedAt.In(r.w.Zone)), Person: office.Fact{Value: r.l.T("office.unverified")}}
	if c.PersonID != "" {
		view.Person = office.Fact{Value: r.l.T("leaving.person")}
		if r.may(seesPeople) {
			view.Person.Address = "/people/" + c.PersonID
		}
	}
	return view
}
