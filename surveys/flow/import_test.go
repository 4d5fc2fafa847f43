package flow_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
	"github.com/harkhq/hark/surveys/table"
)

// importing is a survey into which a test imports files.
type importing struct {
	t      testing.TB
	store  *store.Store
	office surveys.Workspace
	survey surveys.Survey
	bad    []string // the rows that the last check refused
}

func newImporting(t testing.TB, s *store.Store) *importing {
	t.Helper()
	w := storetest.Workspace(t, s)
	return &importing{t: t, store: s, office: w, survey: storetest.Survey(t, s, w.ID, surveys.NPS)}
}

// plan is how a file is imported whose columns are found by their names, the
// workspace's segment keys among them.
func (i *importing) plan(file string) flow.ImportPlan {
	i.t.Helper()
	rows, err := table.Open(strings.NewReader(file), table.Options{})
	if err != nil {
		i.t.Fatal(err)
	}
	columns, err := table.Match(rows.Header(), nil)
	if err != nil {
		i.t.Fatal(err)
	}
	segments := make(map[string]int)
	for _, key := range i.office.Segments {
		if at := slices.Index(rows.Header(), key); at >= 0 {
			segments[key] = at
		}
	}
	i.bad = nil
	return flow.ImportPlan{
		Workspace: i.office, Survey: i.survey, Columns: columns, Segments: segments,
		Dates:    table.Dates{Zone: i.office.Location()},
		Open:     func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(file)), nil },
		Bad:      func(row *table.RowError) { i.bad = append(i.bad, row.Error()) },
		Progress: func(int64, int64) {},
	}
}

// run checks and loads a plan.
func (i *importing) run(plan flow.ImportPlan) (store.ImportCounts, error) {
	i.t.Helper()
	imports := flow.NewImports(i.store)
	check, err := imports.Check(context.Background(), plan)
	if err != nil {
		return store.ImportCounts{}, err
	}
	return imports.Load(context.Background(), plan, check)
}

// must imports a file and fails unless the counts are as wanted.
func (i *importing) must(file string, want store.ImportCounts) {
	i.t.Helper()
	got, err := i.run(i.plan(file))
	if err != nil || got != want {
		i.t.Fatalf("import: %+v, %v (bad rows %q); want %+v", got, err, i.bad, want)
	}
	i.recounted()
}

// recounted fails unless the rollups agree with the responses.
func (i *importing) recounted() {
	i.t.Helper()
	differences, err := i.store.Recount(context.Background(), i.office.ID)
	if err != nil || len(differences) > 0 {
		i.t.Errorf("the rollups differ from the answers: %+v, %v", differences, err)
	}
}

func (i *importing) responses() []surveys.Response {
	i.t.Helper()
	list, err := i.store.Responses(context.Background(), i.office.ID, store.ResponseFilter{SurveyID: i.survey.ID, Limit: 500})
	if err != nil {
		i.t.Fatal(err)
	}
	slices.Reverse(list)
	return list
}

func (i *importing) people() []string {
	i.t.Helper()
	list, err := i.store.People(context.Background(), i.office.ID, "", 0, 500)
	if err != nil {
		i.t.Fatal(err)
	}
	var people []string
	for _, p := range list {
		people = append(people, p.ExternalID+" "+p.Email+" "+p.Name)
	}
	slices.Sort(people)
	return people
}

func TestImportStoresWhatTheFileSays(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		in := newImporting(t, s)
		in.must("customer_id,email,name,score,answered_at,comment,locale,plan,country\n"+
			"7,Ada@Example.com,Ada,9,2026-01-05 00:30,\" Fast, \nand \"\"kind\"\" \",zh_Hans,pro,DE\n"+
			",,,0,2026-01-06T23:30:00Z,,,,\n", store.ImportCounts{Stored: 2, People: 1})
		list := in.responses()
		first, second := list[0], list[1]
		if first.Score != 9 || first.Comment != "Fast, \nand \"kind\"" || first.Locale != "zh-Hans" || first.Channel != surveys.ChannelImport || first.Version != 1 {
			t.Errorf("the first answer is %+v", first)
		}
		if want := time.Date(2026, 1, 4, 23, 30, 0, 0, time.UTC); !first.AnsweredAt.Equal(want) {
			t.Errorf("answered at %s, want %s: the zone of the workspace", first.AnsweredAt, want)
		}
		if day := surveys.DayStart(first.Day).Format(time.DateOnly); day != "2026-01-05" {
			t.Errorf("counted on %s", day)
		}
		if first.Segments["plan"] != "pro" || first.Segments["country"] != "DE" || first.Segments["channel"] != "import" {
			t.Errorf("segments %v", first.Segments)
		}
		if second.PersonID != "" || second.Score != 0 || surveys.DayStart(second.Day).Format(time.DateOnly) != "2026-01-07" || len(second.Segments) != 2 {
			t.Errorf("the anonymous answer is %+v", second)
		}
		person, err := s.Person(context.Background(), in.office.ID, first.PersonID)
		if err != nil || person.ExternalID != "7" || person.Email != "ada@example.com" || person.Name != "Ada" || person.Locale != "zh-Hans" {
			t.Errorf("the person is %+v, %v", person, err)
		}
		if len(first.ID) != 36 || first.ID[14] != '8' || first.ID >= second.ID {
			t.Errorf("ids %s and %s are not UUIDs of version 8 in the order of time", first.ID, second.ID)
		}
	})
}

func TestImportTwiceStoresOnce(t *testing.T) {
	t.Parallel()
	const (
		header   = "score,date,comment,email\n"
		january  = "9,2026-01-05,,\n9,2026-01-05,,\n9,2026-01-05,,\n3,2026-01-06,slow,ada@example.com\n"
		february = "9,2026-02-05,,\n"
	)
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		in := newImporting(t, s)
		in.must(header+january, store.ImportCounts{Stored: 4, People: 1})
		in.must(header+january, store.ImportCounts{Repeated: 4})
		in.must(header+january+february, store.ImportCounts{Stored: 1, Repeated: 4})
		in.must("email;comment;date;score\n;;05/02/2026;9\n;;05/02/2026;9\n;;28/02/2026;1\n", store.ImportCounts{Stored: 2, Repeated: 1})
		if n := len(in.responses()); n != 7 {
			t.Errorf("%d answers are stored", n)
		}
		other := *in
		other.survey = storetest.Survey(t, s, in.office.ID, surveys.NPS)
		other.must(header+january, store.ImportCounts{Stored: 4}) // another survey's answers are others
	})
}

func TestImportByTheFilesOwnIDs(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		in := newImporting(t, s)
		in.must("response_id,score,date,comment\nr1,9,2026-01-05,helo\nr2,9,2026-01-05,\n", store.ImportCounts{Stored: 2})
		in.must("response_id,score,date,comment\nr1,9,2026-01-05,hello\nr3,9,2026-01-05,\n", store.ImportCounts{Stored: 1, Repeated: 1})
		_, err := in.run(in.plan("response_id,score,date\nr7,9,2026-01-05\nr7,9,2026-01-05\n"))
		if !errors.Is(err, flow.ErrBadRows) || !slices.Equal(in.bad, []string{`line 3, column "response_id": "r7" stands on a line before, too`}) {
			t.Errorf("the same id twice: %v, %q", err, in.bad)
		}
	})
}

func TestImportFindsPeople(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		in := newImporting(t, s)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			for _, p := range []surveys.Person{{ExternalID: "1", Email: "one@example.com", Name: "One"}, {Email: "two@example.com", Name: "Two"}, {Email: "five@example.com"}} {
				p.WorkspaceID = in.office.ID
				if _, err := tx.SavePerson(ctx, p); err != nil {
					return err
				}
			}
			return nil
		})
		in.must("id,email,name,score,date\n"+
			"1,,Uno,9,2026-01-01\n"+ // by id; what is known stays
			",ONE@example.com,,9,2026-01-02\n"+ // by address
			"2,two@example.com,Zwei,9,2026-01-03\n"+ // by address, and gets the id
			"2,,,9,2026-01-04\n"+
			"3,one@example.com,Three,9,2026-01-05\n"+ // another customer behind the same address
			",four@example.com,,9,2026-01-06\n"+
			"4,four@example.com,,9,2026-01-07\n"+ // created a line above, gets the id
			"5,five@example.com,,9,2026-01-08\n"+ // gets the id,
			"6,five@example.com,,9,2026-01-09\n", // so that this is another one
			store.ImportCounts{Stored: 9, People: 3})
		want := []string{"1 one@example.com One", "2 two@example.com Two", "3 one@example.com Three", "4 four@example.com ", "5 five@example.com ", "6 five@example.com "}
		if got := in.people(); !slices.Equal(got, want) {
			t.Errorf("people %q, want %q", got, want)
		}
		list := in.responses()
		for _, same := range [][2]int{{0, 1}, {2, 3}, {5, 6}} {
			if list[same[0]].PersonID != list[same[1]].PersonID {
				t.Errorf("rows %v are of two people", same)
			}
		}
		if list[0].PersonID == list[4].PersonID || list[7].PersonID == list[8].PersonID {
			t.Error("two customers of one address were taken for one person")
		}
	})
}

func TestImportOfAnotherWorkspacesPeople(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		in, other := newImporting(t, s), newImporting(t, s)
		const file = "id,email,score,date\n1,ada@example.com,9,2026-01-01\n"
		in.must(file, store.ImportCounts{Stored: 1, People: 1})
		other.must(file, store.ImportCounts{Stored: 1, People: 1})
	})
}

func TestImportRefusesBadRows(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	for _, test := range []struct{ name, row, want string }{
		{"score below", "-1,2026-01-01,,,", `column "score": -1 is not a score from 0 to 10`},
		{"score above", "11,2026-01-01,,,", `column "score": 11 is not a score from 0 to 10`},
		{"half a score", "6.5,2026-01-01,,,", `column "score": "6.5" is not a whole number`},
		{"no score", ",2026-01-01,x,,", `column "score": is empty`},
		{"null", "null,2026-01-01,,,", `column "score": "null" is not a whole number`},
		{"true", "true,2026-01-01,,,", `column "score": "true" is not a whole number`},
		{"NaN", "NaN,2026-01-01,,,", `column "score": "NaN" is not a whole number`},
		{"huge", "9223372036854775808,2026-01-01,,,", `column "score": "9223372036854775808" is not a whole number`},
		{"no date", "9,,,,", `column "date": is empty`},
		{"another form of date", "9,01/02/2026,,,", `column "date": "01/02/2026" is not written year first, like 2026-03-31 as on line 2: one file must write its dates in one way`},
		{"no such day", "9,2026-02-30,,,", `column "date": "2026-02-30" is a day or time that does not exist`},
		{"future", "9,2027-01-01,,,", `column "date": "2027-01-01" lies in the future`},
		{"ancient", "9,1970-01-01,,,", `column "date": "1970-01-01" is more than 30 years ago`},
		{"address", "9,2026-01-01,,ada@,", `column "email": "ada@" is not a mail address`},
		{"comment", "9,2026-01-01," + strings.Repeat("é", surveys.MaxCommentRunes+1) + ",,", `column "comment": is longer than 10000 characters`},
		{"language", "9,2026-01-01,,,German (Swiss)", `column "locale": "German (Swiss)" is not a language like en or zh-Hans`},
		{"fields", "9,2026-01-01", `has 2 fields, and the header has 5: is a field with a comma in it not quoted?`},
		{"NUL", "9,2026-01-01,a\x00b,,", `column "comment": contains a NUL byte`},
		{"invalid UTF-8", "9,2026-01-01,a\xffb,,", `column "comment": contains the byte 0xff, which is not UTF-8`},
		{"a line of megabytes", "9,2026-01-01," + strings.Repeat("x", table.MaxRecord) + ",,", `is longer than 1024 KB`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := newImporting(t, s)
			plan := in.plan("score,date,comment,email,locale\n9,2026-01-01,first,,\n" + test.row + "\n8,2026-01-02,last,ada@example.com,\n")
			_, err := in.run(plan)
			if !errors.Is(err, flow.ErrBadRows) || len(in.bad) != 1 || !strings.HasPrefix(in.bad[0], "line 3") || !strings.Contains(in.bad[0], test.want) {
				t.Errorf("%v, bad rows %q; want one on line 3 with %s", err, in.bad, test.want)
			}
			if n, people := len(in.responses()), in.people(); n > 0 || len(people) > 0 {
				t.Errorf("%d answers and %d people are stored", n, len(people))
			}
			plan.BadRows = flow.SkipBad
			counts, err := in.run(plan)
			if want := (store.ImportCounts{Stored: 2, People: 1}); err != nil || counts != want {
				t.Errorf("without the bad row: %+v, %v", counts, err)
			}
			in.recounted()
		})
	}
}

func TestImportStoresNothingWhenItFails(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for name, second := range map[string]io.Reader{
			"the file changed":        strings.NewReader("score,date,email\n9,2026-01-05,a@example.com\n8,2026-01-05,b@example.com\n"),
			"the file cannot be read": io.MultiReader(strings.NewReader("score,date,email\n9,2026-01-05,a@example.com\n"), failing{}),
		} {
			in := newImporting(t, s)
			plan := in.plan("score,date,email\n9,2026-01-05,a@example.com\n9,2026-01-05,b@example.com\n")
			opened := 0
			first := plan.Open
			plan.Open = func() (io.ReadCloser, error) {
				if opened++; opened < 3 { // for the dates, and to check
					return first()
				}
				return io.NopCloser(second), nil
			}
			if _, err := in.run(plan); err == nil {
				t.Errorf("%s: no error", name)
			}
			if n, people := len(in.responses()), in.people(); n > 0 || len(people) > 0 {
				t.Errorf("%s: %d answers and %d people are stored", name, n, len(people))
			}
			in.recounted()
		}
	})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestCheckTellsWhatTheFileHolds(t *testing.T) {
	t.Parallel()
	in := newImporting(t, storetest.Open(t, store.SQLite))
	check, err := flow.NewImports(in.store).Check(context.Background(), in.plan("score,date\n9,03/01/2026\nx,04/01/2026\n3,13/01/2026\n3,02/01/2026\n"))
	if err != nil {
		t.Fatal(err)
	}
	if check.Rows != 4 || check.Bad != 1 || check.Good() != 3 || len(check.First) != 3 || check.Counts != (surveys.Counts{3: 2, 9: 1}) {
		t.Errorf("%+v", check)
	}
	if check.Dates.Form != table.DayFirst || check.Dates.Decided != 4 {
		t.Errorf("dates %+v", check.Dates)
	}
	berlin := in.office.Location()
	if !check.From.Equal(time.Date(2026, 1, 2, 0, 0, 0, 0, berlin)) || !check.To.Equal(time.Date(2026, 1, 13, 0, 0, 0, 0, berlin)) {
		t.Errorf("from %s to %s", check.From, check.To)
	}
	if _, err := flow.NewImports(in.store).Check(context.Background(), in.plan("score,date\n9,03/01/2026\n9,04/01/2026\n")); err == nil || !strings.Contains(err.Error(), "--date-format") {
		t.Errorf("ambiguous dates: %v", err)
	}
}

func TestImportStopsWithItsContext(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		in := newImporting(t, s)
		plan := in.plan("score,date\n" + strings.Repeat("9,2026-01-05\n", 30_000))
		imports := flow.NewImports(s)
		check, err := imports.Check(context.Background(), plan)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		plan.Progress = func(rows, _ int64) {
			if rows >= 10_000 {
				cancel()
			}
		}
		if _, err := imports.Load(ctx, plan, check); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if n := len(in.responses()); n > 0 {
			t.Errorf("%d answers are stored", n)
		}
		in.recounted()
	})
}
