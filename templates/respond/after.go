package respond

// CommentLimit is the longest comment that a page takes, in characters.
const CommentLimit = 4000

func (n Notice) title() string {
	return n.Frame.L.T("respond.notice."+string(n.Reason)+".title", "company", n.Frame.Brand.Name)
}

func (n Notice) text() string {
	return n.Frame.L.T("respond.notice."+string(n.Reason)+".text", "company", n.Frame.Brand.Name)
}

func (u Unsubscribe) title() string {
	return u.Frame.L.T("respond.unsubscribe."+string(u.State)+".title", "company", u.Frame.Brand.Name)
}

func (u Unsubscribe) text() string {
	return u.Frame.L.T("respond.unsubscribe."+string(u.State)+".text", "company", u.Frame.Brand.Name)
}

// frame leaves out the link that leads to this very page.
func (u Unsubscribe) frame() Frame {
	f := u.Frame
	f.Stop = ""
	return f
}

// way is one thing to do about the mails.
type way struct {
	action, text, class string
}

// sure reports whether a button is the second of its kind.
func (u Unsubscribe) sure() bool { return u.State == Sure }

// ways are what the state offers to do. The way back is a quiet one: nobody
// should take it by accident.
func (u Unsubscribe) ways() []way {
	text := func(key string) string { return u.Frame.L.T("respond.unsubscribe." + key) }
	switch u.State {
	case Stopped:
		return []way{{"resubscribe", text("undo"), "button quiet"}, {"survey", text("others"), "button quiet"}}
	case SurveyStopped:
		return []way{{"resubscribe", text("undo"), "button quiet"}, {"unsubscribe", text("all"), "button quiet"}}
	}
	return []way{{"unsubscribe", text("stop"), "button"}, {"survey", text("survey"), "button quiet"}}
}
