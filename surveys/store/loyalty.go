package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type loyaltyPlanRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	Basis       string
	LapseDays   int
	// CompleteSince is a day since 1 January 1970; NULL for none.
	CompleteSince *int
	Currency      string
	SurveyID      *string
	Meanings      []surveys.EventMeaning `gorm:"serializer:json"`
	UpdatedAt     time.Time              `gorm:"autoUpdateTime:false"`
}

func (loyaltyPlanRow) TableName() string { return "loyalty_plans" }

func (r loyaltyPlanRow) domain() surveys.LoyaltyPlan {
	return surveys.LoyaltyPlan{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), Basis: surveys.LoyaltyBasis(r.Basis), LapseDays: r.LapseDays, CompleteSince: r.CompleteSince, Currency: r.Currency,
		SurveyID: idText(r.SurveyID), Meanings: r.Meanings, UpdatedAt: r.UpdatedAt.UTC(),
	}
}

// LoyaltyPlan returns the workspace's plan; the default one while nobody has
// chosen.
func (r reads) LoyaltyPlan(ctx context.Context, ws surveys.WorkspaceID) (surveys.LoyaltyPlan, error) {
	plan, err := one(r.of(ctx, ws), "the loyalty plan", loyaltyPlanRow.domain)
	if surveys.KindOf(err) == surveys.NotFound {
		return surveys.DefaultLoyaltyPlan(ws), nil
	}
	return plan, err
}

// SaveLoyaltyPlan stores the workspace's plan in place of the one before.
func (tx *Tx) SaveLoyaltyPlan(ctx context.Context, p surveys.LoyaltyPlan) error {
	if p.Meanings == nil {
		p.Meanings = []surveys.EventMeaning{}
	}
	row := loyaltyPlanRow{
		WorkspaceID: string(p.WorkspaceID), Basis: string(p.Basis), LapseDays: p.LapseDays, CompleteSince: p.CompleteSince, Currency: p.Currency,
		SurveyID: idPtr(p.SurveyID), Meanings: p.Meanings, UpdatedAt: utc(p.UpdatedAt),
	}
	return known("store the loyalty plan", tx.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error)
}

type loyaltyReportRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ComputedAt  time.Time
	Body        json.RawMessage `gorm:"serializer:json"`
}

func (loyaltyReportRow) TableName() string { return "loyalty_reports" }

// LoyaltyReport reads what the last computation found into body, and says when
// that was; NotFound before the first.
func (r reads) LoyaltyReport(ctx context.Context, ws surveys.WorkspaceID, body any) (time.Time, error) {
	row, err := one(r.of(ctx, ws), "the loyalty report", func(row loyaltyReportRow) loyaltyReportRow { return row })
	if err != nil {
		return time.Time{}, err
	}
	if err := json.Unmarshal(row.Body, body); err != nil {
		return time.Time{}, fmt.Errorf("read the loyalty report: %w", err)
	}
	return row.ComputedAt.UTC(), nil
}

// SaveLoyaltyReport stores what a computation found, with the people at risk, in
// place of the one before. People who were erased meanwhile are left out.
func (tx *Tx) SaveLoyaltyReport(ctx context.Context, ws surveys.WorkspaceID, body any, risks []surveys.Risk) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("write the loyalty report: %w", err)
	}
	row := loyaltyReportRow{WorkspaceID: string(ws), ComputedAt: utc(tx.store.Now()), Body: encoded}
	if err := tx.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
		return known("store the loyalty report", err)
	}
	if err := tx.of(ctx, ws).Delete(&riskRow{}).Error; err != nil {
		return known("drop the risks of before", err)
	}
	rows, err := tx.riskRows(ctx, ws, risks)
	if err != nil || len(rows) == 0 {
		return err
	}
	if tx.dialect == Postgres {
		return known("store the risks", tx.db.WithContext(ctx).CreateInBatches(&rows, 500).Error)
	}
	in := insertion{into: "INSERT INTO risks (workspace_id, person_id, chance, reasons) VALUES ", columns: 4}
	return known("store the risks", tx.insert(ctx, in, len(rows), func(i int) ([]any, error) {
		reasons, err := json.Marshal(rows[i].Reasons)
		return []any{rows[i].WorkspaceID, rows[i].PersonID, rows[i].Chance, string(reasons)}, err
	}))
}

type riskRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	PersonID    string `gorm:"primaryKey"`
	Chance      float64
	Reasons     []surveys.RiskReason `gorm:"serializer:json"`
}

func (riskRow) TableName() string { return "risks" }

func (r riskRow) domain() surveys.Risk {
	return surveys.Risk{WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), PersonID: r.PersonID, Chance: r.Chance, Reasons: r.Reasons}
}

// riskRows are the rows of those people who are still there.
func (tx *Tx) riskRows(ctx context.Context, ws surveys.WorkspaceID, risks []surveys.Risk) ([]riskRow, error) {
	ids := make([]string, len(risks))
	for i, risk := range risks {
		ids[i] = risk.PersonID
	}
	people, err := tx.PeopleByID(ctx, ws, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]riskRow, 0, len(risks))
	for _, risk := range risks {
		if _, there := people[risk.PersonID]; !there {
			continue
		}
		if risk.Reasons == nil {
			risk.Reasons = []surveys.RiskReason{}
		}
		rows = append(rows, riskRow{WorkspaceID: string(ws), PersonID: risk.PersonID, Chance: risk.Chance, Reasons: risk.Reasons})
	}
	return rows, nil
}

// Risks lists the people at risk, the likeliest first.
func (r reads) Risks(ctx context.Context, ws surveys.WorkspaceID, offset, limit int) ([]surveys.Risk, error) {
	return all(r.of(ctx, ws).Order("chance DESC, person_id").Offset(offset).Limit(limit), "people at risk", riskRow.domain)
}

// EachEventOf calls visit with the events of some types, person by person and
// each person's in the order of time, without holding them all.
func (r reads) EachEventOf(ctx context.Context, ws surveys.WorkspaceID, types []string, visit func(surveys.Event) error) error {
	if len(types) == 0 {
		return nil
	}
	rows, err := r.of(ctx, ws).Model(&eventRow{}).Where("type IN ?", types).Order("person_id, occurred_at, id").Rows()
	if err != nil {
		return known("read events", err)
	}
	defer rows.Close()
	for rows.Next() {
		var row eventRow
		if err := r.db.ScanRows(rows, &row); err != nil {
			return fmt.Errorf("read an event: %w", err)
		}
		if err := visit(row.domain()); err != nil {
			return err
		}
	}
	return known("read events", rows.Err())
}
