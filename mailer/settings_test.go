package mailer

import (
	"strings"
	"testing"
)

func TestParseSMTP(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want SMTPSettings
	}{
		"starttls with sign-in":     {"smtp://shop:s3cret@mx.example.com:2525", SMTPSettings{StartTLS, "mx.example.com", 2525, "shop", "s3cret"}},
		"starttls, usual port":      {"smtp://shop:s3cret@mx.example.com", SMTPSettings{StartTLS, "mx.example.com", 587, "shop", "s3cret"}},
		"implicit tls, usual port":  {"smtps://shop:s3cret@mx.example.com/", SMTPSettings{ImplicitTLS, "mx.example.com", 465, "shop", "s3cret"}},
		"relay without tls":         {" smtp+plain://127.0.0.1 ", SMTPSettings{Plaintext, "127.0.0.1", 25, "", ""}},
		"user that is an address":   {"smtp://shop%40example.com:a%2Fb%3A%3F@mx.example.com", SMTPSettings{StartTLS, "mx.example.com", 587, "shop@example.com", "a/b:?"}},
		"no sign-in":                {"smtp://mx.example.com:25", SMTPSettings{StartTLS, "mx.example.com", 25, "", ""}},
		"internet protocol 6":       {"smtp+plain://[::1]:1025", SMTPSettings{Plaintext, "::1", 1025, "", ""}},
		"scheme in capital letters": {"SMTPS://mx.example.com", SMTPSettings{ImplicitTLS, "mx.example.com", 465, "", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseSMTP(test.text)
			if err != nil || got != test.want {
				t.Errorf("ParseSMTP(%q) = %#v, %v, want %#v", test.text, got, err, test.want)
			}
			if strings.Contains(got.String(), "s3cret") {
				t.Errorf("String() = %q shows the password", got)
			}
		})
	}
}

func TestParseSMTPSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, says string }{
		"empty":                       {"", "no scheme"},
		"host and port only":          {"mx.example.com:587", "no scheme"},
		"another protocol":            {"https://mx.example.com", `unknown scheme "https"`},
		"no host":                     {"smtp://:587", "no host"},
		"port that is none":           {"smtp://mx.example.com:70000", `port "70000"`},
		"port zero":                   {"smtp://mx.example.com:0", `port "0"`},
		"password with a slash":       {"smtp://shop:hush/hush@mx.example.com", "cannot be read"},
		"password with a percent":     {"smtp://shop:hush%zz@mx.example.com", "cannot be read"},
		"user without a password":     {"smtp://shop@mx.example.com", "both a user and a password"},
		"path":                        {"smtp://mx.example.com/inbox", "after the host and port"},
		"query":                       {"smtp://mx.example.com?tls=no", "after the host and port"},
		"password in the clear":       {"smtp+plain://shop:hush@mx.example.com", "unprotected"},
		"password without a user":     {"smtp://:hush@mx.example.com", "both a user and a password"},
		"space in the host":           {"smtp://mx example.com", "cannot be read"},
		"control character in a host": {"smtp://mx\x00.example.com", "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseSMTP(test.text)
			if err == nil {
				t.Fatalf("ParseSMTP(%q) = %#v, want an error", test.text, got)
			}
			for _, part := range []string{"HARK_SMTP", test.says, "smtps://"} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error %q does not say %q", err, part)
				}
			}
			if strings.Contains(err.Error(), "hush") {
				t.Errorf("the error %q shows the password", err)
			}
		})
	}
}
