package office

import (
	"strings"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/words"
)

// exportOf is the address of a survey's comments as a file.
func exportOf(surveyID string) string { return feedOf(surveyID) + "/export" }

// exportComments sends the comments that pass the filters as a file.
func (d *desk) exportComments(v visit) error {
	f, err := readFeed(v)
	if err != nil {
		return err
	}
	f.filter.After = store.FeedPlace{}
	versions, err := v.site.Store.Wordings(v.ctx(), v.w.ID, f.survey.ID)
	if err != nil {
		return err
	}
	f.asked = wordings{f.survey.ID: {f.survey, versions}}
	beside := v.columns(versions)
	columns := make([]string, 0, 7+len(v.w.SegmentKeys())+len(beside)+len(f.survey.Fields))
	for _, name := range []string{"date", "score", "band", "comment", "language", "themes"} {
		columns = append(columns, v.l.T("feed.csv."+name))
	}
	for _, key := range v.w.SegmentKeys() {
		columns = append(columns, words.KeyName(v.l, key))
	}
	for _, c := range beside {
		columns = append(columns, c.name)
	}
	columns = append(columns, f.survey.Fields...)
	columns = append(columns, v.l.T("feed.csv.question")) // at the end, where files had nothing before
	name := web.FileName(f.survey.Name, v.l.T("feed.title"), f.view.period.From.String(), f.view.period.last().String())
	return web.StreamCSV(v, name, columns, func(row func([]any) error) error {
		return flow.NewFeeds(v.site.Store).Each(v.ctx(), v.w.ID, f.filter, func(c store.FeedComment) error { return row(f.row(c, beside)) })
	})
}

// row is one comment of the file, with the answers to follow-ups beside it.
func (f fed) row(c store.FeedComment, beside []column) []any {
	r := c.Response
	var about []string
	for _, id := range c.Reading.Themes {
		if name := f.themeName(id); name != "" {
			about = append(about, name)
		}
	}
	values := []any{
		r.AnsweredAt.In(f.w.Zone).Format(time.RFC3339), r.Score, f.l.Band(f.survey.Metric.Scale().Band(r.Score)), r.Comment,
		f.language(store.LanguageOf(c)), strings.Join(about, "; "),
	}
	for _, key := range f.w.SegmentKeys() {
		values = append(values, r.Segments[key])
	}
	values = append(values, f.cells(beside, f.asked, r)...)
	for _, name := range f.survey.Fields {
		values = append(values, r.Fields[name])
	}
	return append(values, f.question(f.asked[f.survey.ID], r))
}
