package office

import (
	"cmp"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// pathSuppressions is where the settings list the addresses that get no mail.
const pathSuppressions = office.SuppressionsPath

// suppressionPage is how many addresses one page lists.
const suppressionPage = 50

// suppressionRoutes are the addresses of that list.
func (d *desk) suppressionRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, pathSuppressions, surveys.Viewer, d.suppressions},
		{post, pathSuppressions, surveys.Agent, d.addSuppression},
		{get, pathSuppressions + "/export", surveys.Manager, d.exportSuppressions},
		{get, pathSuppressions + "/import", surveys.Manager, d.newSuppressionImport},
		{post, pathSuppressions + "/check", surveys.Manager, d.checkSuppressions},
		{post, pathSuppressions + "/import", surveys.Manager, d.importSuppressions},
		{get, pathSuppressions + "/:id/release", surveys.Agent, d.confirmRelease},
		{post, pathSuppressions + "/:id/release", surveys.Agent, d.release},
		{post, pathSuppressions + "/:id/restore", surveys.Agent, d.restoreSuppression},
		{post, pathSending + "/hooks", surveys.Manager, d.saveHook},
	}
}

// suppressionList is what the page shows.
type suppressionList struct {
	visit
	reason surveys.Suppression
	number int
	list   []surveys.SuppressedAddress
	counts map[surveys.Suppression]int64
}

// suppressions lists the addresses that get no mail.
func (d *desk) suppressions(v visit) error {
	view, err := v.suppressionView()
	if err != nil {
		return err
	}
	if address := strings.TrimSpace(v.QueryParam("address")); address != "" {
		if err := v.lookUp(address, &view); err != nil {
			return err
		}
	}
	return web.Render(v, http.StatusOK, office.SuppressionsPage(view))
}

// suppressionView reads the page that the address asks for.
func (v visit) suppressionView() (office.Suppressions, error) {
	s := suppressionList{visit: v, reason: surveys.Suppression(v.QueryParam("reason"))}
	s.number, _ = v.pageNumber()
	var err error
	if s.counts, err = v.site.Store.SuppressionCounts(v.ctx(), v.w.ID); err != nil {
		return office.Suppressions{}, err
	}
	if s.counts[s.reason] == 0 {
		s.reason = "" // of no such reason is nothing to list
	}
	filter := store.SuppressionFilter{Reason: s.reason, Offset: (s.number - 1) * suppressionPage, Limit: suppressionPage + 1}
	if s.list, err = v.site.Store.Suppressions(v.ctx(), v.w.ID, filter); err != nil {
		return office.Suppressions{}, err
	}
	return s.view()
}

func (s suppressionList) view() (office.Suppressions, error) {
	title := s.l.T("suppressions.title")
	view := office.Suppressions{
		Page: s.page(title, layouts.Settings), Crumbs: s.suppressionCrumbs(""),
		Search:  components.TextInput{Field: components.Field{Name: "address", Label: s.l.T("suppressions.search"), Optional: " "}, Type: "search", Value: s.QueryParam("address"), Limit: 254},
		Pager:   components.Pager{L: s.l, Summary: s.l.T("office.people.page", "page", s.number)},
		Filters: s.filters(), Import: s.action(surveys.Manager, components.Action{Text: s.l.T("suppressions.import.open"), Address: pathSuppressions + "/import", Kind: components.Secondary}),
	}
	if s.number > 1 {
		view.Pager.Newer = s.at(s.number - 1)
	}
	if len(s.list) > suppressionPage {
		s.list, view.Pager.Older = s.list[:suppressionPage], s.at(s.number+1)
	}
	for _, a := range s.list {
		view.Rows = append(view.Rows, s.row(a))
	}
	if len(s.list) == 0 {
		view.Empty = &components.Empty{Title: s.l.T("suppressions.empty.title"), Text: s.l.T("suppressions.empty.text")}
	} else {
		view.Export = s.action(surveys.Manager, components.Action{Text: s.l.T("suppressions.export"), Address: pathSuppressions + "/export", Kind: components.Secondary})
	}
	var err error
	view.Said, err = s.said()
	return view, err
}

func (s suppressionList) at(page int) string {
	return withQuery(pathSuppressions, map[string]string{"reason": string(s.reason), "page": strconv.Itoa(page)})
}

// filters are the reasons that there are, with how many addresses each has.
func (s suppressionList) filters() []components.SegmentLink {
	var all int64
	var links []components.SegmentLink
	for _, reason := range surveys.SuppressionReasons() {
		n := s.counts[reason]
		if all += n; n > 0 {
			links = append(links, components.SegmentLink{Text: s.l.T("suppressions.reason."+string(reason)) + " " + s.l.Number(n),
				Address: withQuery(pathSuppressions, map[string]string{"reason": string(reason)}), Current: s.reason == reason})
		}
	}
	if len(links) < 2 {
		return nil
	}
	return append([]components.SegmentLink{{Text: s.l.T("suppressions.all") + " " + s.l.Number(all), Address: pathSuppressions, Current: s.reason == ""}}, links...)
}

func (v visit) row(a surveys.SuppressedAddress) office.SuppressionRow {
	row := office.SuppressionRow{
		Address: a.Email, Reason: v.suppressionTag(a.Reason), Source: v.suppressionSource(a), Since: v.l.Date(a.At.In(v.w.Zone)),
		Release: v.action(surveys.Agent, components.Action{Text: v.l.T("suppressions.release"), Label: v.l.T("suppressions.release_label", "address", cmp.Or(a.Email, v.l.T("suppressions.erased"))), Address: releasePath(a), Kind: components.Quiet}),
	}
	if a.Email != "" {
		row.Person = withQuery(layouts.PathPeople, map[string]string{"q": a.Email})
	}
	return row
}

func (v visit) suppressionTag(reason surveys.Suppression) components.Tag {
	tag := components.Tag{Text: v.l.T("suppressions.reason." + string(reason))}
	switch reason {
	case surveys.SuppressedComplained:
		tag.Tone = components.Bad
	case surveys.SuppressedBounced:
		tag.Tone = components.Warn
	}
	return tag
}

// suppressionSource is who said so.
func (v visit) suppressionSource(a surveys.SuppressedAddress) string {
	if a.Source == "" {
		return v.l.T("suppressions.source.unknown")
	}
	return v.l.T("suppressions.source." + string(a.Source))
}

func releasePath(a surveys.SuppressedAddress) string {
	return pathSuppressions + "/" + hex.EncodeToString(a.Key) + "/release"
}

// said is what was just done, with the way back.
func (v visit) said() (*office.Said, error) {
	key, err := hex.DecodeString(v.QueryParam("released"))
	if err != nil || len(key) == 0 {
		return nil, nil
	}
	a, err := v.site.Store.SuppressionOf(v.ctx(), v.w.ID, key)
	if surveys.KindOf(err) == surveys.NotFound || err == nil && a.ReleasedAt == nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	said := &office.Said{Text: v.l.T("suppressions.released", "address", cmp.Or(a.Email, v.l.T("suppressions.erased")))}
	if v.may(surveys.Agent) {
		said.Undo = &office.Deed{Action: pathSuppressions + "/" + hex.EncodeToString(key) + "/restore", Button: components.Action{Text: v.l.T("suppressions.undo"), Kind: components.Secondary}}
	}
	return said, nil
}

// lookUp says what is known of an address.
func (v visit) lookUp(address string, view *office.Suppressions) error {
	email := surveys.NormalEmail(address)
	if !surveys.ValidEmail(email) {
		view.Search.Error = v.l.T("error.email")
		return nil
	}
	a, err := v.site.Store.SuppressedAddress(v.ctx(), v.w.Workspace, email)
	if err != nil {
		return err
	}
	found := &office.SuppressionFound{Address: email}
	if a.Reason == "" {
		found.Text = v.l.T("suppressions.found.free", "address", email)
		if v.may(surveys.Agent) {
			found.Add = &office.Deed{Action: pathSuppressions, Button: components.Action{Text: v.l.T("suppressions.add"), Kind: components.Secondary}}
		}
	} else {
		found.Text = v.l.T("suppressions.found.held", "address", email)
		found.Detail = v.l.T("suppressions.found.detail", "reason", v.l.T("suppressions.reason."+string(a.Reason)), "source", v.suppressionSource(a), "date", v.l.Date(a.At.In(v.w.Zone)))
		found.Release = v.action(surveys.Agent, components.Action{Text: v.l.T("suppressions.release"), Address: releasePath(a), Kind: components.Secondary})
	}
	view.Found = found
	return nil
}

// addSuppression keeps mails from an address.
func (d *desk) addSuppression(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	address := form.Get("address")
	err = flow.NewSuppressions(v.site.Store).Add(v.ctx(), v.w.Workspace, address, surveys.SourceTeam)
	if invalid(err) {
		view, failed := v.suppressionView()
		if failed != nil {
			return failed
		}
		view.Search.Value, view.Search.Error = address, v.fieldErrors(err)["address"]
		return web.Render(v, http.StatusUnprocessableEntity, office.SuppressionsPage(view))
	}
	if err != nil {
		return err
	}
	return v.done("suppression_added", withQuery(pathSuppressions, map[string]string{"address": surveys.NormalEmail(address)}))
}

// exportSuppressions sends the list as a file that can be taken in again. The
// reasons are the words of the import, and erased addresses are left out.
func (d *desk) exportSuppressions(v visit) error {
	name := web.FileName(v.w.Name, "suppressions", v.site.Now().In(v.w.Zone).Format(time.DateOnly))
	return web.StreamCSV(v, name, []string{"address", "reason", "source", "since"}, func(row func([]any) error) error {
		return flow.NewSuppressions(v.site.Store).Each(v.ctx(), v.w.ID, func(a surveys.SuppressedAddress) error {
			if a.Email == "" {
				return nil
			}
			return row([]any{a.Email, string(a.Reason), string(a.Source), a.At.In(v.w.Zone).Format(time.RFC3339)})
		})
	})
}

// suppressionCrumbs lead back to the list; last is a page below it.
func (v visit) suppressionCrumbs(last string) []components.Crumb {
	crumbs := []components.Crumb{{Text: v.l.T("office.settings.title"), Address: layouts.PathSettings}}
	if last == "" {
		return append(crumbs, components.Crumb{Text: v.l.T("suppressions.title")})
	}
	return append(crumbs, components.Crumb{Text: v.l.T("suppressions.title"), Address: pathSuppressions}, components.Crumb{Text: last})
}
