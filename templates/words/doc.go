// Package words makes the sentences of the back office and its mails from the
// structures of analysis: what a report means, in either language, cut where a
// page sets a link or a stress. In the data's way it stands between analysis and
// the pages, digests and letters that show the same words.
package words
