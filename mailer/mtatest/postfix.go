package mtatest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Postfix starts a Postfix of the test's own and gives the address at which it
// takes mail.
func Postfix(tb testing.TB, w World) string {
	tb.Helper()
	program := need(tb, "/usr/sbin/postfix") // where Debian keeps it, which is not in everybody's path
	needRoot(tb)
	dir := directory(tb)
	address := "127.0.0.1:" + port(tb)
	log := fmt.Sprintf("/var/log/%s.log", filepath.Base(dir)) // it writes nowhere else
	for _, name := range []string{"queue", "data"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			tb.Fatal(err)
		}
	}
	do(tb, "chown", "postfix", filepath.Join(dir, "data"))
	write(tb, dir, map[string]string{"master.cf": postfixServices(address), "main.cf": postfixSettings(tb, w, dir, log)})
	do(tb, program, "-c", dir, "start")
	tb.Cleanup(func() {
		do(tb, program, "-c", dir, "abort") // "stop" waits some seconds
		tell(tb, log)
		_ = os.Remove(log)
	})
	answers(tb, address)
	return address
}

// postfixServices are the lines of master.cf.
func postfixServices(address string) string {
	text := address + " inet n - n - - smtpd\npostlog unix-dgram n - n - 1 postlogd\nqmgr unix n - n 300 1 qmgr\ncleanup unix n - n - 0 cleanup\nlmtp unix - - n - - lmtp\n"
	for service, command := range map[string]string{ // with how many processes there may be
		"bounce": "0 bounce", "defer": "0 bounce", "trace": "0 bounce", "verify": "1 verify", "anvil": "1 anvil", "scache": "1 scache", "rewrite": "- trivial-rewrite",
		"proxymap": "- proxymap", "smtp": "- smtp", "relay": "- smtp", "error": "- error", "retry": "- error", "local": "- local", "virtual": "- virtual",
	} {
		text += service + " unix - n n - " + command + "\n"
	}
	return text
}

// postfixSettings are the lines of main.cf.
func postfixSettings(tb testing.TB, w World, dir, log string) string {
	tb.Helper()
	text := fmt.Sprintf(`compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
maillog_file = %[2]s
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.customers.example
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
alias_database =
smtpd_client_connection_count_limit = 0
`, dir, log)
	var ways []string
	if w.Reports != "" {
		ways = append(ways, "{ "+Reports+" = lmtp:inet:"+w.Reports+" }")
	}
	if w.Far != "" {
		host, port := route(tb, w.Far)
		ways = append(ways, "{ "+Far+" = smtp:["+host+"]:"+port+" }")
	}
	if len(ways) > 0 {
		text += "transport_maps = inline:{" + strings.Join(ways, ", ") + "}\n"
	}
	if w.Maildir == "" {
		return text + "mydestination = " + Here + "\n"
	}
	do(tb, "mkdir", "-p", filepath.Join(w.Maildir, "all"))
	do(tb, "chown", "-R", "nobody", w.Maildir)
	return text + fmt.Sprintf(`mydestination =
virtual_mailbox_domains = %s
virtual_mailbox_base = %s
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
`, Here, w.Maildir)
}
