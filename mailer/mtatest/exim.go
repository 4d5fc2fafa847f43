package mtatest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Exim starts an Exim of the test's own and gives the address at which it takes
// mail. It tries everything once: what fails for now comes back as what failed
// for good does, with its own words.
func Exim(tb testing.TB, w World) string {
	tb.Helper()
	// Where Debian keeps it, and where .ci/install.sh unpacks it beside Postfix.
	program := need(tb, "/usr/sbin/exim4", "/usr/local/lib/hark-exim/usr/sbin/exim4")
	needRoot(tb)
	dir := directory(tb)
	for _, name := range []string{"spool", "log", "full"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			tb.Fatal(err)
		}
	}
	do(tb, "chown", "-R", "Debian-exim", filepath.Join(dir, "spool"), filepath.Join(dir, "log"), filepath.Join(dir, "full"))
	own := port(tb)
	write(tb, dir, map[string]string{"exim.conf": eximSettings(tb, w, dir, program, own)})
	server := exec.Command(program, "-bdf", "-C", filepath.Join(dir, "exim.conf"))
	server.Dir = dir
	if err := server.Start(); err != nil {
		tb.Fatalf("start Exim: %v", err)
	}
	tb.Cleanup(func() {
		_ = server.Process.Kill() // what it has begun are processes of their own, and end by themselves
		_ = server.Wait()
		tell(tb, filepath.Join(dir, "log", "main"))
	})
	address := "127.0.0.1:" + own
	answers(tb, address)
	return address
}

// eximSettings is its one file.
func eximSettings(tb testing.TB, w World, dir, program, own string) string {
	tb.Helper()
	routers, transports := "", ""
	add := func(name, domain, address, protocol string) {
		if address == "" {
			return
		}
		host, port := route(tb, address)
		routers += fmt.Sprintf("%[1]s:\n  driver = manualroute\n  domains = %[2]s\n  route_list = * %[3]s\n  transport = %[1]s\n  self = send\n  no_more\n", name, domain, host)
		transports += fmt.Sprintf("%s:\n  driver = smtp\n  protocol = %s\n  port = %s\n  hosts_try_fastopen =\n  connect_timeout = 2s\n  command_timeout = 2s\n  final_timeout = 2s\n", name, protocol, port)
	}
	add("reports", Reports, w.Reports, "lmtp")
	add("far", Far, w.Far, "smtp")
	return fmt.Sprintf(`primary_hostname = mx.customers.example
exim_path = %[6]s
spool_directory = %[1]s/spool
log_file_path = %[1]s/log/%%s
pid_file_path = %[1]s/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = %[2]s
keep_environment =
tls_advertise_hosts =
smtputf8_advertise_hosts = *
acl_smtp_rcpt = take
begin acl
take:
  accept
begin routers
%[3]sfull:
  driver = accept
  domains = %[5]s
  local_parts = full
  transport = full
begin transports
%[4]sfull:
  driver = appendfile
  directory = %[1]s/full
  maildir_format
  create_directory
  quota = 10
  quota_size_regex = ,S=(\d+)
  user = Debian-exim
begin retry
`, dir, own, routers, transports, Here, program)
}
