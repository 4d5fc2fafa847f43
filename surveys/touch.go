package surveys

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/netip"
	"strings"
	"time"
)

// TouchKind is what somebody, or something, did with a link of a letter.
type TouchKind string

// The kinds. The first four are the letter's links being opened; none of them
// says that a person was there. The last two are what a page sends.
const (
	TouchScore TouchKind = "score" // the link of one score
	TouchPage  TouchKind = "page"  // the question's page, without a score
	TouchStop  TouchKind = "stop"  // the way out of being asked
	TouchTrap  TouchKind = "trap"  // the link that no person sees
	TouchSeen  TouchKind = "seen"  // the page's script says that it was looked at
	TouchSent  TouchKind = "sent"  // the form was sent
)

// AgentClass is what a client says it is, as far as that can be told from its
// User-Agent and its network.
type AgentClass string

// The classes of clients.
const (
	AgentBrowser  AgentClass = "browser"
	AgentScanner  AgentClass = "scanner"   // a mail scanner, a preview or another program that says so
	AgentHeadless AgentClass = "headless"  // a browser that a program drives
	AgentProxy    AgentClass = "proxy"     // fetches for a mail program, to hide its user
	AgentMailHost AgentClass = "mail_host" // a browser by its name, in a network of mail servers
	AgentOther    AgentClass = "other"     // no known name
)

// Touch is one request for a link of a letter, or of its page. It holds nothing
// by which somebody could be found: the client is a keyed hash, see [ClientOf].
type Touch struct {
	WorkspaceID  WorkspaceID
	InvitationID string
	At           time.Time
	Kind         TouchKind
	Score        *int   // that the link chose, or that was sent
	Method       string // GET, HEAD, POST
	Agent        AgentClass
	Client       []byte
	Receiver     []byte        // keyed hash of the domain that the letter went to
	Delay        time.Duration // since the letter left; negative when that is not known
	Prefetch     bool          // the browser loads it ahead, in case that somebody wants it
	Fetch        string        // what Sec-Fetch-Site, -Mode, -Dest and -User say
	Acted        bool          // of a form that was sent: its answer was counted at once
}

// opened reports whether a link of the letter was opened.
func (t Touch) opened() bool {
	return t.Kind == TouchScore || t.Kind == TouchPage || t.Kind == TouchStop
}

// clientBytes is how long the hash of a client is.
const clientBytes = 12

// ClientOf names a client without telling who it is: a keyed hash of its
// network, /24 or /48, and of its User-Agent. Without the workspace's secret
// it leads to nobody, and with it to a network of 256 addresses at least.
func ClientOf(secret []byte, address netip.Addr, agent string) []byte {
	return hashed(secret, "client:"+networkOf(address)+"\x00"+agent)
}

// ReceiverKey names the domain of an address by a keyed hash.
func ReceiverKey(secret []byte, email string) []byte {
	return hashed(secret, "receiver:"+strings.ToLower(email[strings.LastIndexByte(email, '@')+1:]))
}

func hashed(secret []byte, text string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return mac.Sum(nil)[:clientBytes]
}

// networkOf is the network of an address, as wide as it may be remembered.
func networkOf(address netip.Addr) string {
	address = address.Unmap()
	bits := 48
	if address.Is4() {
		bits = 24
	}
	network, err := address.Prefix(bits)
	if err != nil {
		return "" // no address
	}
	return network.Masked().String()
}

// scannerNames are parts of the User-Agents by which mail scanners, previews of
// links and programs name themselves.
func scannerNames() []string {
	return []string{
		"barracuda", "mimecast", "proofpoint", "symantec", "messagelabs", "fireeye", "trellix", "trendmicro", "tmufe", "sophos", "zscaler", "fortinet", "fortimail",
		"cloudmark", "bitdefender", "forcepoint", "websense", "ironport", "vadesecure", "vade secure", "avanan", "checkpoint", "safelinks", "urldefense", "virustotal", "abnormal",
		"bot", "crawler", "spider", "scanner", "bingpreview", "uripreview", "linkpreview", "web preview", "facebookexternalhit", "whatsapp/", "slack-", "embedly", "linkcheck",
		"curl/", "wget/", "python", "go-http-client", "java/", "okhttp", "libwww", "httpclient", "axios", "node-fetch", "undici", "ruby", "php/", "winhttp", "powershell",
	}
}

// mailNetworks are those from which Exchange Online and Defender for Office 365
// open links under the name of a usual browser.
func mailNetworks() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("40.92.0.0/16"), netip.MustParsePrefix("40.107.0.0/16"), netip.MustParsePrefix("52.96.0.0/12"),
		netip.MustParsePrefix("104.47.0.0/17"), netip.MustParsePrefix("2a01:111::/32"),
	}
}

// AgentOf classes a client by its User-Agent and address. A browser's name
// proves nothing, so that it is only the absence of another one.
func AgentOf(agent string, address netip.Addr) AgentClass {
	name := strings.ReplaceAll(strings.ToLower(agent), "cubot", "") // a make of telephones
	switch {
	case agent == "Mozilla/5.0" || strings.Contains(name, "googleimageproxy") || strings.Contains(name, "yahoomailproxy"):
		return AgentProxy
	case strings.Contains(name, "headless") || strings.Contains(name, "phantomjs") || strings.Contains(name, "puppeteer") || strings.Contains(name, "playwright") || strings.Contains(name, "selenium"):
		return AgentHeadless
	}
	if strings.HasPrefix(name, "lynx/") || strings.HasPrefix(name, "w3m/") || strings.HasPrefix(name, "links ") || strings.HasPrefix(name, "elinks/") {
		return AgentOther // browsers of text, whose libraries' names programs have too
	}
	for _, part := range scannerNames() {
		if strings.Contains(name, part) {
			return AgentScanner
		}
	}
	if !strings.HasPrefix(agent, "Mozilla/5.0 (") && !strings.HasPrefix(agent, "Opera/") {
		return AgentOther
	}
	for _, network := range mailNetworks() {
		if network.Contains(address.Unmap()) {
			return AgentMailHost
		}
	}
	return AgentBrowser
}
