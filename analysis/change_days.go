package analysis

// Days are those whose answers the change was found between: both sides, up to the
// changes beside it. Empty for a change that no report made.
func (c Change) Days() Span { return Span{From: c.from, To: c.to} }
