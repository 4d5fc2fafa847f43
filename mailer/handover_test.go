package mailer

import "testing"

func TestStuffed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ message, want string }{
		"as it is":                 {"a: b\r\n\r\ntext\r\n", "a: b\r\n\r\ntext\r\n"},
		"dots begin lines":         {".a\r\n..b\r\nc.\r\n.\r\n", "..a\r\n...b\r\nc.\r\n..\r\n"},
		"lines end in LF":          {"a\n\nb\n", "a\r\n\r\nb\r\n"},
		"both ends, and a dot":     {"a\n.b\r\n\n.\nc\r\n", "a\r\n..b\r\n\r\n..\r\nc\r\n"},
		"begins with LF":           {"\na\r\n", "\r\na\r\n"},
		"without an end":           {"a\r\n.b", "a\r\n..b\r\n"},
		"a carriage return within": {"a\rb\r\n", "a\rb\r\n"},
		"nothing":                  {"", "\r\n"},
	} {
		if got := string(stuffed([]byte("before "), []byte(c.message))); got != "before "+c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
