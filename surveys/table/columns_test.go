package table

import (
	"errors"
	"maps"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		header string
		want   Columns
		err    string
	}{
		{"Hark's own", "id,score,comment,answered_at,email", Columns{PersonID: 0, Score: 1, Comment: 2, Date: 3, Email: 4}, ""},
		{"Delighted", "Response ID,Person ID,Name,Email,Score,Comment,Created at,Updated at", Columns{ResponseID: 0, PersonID: 1, Name: 2, Email: 3, Score: 4, Comment: 5, Date: 6}, ""},
		{"SurveyMonkey", "Respondent ID,Start Date,End Date,Email Address,First Name,Last Name,How likely is it that you would recommend us to a friend?,What is the main reason for your score?",
			Columns{ResponseID: 0, Date: 2, Email: 3, FirstName: 4, LastName: 5, Score: 6, Comment: 7}, ""},
		{"Typeform", "#,How likely are you to recommend us?,Submit Date (UTC)", Columns{Score: 1, Date: 2}, ""},
		{"Qualtrics", "StartDate,EndDate,RecordedDate,ResponseId,Q1,NPS", Columns{ResponseID: 3, Score: 5, Date: 1}, ""},
		{"answered", "nps,answered", Columns{Score: 0, Date: 1}, ""},
		{"completed, after a better name", "completed,nps,created_at", Columns{Score: 1, Date: 2}, ""},
		{"completed, which may be yes or no, after a date", "nps,completed,Datum", Columns{Score: 0, Date: 2}, ""},
		{"German", "nps,Datum", Columns{Score: 0, Date: 1}, ""},
		{"German, in words", "nps,Beantwortet am", Columns{Score: 0, Date: 1}, ""},
		{"French", "nps,Date de réponse", Columns{Score: 0, Date: 1}, ""},
		{"Spanish", "nps,Fecha de creación", Columns{Score: 0, Date: 1}, ""},
		{"Chinese", "客户编号,评分,日期,评论,邮箱,姓名", Columns{PersonID: 0, Score: 1, Date: 2, Comment: 3, Email: 4, Name: 5}, ""},
		{"Chinese, as a shop system writes it", "会员编号,用户姓名,客户邮箱,NPS 评分,评价时间,意见与建议", Columns{PersonID: 0, Name: 1, Email: 2, Score: 3, Date: 4, Comment: 5}, ""},
		{"Chinese, an address spelled out", "总体满意度,电子邮件地址", Columns{Score: 0, Email: 1}, ""},
		{"case and signs", " NPS-Score ,ANSWERED AT", Columns{Score: 0, Date: 1}, ""},
		{"the more telling name wins", "rating,score,created_at,date", Columns{Score: 1, Date: 3}, ""},
		{"nothing", "x,y", Columns{}, ""},
		{"twice", "score,Score", nil, `two columns may be the score: "score" (column 1) and "Score" (column 2)`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := Match(strings.Split(test.header, ","), nil)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want %s", err, test.err)
				}
				return
			}
			if err != nil || !maps.Equal(got, test.want) {
				t.Errorf("%v, %v; want %v", got, err, test.want)
			}
		})
	}
}

func TestMatchKeepsWhatAPersonNamed(t *testing.T) {
	t.Parallel()
	got, err := Match([]string{"score", "Score", "date", "email"}, Columns{Score: 1, Comment: 3})
	if want := (Columns{Score: 1, Comment: 3, Date: 2}); err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	header := []string{"Score", "score", "Plan name", "7"}
	for name, want := range map[string]int{"Score": 0, "score": 1, "plan_name": 2, "PLAN NAME": 2, "3": 2, "7": 3} {
		if got, err := Find(header, name); err != nil || got != want {
			t.Errorf("%q is column %d, %v; want %d", name, got, err, want)
		}
	}
	for _, name := range []string{"plan", "0", "5", "", "1x"} {
		if _, err := Find(header, name); err == nil || !strings.Contains(err.Error(), `"Plan name"`) {
			t.Errorf("%q: error %v, want the list of columns", name, err)
		}
	}
}

func TestParseScore(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]int{"9": 9, " 10 ": 10, "0": 0, "9.0": 9, "7.00": 7, "-1": -1, "11": 11} {
		if got, err := ParseScore(cell); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", cell, got, err, want)
		}
	}
	for cell, want := range map[string]string{
		"": "is empty", "  ": "is empty", "6.5": `"6.5" is not a whole number`, "NaN": "not a whole number", "null": "not a whole number",
		"true": "not a whole number", "9223372036854775808": "not a whole number", "nine": "not a whole number", "9.": "not a whole number", "1e1": "not a whole number",
	} {
		if got, err := ParseScore(cell); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %d, %v; want %s", cell, got, err, want)
		}
	}
}

// TestTwoColumnsOfOneName: which of them is meant is not guessed, unless nobody
// asked for that field.
func TestTwoColumnsOfOneName(t *testing.T) {
	t.Parallel()
	header := []string{"score", "Email", "email", "plan", "PLAN"}
	var ambiguous *AmbiguousError
	if _, err := Match(header, nil); !errors.As(err, &ambiguous) || ambiguous.Field != Email || ambiguous.First != 2 || ambiguous.Second != 3 {
		t.Errorf("two addresses: %v", err)
	}
	if columns, err := MatchFields(header, nil, []Field{Score, Date}); err != nil || len(columns) != 1 || columns[Score] != 0 {
		t.Errorf("only the score: %v, %v", columns, err)
	}
	for name, want := range map[string]int{"plan": 3, "PLAN": 4, "4": 3, "5": 4} {
		if at, err := Find(header, name); err != nil || at != want {
			t.Errorf("%q is column %d, %v; want %d", name, at, err, want)
		}
	}
	if _, err := Find(header, "Plan"); err == nil || !strings.Contains(err.Error(), `two columns are called "plan": say 4 or 5, their numbers`) {
		t.Errorf("a name of two: %v", err)
	}
}
