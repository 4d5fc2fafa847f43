package store

import (
	"encoding/hex"
	"encoding/json"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// A list of hundreds of values is one parameter of a statement: with a parameter
// for each, reading the statement takes the databases longer than running it.

// among is the condition that a column is one of some ids; it stands behind the
// column's name.
func (r reads) among(ids []string) clause.Expr {
	if r.dialect == Postgres {
		return gorm.Expr("= ANY (?::uuid[])", "{"+strings.Join(ids, ",")+"}")
	}
	return gorm.Expr("IN (SELECT value FROM json_each(?))", textsJSON(ids))
}

// amongTexts is [reads.among] of texts, such as addresses.
func (r reads) amongTexts(texts []string) clause.Expr {
	if r.dialect == Postgres { // an array, which an index takes; a subquery is guessed to have a hundred rows
		return gorm.Expr("= ANY (ARRAY(SELECT jsonb_array_elements_text(?::jsonb)))", textsJSON(texts))
	}
	return gorm.Expr("IN (SELECT value FROM json_each(?))", textsJSON(texts))
}

// amongHashes is [reads.among] of hashes.
func (r reads) amongHashes(hashes [][]byte) clause.Expr {
	texts := make([]string, len(hashes))
	for i, hash := range hashes {
		texts[i] = hex.EncodeToString(hash)
	}
	if r.dialect == Postgres {
		return gorm.Expr("IN (SELECT decode(h, 'hex') FROM unnest(?::text[]) AS h)", "{"+strings.Join(texts, ",")+"}")
	}
	return gorm.Expr("IN (SELECT unhex(value) FROM json_each(?))", textsJSON(texts))
}

// textsJSON is a list as json_each and jsonb_array_elements_text read it.
func textsJSON(list []string) string {
	text, _ := json.Marshal(append([]string{}, list...)) // texts can always be written; none are [], not null
	return string(text)
}
