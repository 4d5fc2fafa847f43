package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/mailer/intake"
	"github.com/harkhq/hark/surveys/store"
)

// Settings are what the operator decides. Each is a flag, and an environment
// variable of the same name: --mail-from is HARK_MAIL_FROM. The table in
// the README is tested against this struct.
type Settings struct {
	Addr            string        `setting:"" default:":8080" help:"Where the server listens, HOST:PORT." placeholder:"HOST:PORT"`
	URL             string        `setting:"" name:"url" default:"http://localhost:8080" help:"Where people reach the server; links in mails start with it." placeholder:"URL"`
	Database        string        `setting:"" default:"sqlite:hark.db" help:"The database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME." placeholder:"URL"`
	SMTP            string        `setting:"" name:"smtp" help:"The mail server: smtp://USER:PASSWORD@HOST:587, smtps://…, or smtp+plain://HOST:25 for a relay without TLS. Empty: nothing is sent." placeholder:"URL"`
	SMTPRate        int           `setting:"" name:"smtp-rate" help:"How many letters a second that mail server is given at most, by each process. Empty: as many as it takes." placeholder:"LETTERS"`
	SMTPConnections int           `setting:"" name:"smtp-connections" default:"10" help:"How many connections to that mail server are used at once, by each process." placeholder:"NUMBER"`
	MailFrom        string        `setting:"" help:"The sender of mails: feedback@example.com." placeholder:"ADDRESS"`
	MailHelo        string        `setting:"" help:"What this server calls itself to mail servers (EHLO), which should be the name of the address that it sends from. Empty: the host of HARK_URL." placeholder:"HOST"`
	Bounces         string        `setting:"" help:"Where mail that comes back is taken in: lmtp://127.0.0.1:2424, smtp://:25, or pipe where a mail server runs hark bounce. Empty: nowhere." placeholder:"URL"`
	Secret          string        `setting:"" help:"What passwords of mail servers and keys of DKIM are sealed with in the database, at least 32 characters; hark secret prints one. Empty: none can be stored." placeholder:"SECRET"`
	SecretOld       string        `setting:"" help:"The secret before this one, while what it sealed is sealed again." placeholder:"SECRET"`
	RelayNetworks   []string      `setting:"" help:"Networks of your own in which workspaces may name a mail server, such as 10.0.0.0/8; those on the Internet they may name anyway." placeholder:"CIDR"`
	TrustedProxies  []string      `setting:"" help:"Networks of the proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8." placeholder:"CIDR"`
	Log             string        `setting:"" enum:"text,json" default:"text" help:"The form of the log: text or json." placeholder:"FORM"`
	LogLevel        string        `setting:"" enum:"debug,info,warn,error" default:"info" help:"The least that is logged: debug, info, warn or error." placeholder:"LEVEL"`
	StopAfter       time.Duration `setting:"" default:"20s" help:"How long a server that is asked to stop waits for requests and mails under way." placeholder:"TIME"`
}

const settingPrefix = "HARK_"

// variable is the environment's name of a flag.
func variable(flag string) string {
	return settingPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromEnvironment reads settings from the environment where no flag is given.
func fromEnvironment(environ []string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if !flag.Tag.Has("setting") {
			return nil, nil
		}
		if value, ok := lookUp(environ, variable(flag.Name)); ok && value != "" {
			return value, nil
		}
		return nil, nil
	})
}

func lookUp(environ []string, name string) (string, bool) {
	for _, entry := range slices.Backward(environ) {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// settingNames lists the settings' variables.
func settingNames() []string {
	var names []string
	kind := reflect.TypeFor[Settings]()
	for i := range kind.NumField() {
		name := kind.Field(i).Tag.Get("name")
		if name == "" {
			name = flagName(kind.Field(i).Name)
		}
		names = append(names, variable(name))
	}
	return names
}

// flagName is the flag of a field: MailFrom is mail-from.
func flagName(field string) string {
	var b strings.Builder
	for i, r := range field {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// checkEnvironment refuses a variable that looks like a setting and is none: a
// misspelled one would be silently ignored.
func checkEnvironment(environ []string) error {
	names := settingNames()
	var unknown []error
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, settingPrefix) || slices.Contains(names, name) || strings.HasPrefix(name, "HARK_TEST_") || name == "HARK_SCREENSHOTS" {
			continue
		}
		unknown = append(unknown, fmt.Errorf("there is no setting %s: did you mean %s?", name, nearest(name, names)))
	}
	return errors.Join(unknown...)
}

// nearest is the name with the fewest letters to change.
func nearest(name string, names []string) string {
	return slices.MinFunc(names, func(a, b string) int { return distance(name, a) - distance(name, b) })
}

// distance is the Levenshtein distance of two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// logger makes the log that the settings ask for.
func (s *Settings) logger(t terminal) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.LogLevel)) // checked by the flag's enum
	options := &slog.HandlerOptions{Level: level}
	if s.Log == "json" {
		return slog.New(slog.NewJSONHandler(t.err, options))
	}
	return slog.New(slog.NewTextHandler(t.err, options))
}

// site is the address that people see, checked.
func (s *Settings) site() (*url.URL, error) {
	u, err := url.Parse(s.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("HARK_URL %q is no address: write https://feedback.example.com", s.URL)
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("HARK_URL %q has a path: Hark needs a host of its own, such as https://feedback.example.com", s.URL)
	}
	u.Path = ""
	return u, nil
}

// hostPort are the parts of the address to listen on, checked. An empty host is
// every address of this machine.
func (s *Settings) hostPort() (host, port string, err error) {
	host, port, err = net.SplitHostPort(s.Addr)
	if err == nil {
		if _, wrong := strconv.ParseUint(port, 10, 16); wrong == nil {
			return host, port, nil
		}
	}
	if _, wrong := strconv.ParseUint(s.Addr, 10, 16); wrong == nil {
		return "", "", fmt.Errorf("HARK_ADDR %q is only a port: write :%s or HOST:%s", s.Addr, s.Addr, s.Addr)
	}
	return "", "", fmt.Errorf("HARK_ADDR %q is no HOST:PORT: write :8080, or 127.0.0.1:8080 for this machine only", s.Addr)
}

// hello is what the server calls itself to mail servers, checked.
func (s *Settings) hello() (string, error) {
	if s.MailHelo != "" {
		name, err := mailer.HelloName(s.MailHelo)
		if err != nil {
			return "", fmt.Errorf("HARK_MAIL_HELO %w: write one such as mail.example.com", err)
		}
		return name, nil
	}
	site, err := s.site()
	if err != nil {
		return "", nil // which its own check says
	}
	name, err := mailer.HelloName(site.Hostname())
	if err != nil {
		return "", nil // a name that only this network knows: the machine's own instead
	}
	return name, nil
}

// check finds what is wrong with the settings of a server before it touches
// anything.
func (s *Settings) check() error {
	_, _, addr := s.hostPort()
	_, site := s.site()
	_, proxies := s.proxies()
	_, relays := s.relayNetworks()
	_, vault := s.vault()
	var hello error
	if s.SMTP == "" { // else the transport says it
		_, hello = s.hello()
	}
	_, mail := s.transport()
	_, bounces := intake.ParseSettings(s.Bounces)
	if mail == nil && s.SMTP != "" && s.MailFrom == "" {
		mail = errors.New("HARK_MAIL_FROM is not set: mails need a sender, such as feedback@example.com")
	}
	var rate error
	if s.SMTPRate < 0 {
		rate = fmt.Errorf("HARK_SMTP_RATE is %d: write how many letters a second the mail server takes, or leave it empty", s.SMTPRate)
	}
	var connections error
	if s.SMTPConnections < 0 || s.SMTPConnections > mailer.MaxConnections {
		connections = fmt.Errorf("HARK_SMTP_CONNECTIONS is %d: write a number from 1 to %d", s.SMTPConnections, mailer.MaxConnections)
	}
	return errors.Join(addr, site, proxies, relays, vault, bounces, mail, hello, rate, connections)
}

// proxies are the trusted networks, checked.
func (s *Settings) proxies() ([]*net.IPNet, error) {
	return networks("HARK_TRUSTED_PROXIES", s.TrustedProxies)
}

// relayNetworks are the operator's own networks that mail servers of workspaces
// may be in, checked.
func (s *Settings) relayNetworks() ([]*net.IPNet, error) {
	return networks("HARK_RELAY_NETWORKS", s.RelayNetworks)
}

// networks reads the networks of a setting.
func networks(setting string, texts []string) ([]*net.IPNet, error) {
	var list []*net.IPNet
	for _, text := range texts {
		_, network, err := net.ParseCIDR(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("%s has %q: write networks such as 10.0.0.0/8,fd00::/8", setting, text)
		}
		list = append(list, network)
	}
	return list, nil
}

// open opens the database and brings it to this program's schema.
func (s *Settings) open(ctx context.Context, log *slog.Logger) (*store.Store, error) {
	opened, err := store.Open(ctx, store.Options{URL: s.Database, Now: time.Now, Random: rand.Reader, Log: log})
	if err != nil {
		return nil, err
	}
	if err := opened.Migrate(ctx); err != nil {
		opened.Close()
		return nil, err
	}
	return opened, nil
}
