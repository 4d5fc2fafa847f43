package components

import (
	"slices"

	"github.com/a-h/templ"

	"github.com/harkhq/hark/templates/i18n"
)

// Courses are the numbers behind the sparklines of a list: one table for all of
// them, from which each takes its card.
type Courses struct {
	L     *i18n.Localizer
	ID    string // of the table, once on a page
	Title string
	When  string      // the step that a picture has the numbers of
	Head  string      // what the courses are of: "Survey"
	Value string      // what their steps are: "Level"; empty: rates
	Count string      // what stands behind a step: "Answers of the week"; empty: counts
	List  []RateTrend // its ID is the course's, its title the name of what it is of
	Save  *Save       // nil: nobody may take it from here
}

// Heading is the table's title.
func (v Courses) Heading() string { return v.Title }

// Spark is the course of a list's line, as far as its steps are over.
func (v Courses) Spark(course RateTrend) Sparkline {
	spark := Sparkline{L: v.L, Table: v.ID, Course: course.ID, Title: course.Title, Summary: course.Summary, Before: course.Before, Since: course.Since, Stretch: course.Stretch}
	for range course.Before {
		spark.Values, spark.Low, spark.High = append(spark.Values, nil), append(spark.Low, nil), append(spark.High, nil)
	}
	for _, point := range course.Points {
		if point.Partial {
			continue
		}
		spark.Values, spark.Low, spark.High = append(spark.Values, point.Value), append(spark.Low, point.Low), append(spark.High, point.High)
		spark.Says = course.says(point)
	}
	return spark
}

// SparkOf is the sparkline of the course with an ID; one without a line where
// there is no such course.
func (v Courses) SparkOf(id string) Sparkline {
	for _, course := range v.List {
		if course.ID == id {
			return v.Spark(course)
		}
	}
	return Sparkline{}
}

// value is the heading over the steps' values.
func (v Courses) value() string {
	if v.Value != "" {
		return v.Value
	}
	return v.L.T("components.rate.value")
}

// Sheet is one row for each step of each course.
func (v Courses) Sheet() Sheet {
	s := Sheet{ID: v.ID, Columns: []SheetColumn{{Text: v.Head, Keys: []string{"course"}}}}
	for _, column := range (RateTrend{L: v.L}).Sheet().Columns {
		if slices.Contains(column.Keys, "value") {
			column.Text = v.value()
		}
		if v.Count != "" && slices.Contains(column.Keys, "of") {
			column.Text = v.Count
		}
		s.Columns = append(s.Columns, column)
	}
	for _, course := range v.List {
		spark, step := v.Spark(course), course.Before
		p, drawn := spark.plot()
		for _, point := range course.Points {
			row := course.row(point)
			row.Cells = append([]Cell{{Text: course.Title, Values: []any{course.Title}}}, row.Cells...)
			if drawn && !point.Partial {
				row.Of, row.Mark = course.ID, p.marks[step]
				step++
			}
			s.Rows = append(s.Rows, row)
		}
	}
	return s
}

// Picture is the list with its sparklines as a file by itself: what each course
// came to, with its interval.
func (v Courses) Picture(frame Picture) templ.Component {
	list := rowPicture{Head: v.Head, Numbers: []string{v.value(), v.L.T("components.column.interval")}, Wide: 150}
	for _, course := range v.List {
		row := pictureRow{Name: course.Title, Numbers: []string{"–", ""}}
		for _, point := range course.Points {
			if !point.Partial {
				row.Numbers, row.Says = []string{point.Text, point.Interval}, point.Count
			}
		}
		if p, ok := v.Spark(course).plot(); ok {
			row.Course = &p
		}
		list.Rows = append(list.Rows, row)
	}
	if v.When != "" {
		frame.Under = append([]string{v.When}, frame.Under...)
	}
	return rowsPicture(frame, []rowPicture{list})
}
