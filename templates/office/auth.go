package office

import (
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
)

// SignIn is the door with a password.
type SignIn struct {
	Page         layouts.Page
	Email        string
	Workspace    string
	AskWorkspace bool   // the server has several
	Next         string // the page that was asked for; empty: none
	Error        string // why nobody came in; empty: not tried
}

// SignInLink is the door with a one-time link. Without an address the link is
// not good any more.
type SignInLink struct {
	Page      layouts.Page
	Workspace string
	Email     string
}

// Account is what members change about themselves.
type Account struct {
	Page        layouts.Page
	Name        string
	Email       string
	Locale      string
	Role        surveys.Role
	HasPassword bool // the present one is asked for
	MinPassword int
	Errors      map[string]string // by field
	Places      []Place           // settings of one's own with pages of their own
}

func (v Account) languages() components.Choices {
	options := []components.Option{{Text: v.Page.L.T("auth.account.locale_auto"), Selected: v.Locale == ""}}
	for _, language := range i18n.Languages() {
		options = append(options, components.Option{Value: language.Tag, Text: language.Name, Selected: language.Tag == v.Locale})
	}
	return components.Choices{
		Field:   components.Field{Name: "locale", Label: v.Page.L.T("auth.account.locale"), Error: v.Errors["locale"]},
		Options: options,
	}
}
