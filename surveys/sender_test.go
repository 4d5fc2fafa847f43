package surveys

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// wrongFields are the paths and codes of what is wrong.
func wrongFields(err error) []string {
	var known *Error
	if !errors.As(err, &known) {
		return nil
	}
	var list []string
	for _, f := range known.Fields {
		list = append(list, f.Path+" "+f.Code)
	}
	return list
}

func TestSenderCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sender Sender
		wrong  []string
	}{
		"nothing":                {Sender{}, nil},
		"all of it":              {Sender{FromName: "北风咖啡", FromAddress: "feedback@shop.example", BounceDomain: "bounces.shop.example", Signing: SignedByRelay}, nil},
		"an IDN":                 {Sender{FromAddress: "hallo@bücher.example", BounceDomain: "rück.bücher.example"}, nil},
		"space around":           {Sender{FromName: " Shop ", FromAddress: " a@shop.example ", BounceDomain: " Bounces.shop.example. "}, nil},
		"a header in the name":   {Sender{FromName: "Shop\r\nBcc: all@example.com"}, []string{"from_name sender_name"}},
		"a line break":           {Sender{FromName: "Shop\nNorth"}, []string{"from_name sender_name"}},
		"another line separator": {Sender{FromName: "Shop\u2028North"}, []string{"from_name sender_name"}},
		"a zero byte":            {Sender{FromName: "Shop\x00"}, []string{"from_name utf8"}},
		"what cannot be seen":    {Sender{FromName: "Sh\u202eop"}, []string{"from_name sender_name"}},
		"an address for a name":  {Sender{FromName: "ceo@bank.example"}, []string{"from_name sender_name"}},
		"a link for a name":      {Sender{FromName: "https://evil.example"}, []string{"from_name sender_name"}},
		"a long name":            {Sender{FromName: strings.Repeat("x", 81)}, []string{"from_name too_long"}},
		"no address":             {Sender{FromAddress: "Shop"}, []string{"from_address email"}},
		"a name with it":         {Sender{FromAddress: "Shop <a@shop.example>"}, []string{"from_address email"}},
		"a header in it":         {Sender{FromAddress: "a@shop.example\r\nBcc: b@example.com"}, []string{"from_address email"}},
		"a parameter of SMTP":    {Sender{FromAddress: `"a b> SIZE=1"@shop.example`}, []string{"from_address email"}},
		"two addresses":          {Sender{FromAddress: "a@shop.example, b@shop.example"}, []string{"from_address email"}},
		"a domain of one label":  {Sender{BounceDomain: "localhost"}, []string{"bounce_domain domain"}},
		"a domain that is not":   {Sender{BounceDomain: "a b.example"}, []string{"bounce_domain domain"}},
		"a domain in brackets":   {Sender{BounceDomain: "[192.0.2.1]"}, []string{"bounce_domain domain"}},
		"an address of machines": {Sender{BounceDomain: "192.0.2.1"}, []string{"bounce_domain domain"}},
		"a header in the domain": {Sender{BounceDomain: "x.example>\r\nRCPT TO:<b@example.com"}, []string{"bounce_domain domain"}},
		"a mailbox for a domain": {Sender{BounceDomain: "bounces@shop.example"}, []string{"bounce_domain domain"}},
		"another signing":        {Sender{Signing: "nobody"}, []string{"signing choice_unknown"}},
	} {
		checked, err := c.sender.Check()
		if got := wrongFields(err); !reflect.DeepEqual(got, c.wrong) {
			t.Errorf("%s: %v, want %v", name, got, c.wrong)
		}
		if err == nil && (checked.Signing == "" || checked.FromName != strings.TrimSpace(checked.FromName) || checked.BounceDomain != strings.ToLower(strings.Trim(checked.BounceDomain, " ."))) {
			t.Errorf("%s: not in its normal form: %+v", name, checked)
		}
	}
}

func goodRelay() Relay {
	return Relay{Protection: StartTLS, Host: "smtp.example.com", Port: 587, Username: "shop", Password: "hush"}
}

func TestRelayCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Relay)
		wrong  []string
	}{
		"fine":                       {func(*Relay) {}, nil},
		"without signing in":         {func(r *Relay) { r.Username, r.Password = "", "" }, nil},
		"an address":                 {func(r *Relay) { r.Host = "192.0.2.7" }, nil},
		"an address of version 6":    {func(r *Relay) { r.Host = "2001:db8::7" }, nil},
		"a name in the house":        {func(r *Relay) { r.Host = "postfix" }, nil},
		"capitals and a dot":         {func(r *Relay) { r.Host = " SMTP.Example.com. " }, nil},
		"no host":                    {func(r *Relay) { r.Host = " " }, []string{"relay_host required"}},
		"a URL":                      {func(r *Relay) { r.Host = "smtp://example.com" }, []string{"relay_host host"}},
		"a port in the host":         {func(r *Relay) { r.Host = "example.com:25" }, []string{"relay_host host"}},
		"a line break in the host":   {func(r *Relay) { r.Host = "example.com\r\nX" }, []string{"relay_host host"}},
		"port 0":                     {func(r *Relay) { r.Port = 0 }, []string{"relay_port port"}},
		"port 70000":                 {func(r *Relay) { r.Port = 70000 }, []string{"relay_port port"}},
		"another protection":         {func(r *Relay) { r.Protection = "telnet" }, []string{"relay_protection choice_unknown"}},
		"a password in the open":     {func(r *Relay) { r.Protection = NoTLS }, []string{"relay_protection relay_open"}},
		"a user without a password":  {func(r *Relay) { r.Password = "" }, []string{"relay_password relay_half"}},
		"a password without a user":  {func(r *Relay) { r.Username = "" }, []string{"relay_username relay_half"}},
		"a command in the user":      {func(r *Relay) { r.Username = "shop\r\nQUIT" }, []string{"relay_username control"}},
		"a line break in a password": {func(r *Relay) { r.Password = "hush\n" }, []string{"relay_password control"}},
	} {
		r := goodRelay()
		c.change(&r)
		checked, err := r.Check()
		if got := wrongFields(err); !reflect.DeepEqual(got, c.wrong) {
			t.Errorf("%s: %v, want %v", name, got, c.wrong)
		}
		if strings.ContainsAny(checked.Host, " ABCDEFGHIJKLMNOPQRSTUVWXYZ") && err == nil {
			t.Errorf("%s: the host is %q", name, checked.Host)
		}
	}
}

// TestPasswordStaysWithItsServer: a stored password serves only the account that
// it was entered for.
func TestPasswordStaysWithItsServer(t *testing.T) {
	t.Parallel()
	again := goodRelay()
	again.Password = ""
	if !goodRelay().SameAccount(again) {
		t.Error("not even for the same account")
	}
	for name, change := range map[string]func(*Relay){
		"another host": func(r *Relay) { r.Host = "evil.example" }, "another port": func(r *Relay) { r.Port = 25 },
		"another user": func(r *Relay) { r.Username = "eve" }, "less protection": func(r *Relay) { r.Protection = NoTLS },
	} {
		other := goodRelay()
		change(&other)
		if goodRelay().SameAccount(other) {
			t.Errorf("for %s too", name)
		}
	}
}

func TestRelayIsPrintedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	r := goodRelay()
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		for _, value := range []any{r, &r, struct{ Relay Relay }{r}} {
			if got := fmt.Sprintf(format, value); strings.Contains(got, "hush") {
				t.Errorf("%s of %T prints %s", format, value, got)
			}
		}
	}
}
