// Package bounce reads what mail servers and people send back after a letter:
// reports that it failed, is late or has arrived (RFC 3464, and the many shapes
// that are older than it), complaints (ARF, RFC 5965) and automatic replies. In
// the data's way it stands behind the mailer: letter → mail server → report →
// what becomes of the address.
//
// It is pure: bytes in, a [Report] out. It never fails. A message that it cannot
// make sense of is [Unknown], and nothing follows from one. What it reads comes
// from strangers, so its time and memory are bounded by [MaxBytes], whatever is
// in there, and parts within parts are followed only a few levels down.
package bounce
