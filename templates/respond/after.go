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

// button is what the state offers to do.
func (u Unsubscribe) button() string {
	if u.State == Stopped {
		return u.Frame.L.T("respond.unsubscribe.undo")
	}
	return u.Frame.L.T("respond.unsubscribe.stop")
}

// buttonClass makes the way back a quiet one: nobody should take it by accident.
func (u Unsubscribe) buttonClass() string {
	if u.State == Stopped {
		return "button quiet"
	}
	return "button"
}
