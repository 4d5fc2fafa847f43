// Package leaving says why people cancel, what they were offered, and whether that kept
// them: from the ways through a cancellation flow, and what events told of them since.
//
// Whether an offer keeps people is told by those who got none by lot, the hold-out: who
// accepts an offer would often have stayed anyway. Groups under a least size are hidden,
// and others with them by whose difference they could be told ([analysis.Suppress]).
package leaving
