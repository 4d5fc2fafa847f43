package table

import (
	"maps"
	"strings"
	"testing"
)

func TestEveryFieldIsKnownByItsOwnName(t *testing.T) {
	t.Parallel()
	for _, field := range Fields() {
		got, err := Match([]string{"x", strings.ToUpper(string(field))}, nil)
		if err != nil || !maps.Equal(got, Columns{field: 1}) {
			t.Errorf("%s: %v, %v", field, got, err)
		}
	}
}

func TestHeadersInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		header string
		want   Columns
	}{
		{"English", "NPS Score|Submitted at|E-mail address|Full name|Feedback|Language", Columns{Score: 0, Date: 1, Email: 2, Name: 3, Comment: 4, Locale: 5}},
		{"Chinese", "打分|提交时间|电子邮箱|客户姓名|意见|语言", Columns{Score: 0, Date: 1, Email: 2, Name: 3, Comment: 4, Locale: 5}},
		{"Chinese with an id in Latin letters", "客户ID|分数|答卷编号", Columns{PersonID: 0, Score: 1, ResponseID: 2}},
		{"both", "评分|Date|邮箱|Comment", Columns{Score: 0, Date: 1, Email: 2, Comment: 3}},
		{"a Chinese question", "您有多大可能向朋友推荐我们？|日期", Columns{Score: 0, Date: 1}},
		{"an English question", "How satisfied were you with your order?|Tell us more", Columns{Score: 0, Comment: 1}},
		{"a name beats a question", "How likely are you to recommend us?|Score", Columns{Score: 1}},
		{"given and family name", "Given name|Surname|rating", Columns{FirstName: 0, LastName: 1, Score: 2}},
		{"a part of a word is no name", "scoreboard|updated|mailbox", Columns{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, err := Match(strings.Split(test.header, "|"), nil); err != nil || !maps.Equal(got, test.want) {
				t.Errorf("%v, %v; want %v", got, err, test.want)
			}
		})
	}
}

// What a person names stands, also against a better guess.
func TestOverridesStand(t *testing.T) {
	t.Parallel()
	header := []string{"score", "rating", "date", "comment"}
	for _, test := range []struct {
		name        string
		named, want Columns
	}{
		{"none", nil, Columns{Score: 0, Date: 2, Comment: 3}},
		{"another score", Columns{Score: 1}, Columns{Score: 1, Date: 2, Comment: 3}},
		{"a column for another field is not used twice", Columns{Name: 3}, Columns{Score: 0, Date: 2, Name: 3}},
		{"all", Columns{Score: 1, Date: 0, Comment: 2}, Columns{Score: 1, Date: 0, Comment: 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			was := maps.Clone(test.named)
			if got, err := Match(header, test.named); err != nil || !maps.Equal(got, test.want) {
				t.Errorf("%v, %v; want %v", got, err, test.want)
			}
			if !maps.Equal(was, test.named) {
				t.Errorf("what was named became %v", test.named)
			}
		})
	}
}
