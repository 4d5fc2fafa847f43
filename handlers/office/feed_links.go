package office

// comments is the address of a survey's comments in the view's period, of those
// who pass its filters, with further parameters of the feed: band, theme,
// feeling, language, q.
func (r reportView) comments(surveyID string, more map[string]string) string {
	r.path, r.step, r.by, r.against = feedOf(surveyID), "", "", ""
	return r.address(more)
}
