package loyalty

// walk is one person's state as the steps go by.
type walk struct {
	basis        Basis
	contract     bool
	recurring    int64 // what the contract brings
	member       bool
	referred     bool
	orders       int64 // ever
	everCustomer bool  // before the step at hand
	cohort       int   // the step in which they became a customer; −1 before
	here         bool  // a customer of the step that was counted last
	amount       int64 // and what they brought in it
	spell        spell
}

// spell is what a person did within one step.
type spell struct {
	orders, spent    int64
	issued, redeemed int64
	days             int // with an action
	lastDay          int32
	decision         int // +1 renewed, −1 ended, whichever was last
	recommended      bool
	started          bool // a contract
	member           bool // on any day
}

// open begins a step.
func (w *walk) open() { w.spell = spell{member: w.member, lastDay: -1} }

// idle reports that without a further event no count can change.
func (w *walk) idle() bool { return !w.here && !w.contract && !w.member }

// customer reports whether the person is a customer of the step at hand, and
// what they bring.
func (w *walk) customer() (bool, int64) {
	switch w.basis {
	case ByContract:
		return w.contract, w.recurring
	case ByActivity:
		return w.spell.days > 0, w.spell.spent
	}
	return w.spell.orders > 0, w.spell.spent
}

// take moves the state by one event.
func (w *walk) take(r record) {
	s := &w.spell
	switch r.kind {
	case bought:
		w.orders++
		s.orders++
		s.spent += r.amount
	case refunded:
		s.spent -= r.amount
	case started, changed, renewed, ended:
		w.takeContract(r)
	case joined:
		w.member, s.member = true, true
	case parted:
		w.member = false
	case recommended:
		s.recommended = true
	case referred:
		w.referred = true
	case issued:
		s.issued += r.amount
	case redeemed:
		s.redeemed += r.amount
	}
	if r.kind.acts() && (s.days == 0 || r.day != s.lastDay) {
		s.days++
		s.lastDay = r.day
	}
}

// takeContract starts, changes, renews or ends the contract. Somebody whose
// contract changes or is renewed has one, even if its start was never told; a
// renewal without an amount leaves it as it was.
func (w *walk) takeContract(r record) {
	s := &w.spell
	if r.kind == ended {
		w.contract, w.recurring = false, 0
		s.decision = -1
		return
	}
	if r.kind == renewed {
		s.decision = 1
	}
	if !w.contract {
		s.started = w.basis == ByContract
	}
	w.contract = true
	if r.kind != renewed || r.amount > 0 {
		w.recurring = r.amount
	}
}
