// Package store keeps the domain in SQLite or PostgreSQL. It is the only place
// that knows GORM and SQL. In the data's way it stands twice: it keeps events,
// decisions and invitations on the way out, and takes answers in with their
// rollups in one transaction (ingest.go).
//
// Every look-up takes a surveys.WorkspaceID, and every key and index of the
// schema starts with it: that is the border between workspaces. Reads are
// methods of [Store] and of [Tx]; writes are methods of Tx alone, and
// [Store.InTx] is the only way to one.
package store
