package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

type benchmarkRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Metric      string
	Name        string
	Low         float64
	High        float64
	Year        int
	Source      string
	Note        string
	Shown       bool
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
}

func (benchmarkRow) TableName() string { return "benchmarks" }

func (r benchmarkRow) domain() surveys.Benchmark {
	return surveys.Benchmark{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, Metric: surveys.Metric(r.Metric), Name: r.Name, Low: r.Low, High: r.High,
		Year: r.Year, Source: r.Source, Note: r.Note, Shown: r.Shown, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

func benchmarkRowOf(b surveys.Benchmark) benchmarkRow {
	return benchmarkRow{
		WorkspaceID: string(b.WorkspaceID), ID: b.ID, Metric: string(b.Metric), Name: b.Name, Low: b.Low, High: b.High,
		Year: b.Year, Source: b.Source, Note: b.Note, Shown: b.Shown, CreatedAt: utc(b.CreatedAt), UpdatedAt: utc(b.UpdatedAt),
	}
}

// Benchmark returns a benchmark.
func (r reads) Benchmark(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Benchmark, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the benchmark", benchmarkRow.domain)
}

// Benchmarks lists the workspace's benchmarks, in the order in which they were
// added.
func (r reads) Benchmarks(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.Benchmark, error) {
	return all(r.of(ctx, ws).Order("created_at, id"), "benchmarks", benchmarkRow.domain)
}

// CreateBenchmark stores a benchmark.
func (tx *Tx) CreateBenchmark(ctx context.Context, b surveys.Benchmark) error {
	row := benchmarkRowOf(b)
	return tx.create(ctx, "the benchmark", &row)
}

// UpdateBenchmark stores what the team may change of a benchmark: all but its
// id.
func (tx *Tx) UpdateBenchmark(ctx context.Context, b surveys.Benchmark) error {
	row := benchmarkRowOf(b)
	return changed("the benchmark", tx.of(ctx, b.WorkspaceID).Model(&benchmarkRow{}).Where("id = ?", b.ID).
		Select("metric", "name", "low", "high", "year", "source", "note", "shown", "updated_at").Updates(&row))
}

// DeleteBenchmark takes a benchmark away.
func (tx *Tx) DeleteBenchmark(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return changed("the benchmark", tx.of(ctx, ws).Where("id = ?", id).Delete(&benchmarkRow{}))
}
