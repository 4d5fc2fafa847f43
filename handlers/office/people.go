package office

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// peoplePage is how many people one page lists.
const peoplePage = 50

// lastPeoplePage bounds how far one can leaf; search finds the rest.
const lastPeoplePage = 2000

// people lists those who may be asked.
func (d *desk) people(v visit) error {
	search := strings.ToValidUTF8(strings.TrimSpace(v.QueryParam("q")), "")
	page, note := v.pageNumber()
	list, err := v.site.Store.People(v.ctx(), v.w.ID, search, (page-1)*peoplePage, peoplePage+1)
	if err != nil {
		return err
	}
	view := office.People{
		Page: v.page(v.l.T("office.people.title"), layouts.People), Search: search, Note: note,
		Pager: components.Pager{L: v.l, Words: components.ByPlace, Summary: v.l.T("office.people.page", "page", page)},
	}
	at := func(page int) string {
		return withQuery(layouts.PathPeople, map[string]string{"q": search, "page": strconv.Itoa(page)})
	}
	if page > 1 {
		view.Pager.Newer = at(page - 1)
	}
	if len(list) > peoplePage {
		list, view.Pager.Older = list[:peoplePage], at(page+1)
	}
	for _, p := range list {
		view.Rows = append(view.Rows, office.PersonRow{
			Name: p.Label(), Address: "/people/" + p.ID, Email: p.Email, ID: p.ExternalID, Changed: v.l.Date(p.UpdatedAt.In(v.w.Zone)),
		})
	}
	if len(list) == 0 {
		view.Empty = noPeople(v, search)
	}
	return web.Render(v, http.StatusOK, office.PeoplePage(view))
}

// pageNumber is the page that the address asks for. What is no page shows the
// first, with a note.
func (v visit) pageNumber() (int, *components.Note) {
	text := v.QueryParam("page")
	if text == "" {
		return 1, nil
	}
	page, err := strconv.Atoi(text)
	if err != nil || page < 1 || page > lastPeoplePage {
		return 1, v.lostPlace()
	}
	return page, nil
}

// lostPlace says that an address names no place in a list.
func (v visit) lostPlace() *components.Note {
	return &components.Note{Kind: components.Warning, Text: v.l.T("office.lost_place")}
}

func noPeople(v visit, search string) *components.Empty {
	if search != "" {
		return &components.Empty{Title: v.l.T("office.people.none.title", "search", search), Text: v.l.T("office.people.none.text")}
	}
	return &components.Empty{Title: v.l.T("office.people.empty.title"), Text: v.l.T("office.people.empty.text"),
		Action: v.action(surveys.Manager, components.Action{Text: v.l.T("office.people.empty.button"), Address: layouts.PathSettings + "#keys"})}
}

// confirmErase asks before a person is erased.
func (d *desk) confirmErase(v visit) error {
	p, err := v.site.Store.Person(v.ctx(), v.w.ID, v.Param("id"))
	if err != nil {
		return err
	}
	title := v.l.T("office.erase.title", "name", p.Label())
	return web.Render(v, http.StatusOK, office.ConfirmPage(office.Confirm{
		Page: v.page(title, layouts.People), Crumbs: personCrumbs(v, p), Title: title, Text: v.l.T("office.erase.text"),
		Points: []string{v.l.T("office.erase.point.answers"), v.l.T("office.erase.point.events"), v.l.T("office.erase.point.suppression")},
		Action: "/people/" + p.ID + "/erase", Button: v.l.T("office.erase.button"), Back: "/people/" + p.ID,
	}))
}

// erase erases a person with all their traces, as a job.
func (d *desk) erase(v visit) error {
	if err := v.site.Team.EraseLater(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return err
	}
	return v.done("erase_started", layouts.PathPeople)
}

// stopAsking ends all mails to a person.
func (d *desk) stopAsking(v visit) error {
	if err := v.site.Team.StopAsking(v.ctx(), v.w.Workspace, v.Param("id")); err != nil {
		return err
	}
	return v.done("person_stopped", "/people/"+v.Param("id"))
}

// askAgain takes back that the team stopped asking a person.
func (d *desk) askAgain(v visit) error {
	if err := v.site.Team.AskAgain(v.ctx(), v.w.Workspace, v.Param("id")); err != nil {
		return err
	}
	return v.done("person_resumed", "/people/"+v.Param("id"))
}

func personCrumbs(v visit, p surveys.Person) []components.Crumb {
	return []components.Crumb{{Text: v.l.T("office.people.title"), Address: layouts.PathPeople}, {Text: p.Label()}}
}
