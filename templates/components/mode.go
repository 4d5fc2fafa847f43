package components

// Mode tells a page that is used from one that is only looked at.
type Mode string

// The modes. The zero value is the page as people use it.
const (
	Live    Mode = ""
	Preview Mode = "preview" // shown beside an editor: nothing can be sent
)
