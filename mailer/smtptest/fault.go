package smtptest

// Step is a point of the SMTP dialogue at which a server can fail.
type Step int

// The steps, in the order of the dialogue.
const (
	Sender    Step = iota // at MAIL FROM
	Recipient             // at RCPT TO
	Dot                   // after the mail's last dot: the answer decides who owns it
)

// Drop as a fault's code closes the connection without an answer.
const Drop = 0

// Fault makes the server fail at a step.
type Fault struct {
	Step Step
	// Recipient limits the fault to one address; empty is everybody. It says
	// nothing at Sender, where nobody is named yet.
	Recipient string
	// Code is the SMTP reply, such as 550 or 451, or [Drop].
	Code int
	// Text is said after the code; empty is a general sentence.
	Text string
	// Times is how often the fault strikes before the server is well again;
	// 0 is always.
	Times int
}

// due takes the first fault that strikes now, and counts it.
func (s *Server) due(step Step, to []string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, fault := range s.faults {
		if fault.Step != step || (step != Sender && !matches(fault.Recipient, to)) {
			continue
		}
		struck := *fault
		if fault.Times == 1 {
			s.faults = append(s.faults[:i], s.faults[i+1:]...)
		} else if fault.Times > 1 {
			fault.Times--
		}
		return struck, true
	}
	return Fault{}, false
}
