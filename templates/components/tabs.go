package components

// Tab leads to one page of several about the same thing.
type Tab struct {
	Text    string
	Address string
	Current bool // the page that is open
}

// Tabs are the pages about one thing. Use them under a page's breadcrumb; where
// only a part of the page changes, use [SegmentLinks].
type Tabs struct {
	Label string // what they are the pages of, for those who cannot see it
	List  []Tab
}
