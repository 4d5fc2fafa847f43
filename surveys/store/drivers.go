package store

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

type driverDayRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	SurveyID    string `gorm:"primaryKey"`
	Day         int    `gorm:"primaryKey"`
	Changes     int64
	Computed    int64
	Keys        string
	Rated       int64
	Complete    int64
	Products    []byte
}

func (driverDayRow) TableName() string { return "driver_days" }

// driverDayColumns are the columns of driver_days, in the order of
// [driverDayRow.values].
const driverDayColumns = "workspace_id, survey_id, day, changes, computed, keys, rated, complete, products"

// driverDayChanges is the part of the upsert that puts a day out of date.
const driverDayChanges = "ON CONFLICT (workspace_id, survey_id, day) DO UPDATE SET changes = driver_days.changes + excluded.changes"

func (r driverDayRow) values() []any {
	return []any{r.WorkspaceID, r.SurveyID, r.Day, r.Changes, r.Computed, r.Keys, r.Rated, r.Complete, r.Products}
}

// DriverDay is what is known of the ratings of a survey's answers of one local
// day.
type DriverDay struct {
	Day      int
	Changes  int64    // how often answers with ratings came, changed or went
	Computed int64    // how many of them the rest takes in
	Keys     []string // the drivers, in the order of the products' columns
	Rated    int64    // answers with any rating
	Complete int64    // answers that rate every driver, those in Products
	Products []byte   // as package drivers writes them; nil: there are none
}

func (r driverDayRow) domain() DriverDay {
	d := DriverDay{Day: r.Day, Changes: r.Changes, Computed: r.Computed, Rated: r.Rated, Complete: r.Complete, Products: r.Products}
	if r.Keys != "" {
		d.Keys = strings.Split(r.Keys, ",") // a key has no comma
	}
	return d
}

// ratedDays are the days whose ratings the deltas change, of the keys in their
// order.
func (d deltas) ratedDays(keys []cellKey) []driverDayRow {
	var days []driverDayRow
	for _, k := range keys {
		if n := d[k].rated; n > 0 {
			days = append(days, driverDayRow{WorkspaceID: string(k.workspace), SurveyID: k.survey, Day: k.day, Changes: n})
		}
	}
	return days
}

// markDriverDays puts days out of date, for the job that computes them.
func (tx *Tx) markDriverDays(ctx context.Context, days []driverDayRow) error {
	if len(days) == 0 {
		return nil
	}
	if tx.dialect == Postgres {
		return known("mark the days of ratings", tx.exec(ctx, addDriverDays(days)))
	}
	in := insertion{into: "INSERT INTO driver_days (" + driverDayColumns + ") VALUES ", columns: 9, suffix: " " + driverDayChanges}
	return known("mark the days of ratings", tx.insert(ctx, in, len(days), func(i int) ([]any, error) { return days[i].values(), nil }))
}

// addDriverDays is markDriverDays for PostgreSQL.
func addDriverDays(days []driverDayRow) statement {
	var workspace, survey []string
	var day []int32
	var changes []int64
	for _, d := range days {
		workspace, survey = append(workspace, d.WorkspaceID), append(survey, d.SurveyID)
		day, changes = append(day, int32(d.Day)), append(changes, d.Changes)
	}
	return statement{"INSERT INTO driver_days (" + driverDayColumns + `)
SELECT ws::uuid, survey::uuid, day, changes, 0, '', 0, 0, NULL FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[]) AS t (ws, survey, day, changes) ` + driverDayChanges,
		[]any{workspace, survey, day, changes}}
}

// DriverDays lists what is known of a survey's ratings from a day to before
// another.
func (r reads) DriverDays(ctx context.Context, ws surveys.WorkspaceID, f RollupFilter) ([]DriverDay, error) {
	return all(r.of(ctx, ws).Where("survey_id = ? AND day >= ? AND day < ?", f.SurveyID, f.From, f.To).Order("day"), "the days of ratings", driverDayRow.domain)
}

// StaleDriverDays lists up to limit of a survey's days whose ratings changed
// since they were computed, the latest first, without their products.
func (r reads) StaleDriverDays(ctx context.Context, ws surveys.WorkspaceID, surveyID string, limit int) ([]DriverDay, error) {
	q := r.of(ctx, ws).Omit("products").Where("survey_id = ? AND changes <> computed", surveyID).Order("day DESC").Limit(limit)
	return all(q, "the days of ratings to compute", driverDayRow.domain)
}

// SaveDriverDay keeps what was computed of a day. Computed is what Changes was
// before the answers were read: who has rated since puts the day out of date
// again, whatever was seen of it.
func (tx *Tx) SaveDriverDay(ctx context.Context, ws surveys.WorkspaceID, surveyID string, d DriverDay) error {
	if d.Rated == 0 {
		return known("drop a day of ratings", tx.of(ctx, ws).Where("survey_id = ? AND day = ? AND changes = ?", surveyID, d.Day, d.Computed).Delete(&driverDayRow{}).Error)
	}
	row := driverDayRow{Computed: d.Computed, Keys: strings.Join(d.Keys, ","), Rated: d.Rated, Complete: d.Complete, Products: d.Products}
	result := tx.of(ctx, ws).Model(&driverDayRow{}).Where("survey_id = ? AND day = ?", surveyID, d.Day).
		Select("computed", "keys", "rated", "complete", "products").Updates(&row)
	return known("keep a day of ratings", result.Error)
}

// OutdateDriverDays puts every day of a survey out of date, after its drivers
// changed.
func (tx *Tx) OutdateDriverDays(ctx context.Context, ws surveys.WorkspaceID, surveyID string) error {
	result := tx.of(ctx, ws).Model(&driverDayRow{}).Where("survey_id = ?", surveyID).UpdateColumn("changes", gorm.Expr("changes + 1"))
	return known("put the days of ratings out of date", result.Error)
}

// RebuildDriverDays lists the days with ratings anew from the workspace's
// answers, all out of date, after answers were moved to other days.
func (tx *Tx) RebuildDriverDays(ctx context.Context, ws surveys.WorkspaceID) error {
	if tx.dialect == Postgres { // for the reason of [Tx.RebuildRollups]
		if err := tx.db.WithContext(ctx).Exec("LOCK TABLE driver_days IN SHARE ROW EXCLUSIVE MODE").Error; err != nil {
			return known("lock the days of ratings", err)
		}
	}
	if err := tx.of(ctx, ws).Delete(&driverDayRow{}).Error; err != nil {
		return known("clear the days of ratings", err)
	}
	return known("list the days of ratings", tx.db.WithContext(ctx).Exec("INSERT INTO driver_days (workspace_id, survey_id, day, changes, computed, keys, rated, complete)"+
		" SELECT workspace_id, survey_id, day, 1, 0, '', 0, 0 FROM responses WHERE workspace_id = ? AND ratings IS NOT NULL GROUP BY workspace_id, survey_id, day", string(ws)).Error)
}

// RatedAnswer is what a day's computation reads of an answer.
type RatedAnswer struct {
	Score   int
	Ratings map[string]int
}

// ratedOrder is the order of ids, in words in which neither database knows its
// primary key: rather than sort a day's answers, they would look at the whole
// workspace's.
const ratedOrder = "id || ''"

// EachRated calls visit with the ratings of a survey's answers of one local
// day, in the order of their ids.
func (r reads) EachRated(ctx context.Context, ws surveys.WorkspaceID, surveyID string, day int, visit func(RatedAnswer) error) error {
	rows, err := r.of(ctx, ws).Model(&responseRow{}).Select("score", "ratings").
		Where("survey_id = ? AND day = ? AND ratings IS NOT NULL", surveyID, day).Order(ratedOrder).Rows()
	if err != nil {
		return known("read ratings", err)
	}
	defer rows.Close()
	for rows.Next() {
		var row responseRow
		if err := r.db.ScanRows(rows, &row); err != nil {
			return known("read an answer's ratings", err)
		}
		if err := visit(RatedAnswer{Score: row.Score, Ratings: row.Ratings}); err != nil {
			return err
		}
	}
	return known("read ratings", rows.Err())
}

// RecountDrivers compares the days of ratings with the answers, and returns up
// to 100 that hold another number of rated ones; their Key is "driver". Days
// that wait to be computed are left out.
func (r reads) RecountDrivers(ctx context.Context, ws surveys.WorkspaceID) ([]Difference, error) {
	const counted = "SELECT survey_id, day, 0 AS stored, 1 AS counted, 0 AS waits FROM responses WHERE workspace_id = @ws AND ratings IS NOT NULL"
	const stored = "SELECT survey_id, day, rated AS stored, 0 AS counted, CASE WHEN changes = computed THEN 0 ELSE 1 END AS waits FROM driver_days WHERE workspace_id = @ws"
	query := "SELECT survey_id, 'driver' AS key, day, '' AS value, CAST(sum(stored) AS bigint) AS stored, CAST(sum(counted) AS bigint) AS counted FROM (" +
		stored + " UNION ALL " + counted + ") AS heap GROUP BY survey_id, day HAVING sum(waits) = 0 AND sum(stored) <> sum(counted) ORDER BY 1, 3 LIMIT 100"
	var differences []Difference
	err := r.db.WithContext(ctx).Raw(query, map[string]any{"ws": string(ws)}).Scan(&differences).Error
	return differences, known("recount the ratings", err)
}
