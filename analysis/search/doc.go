// Package search decides what somebody who looks for words in comments finds,
// and where in the comment they stand. In the data's way it stands beside
// analysis/themes: pure functions from texts to terms, which the store keeps in
// the index of either database, so that both find the same.
//
// Words are lower-cased and lose their accents and their width: Müller, MULLER
// and ＭＵＬＬＥＲ are one. Scripts without spaces have no words that a program
// could see; there, every two neighbours are a term, so that 快递 is found within
// 我的快递晚了, and traditional characters count as simplified ones.
package search
