package sqlite

import (
	"database/sql"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"
)

// Dialector speaks SQLite's dialect over DB. It creates no tables.
type Dialector struct{ DB *sql.DB }

// Name is "sqlite".
func (Dialector) Name() string { return "sqlite" }

// Initialize has db speak the dialect of SQLite since version 3.35.
func (d Dialector) Initialize(db *gorm.DB) error {
	db.ConnPool = d.DB
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{
		CreateClauses:        []string{"INSERT", "VALUES", "ON CONFLICT", "RETURNING"},
		UpdateClauses:        []string{"UPDATE", "SET", "FROM", "WHERE", "RETURNING"},
		DeleteClauses:        []string{"DELETE", "FROM", "WHERE", "RETURNING"},
		LastInsertIDReversed: true,
	})
	// SQLite has one writer and knows no locks of rows.
	db.ClauseBuilders["FOR"] = func(clause.Clause, clause.Builder) {}
	db.ClauseBuilders["LIMIT"] = limit
	return nil
}

// limit writes the numbers themselves: SQLite looks at a bound limit to choose its
// plan, and compiles the statement again whenever it is bound anew.
func limit(c clause.Clause, builder clause.Builder) {
	limit, ok := c.Expression.(clause.Limit)
	if !ok || limit.Limit == nil && limit.Offset <= 0 {
		return
	}
	most := -1 // SQLite knows no OFFSET without a LIMIT
	if limit.Limit != nil {
		most = *limit.Limit
	}
	_, _ = builder.WriteString("LIMIT " + strconv.Itoa(most))
	if limit.Offset > 0 {
		_, _ = builder.WriteString(" OFFSET " + strconv.Itoa(limit.Offset))
	}
}

// Migrator is GORM's plain one: the schema is migrated elsewhere.
func (d Dialector) Migrator(db *gorm.DB) gorm.Migrator {
	return migrator.Migrator{Config: migrator.Config{DB: db, Dialector: d}}
}

// DataTypeOf is the type as the field states it: the schema is made elsewhere.
func (Dialector) DataTypeOf(field *schema.Field) string { return string(field.DataType) }

// DefaultValueOf is what a row gets where its field is left out.
func (Dialector) DefaultValueOf(*schema.Field) clause.Expression { return clause.Expr{SQL: "NULL"} }

// BindVarTo writes the mark of a parameter.
func (Dialector) BindVarTo(writer clause.Writer, _ *gorm.Statement, _ any) {
	_ = writer.WriteByte('?')
}

// QuoteTo writes a name, or several that dots join.
func (Dialector) QuoteTo(writer clause.Writer, name string) {
	for i, part := range strings.Split(name, ".") {
		if i > 0 {
			_ = writer.WriteByte('.')
		}
		_, _ = writer.WriteString("`" + strings.ReplaceAll(strings.Trim(part, "`"), "`", "``") + "`")
	}
}

// Explain is the statement with its parameters, for a log.
func (Dialector) Explain(statement string, vars ...any) string {
	return logger.ExplainSQL(statement, nil, `"`, vars...)
}
