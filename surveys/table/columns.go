package table

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Field is a part of an answer that a column may hold.
type Field string

// The fields.
const (
	Score      Field = "score"
	Date       Field = "date"
	Email      Field = "email"
	PersonID   Field = "person_id"
	Name       Field = "name"
	FirstName  Field = "first_name"
	LastName   Field = "last_name"
	Comment    Field = "comment"
	Locale     Field = "locale"
	ResponseID Field = "response_id"
)

// Fields lists every field.
func Fields() []Field {
	return []Field{Score, Date, Email, PersonID, Name, FirstName, LastName, Comment, Locale, ResponseID}
}

// names are the headers under which exports keep a field, without case, spaces
// and signs, the most telling first: Delighted's, SurveyMonkey's, Typeform's,
// Qualtrics', Hark's own, and what people write, in English and Chinese; for
// dates, of which nothing else tells, in German, French and Spanish too.
func names(f Field) []string {
	switch f {
	case Score:
		return []string{"score", "npsscore", "csatscore", "cesscore", "rating", "nps", "csat", "ces", "answer", "grade", "stars", "satisfaction", "effort", "response", "value",
			"分数", "评分", "打分", "得分", "推荐分", "推荐值", "满意度", "净推荐值", "nps评分", "nps分数", "客户评分", "用户评分", "总体评分", "总体满意度"}
	case Date:
		return []string{"answeredat", "respondedat", "responsedate", "date", "answerdate", "submittedat", "submitdateutc", "submitdate", "completedat", "enddate", "recordeddate", "createdat", "created", "timestamp", "datetime", "day", "time", "startdate", "startdateutc", "updatedat",
			"surveydate", "surveyedat", "feedbackdate", "reviewdate", "submissiondate", "submissiontime", "submittedon", "completedon", "completiondate", "completiontime", "endtime", "answeredon", "respondedon", "responsetime",
			"dateofresponse", "dateanswered", "dateresponded", "datesubmitted", "datecompleted", "createdon", "creationdate", "datecreated", "starttime",
			"datum", "antwortdatum", "datumderantwort", "beantwortetam", "beantwortet", "abgeschlossenam", "abgegebenam", "eingangsdatum", "enddatum", "zeitstempel", "zeitpunkt", "erstelltam", "erstellt", "erstellungsdatum", "startdatum",
			"datederéponse", "datedereponse", "dateréponse", "datereponse", "répondule", "repondule", "datedesoumission", "soumisle", "datedefin", "horodateur", "horodatage", "datedecréation", "datedecreation", "crééle", "creele",
			"fecha", "fechaderespuesta", "fecharespuesta", "respondidoel", "fechadeenvío", "fechadeenvio", "fechayhora", "marcatemporal", "fechadecreación", "fechadecreacion", "creadoel",
			"日期", "时间", "回答时间", "提交时间", "答题时间", "提交日期", "创建时间", "创建日期", "答题日期", "评价时间", "评分时间", "反馈时间", "完成时间", "填写时间", "结束时间", "时间戳", "时间戳记",
			"answered", "responded", "submitted", "completed"} // which may say no more than yes
	case Email:
		return []string{"email", "emailaddress", "personemail", "customeremail", "mail", "邮箱", "电子邮箱", "电子邮件", "邮件", "邮箱地址", "客户邮箱", "用户邮箱", "会员邮箱", "联系邮箱", "电子邮箱地址", "电子邮件地址", "邮件地址"}
	case PersonID:
		return []string{"personid", "customerid", "userid", "externalid", "clientid", "accountid", "id", "客户编号", "用户编号", "客户id", "用户id", "会员编号", "会员id", "客户号", "会员号", "编号"}
	case Name:
		return []string{"name", "personname", "fullname", "customername", "customer", "姓名", "名字", "客户姓名", "用户姓名", "会员姓名", "客户名称"}
	case FirstName:
		return []string{"firstname", "givenname"}
	case LastName:
		return []string{"lastname", "familyname", "surname"}
	case Comment:
		return []string{"comment", "comments", "feedback", "reason", "verbatim", "remark", "remarks", "text", "openendedresponse", "评论", "反馈", "意见", "原因", "评语", "备注", "留言", "建议", "意见建议", "意见与建议", "评论内容", "反馈内容", "评价内容"}
	case Locale:
		return []string{"locale", "language", "lang", "语言"}
	case ResponseID:
		return []string{"responseid", "surveyresponseid", "respondentid", "submissionid", "answerid", "回答编号", "答卷编号", "答卷id"}
	}
	return nil
}

// phrases are parts of the questions that some exports have for a header.
func phrases(f Field) []string {
	switch f {
	case Score:
		return []string{"howlikely", "howsatisfied", "madeiteasy", "howmucheffort", "howeasy", "多大可能", "推荐给", "有多满意"}
	case Comment:
		return []string{"reasonforyour", "tellusmore", "whydidyou", "anythingelse", "howcanweimprove", "为什么给出", "还有什么"}
	}
	return nil
}

// Key is a header as names are compared: letters and digits in lower case.
func Key(header string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, header)
}

// Columns says which column, counted from 0, holds which field.
type Columns map[Field]int

// AmbiguousError says that two columns bear a field's name. Hark does not guess
// which of them is meant.
type AmbiguousError struct {
	Field         Field
	Names         [2]string
	First, Second int // counted from 1
}

// Error names the columns, and the flag of `hark import` that says which is meant.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%s: say which with --map %d=%s or --map %d=%s", e.Columns(), e.First, e.Field, e.Second, e.Field)
}

// Columns names the columns.
func (e *AmbiguousError) Columns() string {
	return fmt.Sprintf("two columns may be the %s: %q (column %d) and %q (column %d)", e.Field, e.Names[0], e.First, e.Names[1], e.Second)
}

// Match finds the columns of all fields by their names; see [MatchFields].
func Match(header []string, named Columns) (Columns, error) {
	return MatchFields(header, named, Fields())
}

// MatchFields finds the columns of some fields by their names, beside those that
// a person named already; a column without a name is passed over. A field whose
// name two columns bear is an [AmbiguousError].
func MatchFields(header []string, named Columns, fields []Field) (Columns, error) {
	keys := make([]string, len(header))
	for i, name := range header {
		keys[i] = Key(name)
	}
	columns := make(Columns, len(named))
	maps.Copy(columns, named)
	for _, field := range fields {
		if _, known := columns[field]; known {
			continue
		}
		at, err := find(header, keys, field)
		if err != nil {
			return nil, err
		}
		if at >= 0 && !columns.Holds(at) {
			columns[field] = at
		}
	}
	return columns, nil
}

func find(header, keys []string, field Field) (int, error) {
	for _, name := range names(field) {
		at := slices.Index(keys, name)
		if at < 0 {
			continue
		}
		if next := slices.Index(keys[at+1:], name); next >= 0 {
			second := at + 1 + next
			return -1, &AmbiguousError{Field: field, Names: [2]string{header[at], header[second]}, First: at + 1, Second: second + 1}
		}
		return at, nil
	}
	for _, phrase := range phrases(field) {
		if at := slices.IndexFunc(keys, func(key string) bool { return strings.Contains(key, phrase) }); at >= 0 {
			return at, nil
		}
	}
	return -1, nil
}

// Holds reports whether a column is in use.
func (c Columns) Holds(column int) bool {
	for _, at := range c {
		if at == column {
			return true
		}
	}
	return false
}

// Find returns the column that a person names: by its header, in any case, or
// by its number from 1. A header that two columns have is an error.
func Find(header []string, name string) (int, error) {
	for _, same := range []func(string) bool{
		func(h string) bool { return h == strings.TrimSpace(name) },
		func(h string) bool { return Key(name) != "" && Key(h) == Key(name) },
	} {
		at := slices.IndexFunc(header, same)
		if at < 0 {
			continue
		}
		if next := slices.IndexFunc(header[at+1:], same); next >= 0 {
			return -1, fmt.Errorf("two columns are called %q: say %d or %d, their numbers", header[at], at+1, at+next+2)
		}
		return at, nil
	}
	var number int
	if _, err := fmt.Sscanf(name, "%d", &number); err == nil && fmt.Sprint(number) == name && number >= 1 && number <= len(header) {
		return number - 1, nil
	}
	return -1, fmt.Errorf("there is no column %q; the columns are %s", name, Quoted(header))
}

// Quoted lists names for a message.
func Quoted(list []string) string {
	const most = 30
	quoted := make([]string, 0, len(list))
	for i, name := range list {
		if i == most {
			quoted = append(quoted, fmt.Sprintf("and %d more", len(list)-most))
			break
		}
		quoted = append(quoted, fmt.Sprintf("%q", name))
	}
	return strings.Join(quoted, ", ")
}
