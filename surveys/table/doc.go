// Package table reads the tables that people export from elsewhere and save
// with whatever program they have: CSV with commas, semicolons, tabs or bars,
// quoted or not, with a byte order mark or in another encoding, with dates in
// one of many forms. It says of each row that it cannot read on which line it
// stands and why, and it never holds more than one row, however long the file
// or its lines are.
//
// It stands before the data's way: `hark import` feeds surveys/flow from it,
// and `hark score` package analysis. It knows nothing of surveys but the names
// under which exports keep an answer's parts (columns.go).
package table
