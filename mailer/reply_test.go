package mailer

import (
	"errors"
	"io"
	"net/textproto"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	said := func(code int, words string) error { return &textproto.Error{Code: code, Msg: words} }
	for name, test := range map[string]struct {
		at   stage
		err  error
		want Outcome
		bad  bool
	}{
		"no connection":                       {atConnect, errors.New("connection refused"), Outage, false},
		"sign-in refused":                     {atConnect, said(535, "5.7.8 wrong password"), Outage, false},
		"sender refused":                      {atSender, said(550, "5.7.1 not yours"), Outage, false},
		"busy at the sender":                  {atSender, said(421, "4.7.0 too many connections"), Outage, false},
		"sender refused for now":              {atSender, said(451, "4.3.0 later"), Temporary, false},
		"dropped at the sender":               {atSender, io.EOF, Temporary, false},
		"no such user":                        {atRecipient, said(550, "5.1.1 no such user"), Permanent, true},
		"no such user, Cisco's way":           {atRecipient, said(550, "#5.1.0 address rejected"), Permanent, true},
		"domain takes no mail":                {atRecipient, said(556, "5.1.10 null MX"), Permanent, true},
		"mailbox disabled":                    {atRecipient, said(550, "5.2.1 disabled"), Permanent, true},
		"mailbox full, said as permanent":     {atRecipient, said(552, "5.2.2 full"), Permanent, false},
		"sender's address blamed":             {atRecipient, said(553, "5.1.8 bad sender"), Permanent, false},
		"policy at the recipient":             {atRecipient, said(550, "5.7.1 blocked"), Permanent, false},
		"refused without an enhanced code":    {atRecipient, said(550, "go away"), Permanent, false},
		"a number in the words is no code":    {atRecipient, said(550, "see rule 5.1.1"), Permanent, false},
		"mailbox full":                        {atRecipient, said(452, "4.2.2 full"), Temporary, false},
		"greylisted":                          {atRecipient, said(450, "4.7.1 come back"), Temporary, false},
		"dropped at the recipient":            {atRecipient, io.EOF, Temporary, false},
		"dropped while writing":               {atData, io.ErrUnexpectedEOF, Temporary, false},
		"DATA refused":                        {atData, said(554, "5.5.1 no"), Permanent, false},
		"DATA answered strangely":             {atData, said(250, "2.0.0 fine"), Temporary, false},
		"refused for now at the dot":          {atDot, said(450, "4.7.1 later"), Temporary, false},
		"refused for good at the dot":         {atDot, said(550, "5.7.1 spam"), Permanent, false},
		"no such user, told at the dot":       {atDot, said(550, "5.1.1 no such user"), Permanent, true},
		"server stops at the dot":             {atDot, said(421, "4.3.2 stopping"), Temporary, false},
		"dropped at the dot":                  {atDot, io.EOF, Unknown, false},
		"garbage at the dot":                  {atDot, textproto.ProtocolError("short response"), Unknown, false},
		"asked to go on after the dot":        {atDot, said(354, "go on"), Unknown, false},
		"accepted with another success code":  {atDot, said(251, "forwarded"), Sent, false},
		"a policy of the big receivers":       {atDot, said(550, "5.7.515 access denied"), Temporary, false},
		"our authentication, at the receiver": {atDot, said(550, "5.7.26 unauthenticated"), Temporary, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := judge(test.at, test.err)
			if got.Outcome != test.want || got.BadAddress != test.bad {
				t.Errorf("judged %s, bad address %t, want %s, %t", got.Outcome, got.BadAddress, test.want, test.bad)
			}
			if (got.Problem == "") != (got.Outcome == Sent) {
				t.Errorf("%s has the problem %q", got.Outcome, got.Problem)
			}
		})
	}
}

func TestProblemIsOneShortLine(t *testing.T) {
	t.Parallel()
	got := problem("550 first\r\nsecond\x00\xff\t" + strings.Repeat("字", 400))
	if strings.ContainsAny(got, "\r\n\x00\t") || len([]rune(got)) != maxProblem || !strings.HasPrefix(got, "550 first second") {
		t.Errorf("problem = %q", got)
	}
}
