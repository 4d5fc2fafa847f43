package office

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/table"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// What a list may go to: a survey, for which there will be a new rule, or a
// rule that is there.
const toSurvey, toRule = "survey:", "rule:"

// listForm is the form of an upload, and what its file holds.
type listForm struct {
	visit
	id              string // of the list, drawn with its preview
	to, days, start string
	check           flow.ListCheck
	problem         error
}

func readListForm(v visit, form url.Values) listForm {
	return listForm{visit: v, id: form.Get("list"), to: form.Get("to"), days: strings.TrimSpace(form.Get("days")), start: form.Get("start")}
}

// listFile is the uploaded file, nothing when there is none.
func (v visit) listFile() ([]byte, error) {
	header, err := v.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || err == nil && header.Size == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, web.ReadFailure(fmt.Errorf("read the list: %w", err))
	}
	return readFile(header)
}

// plan is what the form asks for.
func (f listForm) plan(file []byte) (flow.ListPlan, error) {
	plan := flow.ListPlan{Workspace: f.w.Workspace, ID: f.id, File: file, Days: atoi(f.days)}
	if start, err := time.ParseInLocation(time.DateOnly, f.start, f.w.Zone); err == nil {
		plan.Start = start
	}
	unknown := surveys.Wrong(surveys.FieldError{Path: "to", Code: "list_rule"})
	if id, ok := strings.CutPrefix(f.to, toRule); ok {
		rule, _, err := f.listRule(id)
		if surveys.KindOf(err) == surveys.NotFound || rule.Archived() {
			return plan, unknown
		}
		plan.Rule = rule
		return plan, err
	}
	id, ok := strings.CutPrefix(f.to, toSurvey)
	if !ok {
		return plan, unknown
	}
	survey, err := f.site.Store.Survey(f.ctx(), f.w.ID, id)
	if surveys.KindOf(err) == surveys.NotFound {
		return plan, unknown
	}
	plan.Rule = surveys.Rule{
		Name: cutName(f.l.T("list.name", "survey", survey.Name, "date", f.l.Date(f.site.Store.Now().In(f.w.Zone)))), Trigger: surveys.TriggerList, SurveyID: survey.ID,
		Window: surveys.WorkingHours(), WhenCapped: surveys.CapDefer, Status: surveys.RuleActive,
	}
	return plan, err
}

// maxName is how many characters a rule's name may have.
const maxName = 80

// cutName shortens a rule's name to what it may be.
func cutName(name string) string {
	if runes := []rune(name); len(runes) > maxName {
		return string(runes[:maxName-1]) + "…"
	}
	return name
}

// show renders the form.
func (f listForm) show(status int) error {
	view := office.ListForm{
		Page: f.page(f.l.T("list.title"), layouts.Asking), Crumbs: listCrumbs(f.visit, f.l.T("list.title")), Action: pathLists + "/check", Unsent: f.unsent(),
		File:  f.field("file"),
		Days:  components.TextInput{Field: f.field("days"), Value: f.days, Limit: 2},
		Start: components.TextInput{Field: f.field("start"), Type: "date", Value: f.start},
	}
	var err error
	if view.To, err = f.targets(); err != nil {
		return err
	}
	if len(view.To.Options) == 0 {
		view.Empty = &components.Empty{Title: f.l.T("rules.form.no_survey.title"), Text: f.l.T("rules.form.no_survey.text"),
			Action: f.action(surveys.Manager, components.Action{Text: f.l.T("office.survey.new"), Address: "/surveys/new"})}
	}
	return web.Render(f, status, office.ListFormPage(view))
}

func (f listForm) field(name string) components.Field {
	return components.Field{Name: name, Label: f.l.T("list.field." + name), Help: f.l.T("list.help." + name), Error: f.fieldErrors(f.problem)[name]}
}

// targets are the surveys that can be asked, and the rules about lists.
func (f listForm) targets() (components.Choices, error) {
	field := f.field("to")
	field.Help = ""
	c := components.Choices{Field: field}
	rules, err := f.site.Store.Rules(f.ctx(), f.w.ID)
	if err != nil {
		return c, err
	}
	list, err := f.site.Store.Surveys(f.ctx(), f.w.ID)
	if err != nil {
		return c, err
	}
	option := func(value, text string) {
		c.Options = append(c.Options, components.Option{Value: value, Text: text, Selected: value == f.to})
	}
	for _, survey := range list {
		if survey.Open(f.site.Store.Now()) == nil || f.to == toSurvey+survey.ID { // what was chosen stays, with what is wrong with it
			option(toSurvey+survey.ID, survey.Name)
		}
	}
	for _, rule := range rules {
		if rule.Trigger == surveys.TriggerList && !rule.Archived() {
			option(toRule+rule.ID, f.l.T("list.to_rule", "rule", rule.Name))
		}
	}
	return c, nil
}

// preview renders what would happen.
func (f listForm) preview(plan flow.ListPlan) error {
	survey, err := f.site.Store.Survey(f.ctx(), f.w.ID, plan.Rule.SurveyID)
	if err != nil {
		return err
	}
	packed, err := pack(plan.File)
	if err != nil {
		return err
	}
	id, err := f.site.Store.NewID()
	if err != nil {
		return err
	}
	good := int64(len(f.check.Good))
	view := office.ListPreview{
		Page: f.page(f.l.T("list.preview"), layouts.Asking), Crumbs: listCrumbs(f.visit, f.l.T("list.preview")), Unsent: f.unsent(),
		Says: f.l.T("list.none"), Lines: f.l.N("list.lines", int64(f.check.Lines)), Columns: f.columns(), Problems: f.problems(),
		Action: pathLists, Back: pathLists + "/new",
		Hidden: []office.Hidden{{Name: "list", Value: id}, {Name: "to", Value: f.to}, {Name: "days", Value: f.days}, {Name: "start", Value: f.start}, {Name: "packed", Value: packed}},
	}
	if plan.Rule.Status == surveys.RulePaused {
		view.Paused = &components.Note{Kind: components.Warning, Text: f.l.T("list.paused")}
	} else if survey.Open(f.site.Store.Now()) != nil {
		view.Paused = &components.Note{Kind: components.Warning, Text: f.l.T("list.survey_closed", "survey", survey.Name)}
	}
	if good > 0 {
		view.Days = f.perDay()
		days := slices.DeleteFunc(f.check.Spread.Days(len(f.check.Good), f.w.Zone), func(day surveys.TurnDay) bool { return day.Turns == 0 })
		view.Says = f.l.N("list.says", good, "survey", survey.Name, "first", f.l.Date(days[0].Day.In(f.w.Zone)), "last", f.l.Date(days[len(days)-1].Day.In(f.w.Zone)))
		view.Confirm = &components.Action{Text: f.l.N("list.confirm", good)}
	}
	return web.Render(f, http.StatusOK, office.ListPreviewPage(view))
}

// perDay are the days, and how many people are asked on each.
func (f listForm) perDay() []office.ListDay {
	var days []office.ListDay
	for _, day := range f.check.Spread.Days(len(f.check.Good), f.w.Zone) {
		days = append(days, office.ListDay{Day: f.l.Date(day.Day.In(f.w.Zone)), Turns: f.l.Number(int64(day.Turns))})
	}
	return days
}

// columns say what was understood of the header.
func (f listForm) columns() []office.ListColumn {
	var list []office.ListColumn
	for _, field := range []table.Field{table.Email, table.PersonID, table.Name, table.FirstName, table.LastName, table.Locale, "timezone"} {
		if header, ok := f.check.Columns[field]; ok {
			list = append(list, office.ListColumn{Header: header, Means: f.l.T("list.column." + string(field))})
		}
	}
	for _, header := range f.check.Traits {
		list = append(list, office.ListColumn{Header: header, Means: f.l.T("list.column.trait")})
	}
	return list
}

// problems tell the lines that are not asked, or not wholly understood.
func (f listForm) problems() []office.ListProblem {
	var list []office.ListProblem
	for _, problem := range flow.ListProblems() {
		n := f.check.Counts[problem]
		if n == 0 {
			continue
		}
		told := office.ListProblem{
			Title: f.l.T("list.titled", "title", f.l.T("list.problem."+string(problem)), "n", n), Why: f.l.T("list.why." + string(problem)),
		}
		for _, line := range f.check.First[problem] {
			value := line.Value
			if line.First > 0 {
				value = f.l.T("list.first", "value", line.Value, "line", strconv.Itoa(line.First))
			}
			told.Lines = append(told.Lines, office.ListLine{Line: strconv.Itoa(line.Line), Value: value})
		}
		if more := n - len(told.Lines); more > 0 {
			told.More = f.l.N("list.more_lines", int64(more))
		}
		list = append(list, told)
	}
	return list
}

// pack puts a file into a field of the preview's form: nothing is kept of it
// until somebody confirms, and whichever server they reach has all it needs.
func pack(file []byte) (string, error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(file); err != nil {
		return "", fmt.Errorf("pack the list: %w", err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("pack the list: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(packed.Bytes()), nil
}

// unpack reads what pack wrote, and no more than a list may be: the field may
// have been changed on its way.
func unpack(text string) ([]byte, error) {
	r, err := gzip.NewReader(base64.NewDecoder(base64.RawURLEncoding, strings.NewReader(text)))
	if err != nil {
		return nil, fmt.Errorf("unpack the list: %w", err)
	}
	file, err := io.ReadAll(io.LimitReader(r, flow.MaxListBytes+1))
	if err != nil {
		return nil, fmt.Errorf("unpack the list: %w", err)
	}
	return file, nil
}
