package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Gallery is every component on one page of the demo.
type Gallery struct {
	Page layouts.Page
	View components.GalleryView
}
