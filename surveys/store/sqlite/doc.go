// Package sqlite opens SQLite (modernc.org/sqlite, pure Go) for GORM.
//
// It does two things that no library does together. GORM's dialects for SQLite
// are bound to drivers of their own, so Dialector is one over any *sql.DB, for a
// schema that is migrated elsewhere. And a connection of Open keeps the
// statements that it has compiled: compiling took two fifths of the processor
// time of a short transaction, since database/sql compiles each statement anew
// and GORM's own cache does not reach into transactions.
package sqlite
