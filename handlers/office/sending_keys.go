package office

import (
	"slices"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// saysSigned is whether mails are signed; false where there is no domain to sign
// for.
func (f sendingForm) saysSigned() (office.SendingLine, bool) {
	domain := f.site.Sending.Domain(f.stored)
	switch {
	case f.stored.Signing == surveys.SignedByRelay:
		return f.line(components.Plain, "sending.says.by_relay"), true
	case domain == "":
		return office.SendingLine{}, false
	}
	var signing, waiting, unseen, closed int
	var seen time.Time
	for _, key := range f.keys {
		if key.Domain != domain || key.State == surveys.DKIMRetired {
			continue
		}
		if key.State == surveys.DKIMNew {
			waiting++
			continue
		}
		signing++
		if _, err := f.site.Sending.Vault.Open(surveys.DKIMPlace(key.WorkspaceID, key.ID), key.Secret); err != nil {
			closed++
		}
		if key.Finding != surveys.DKIMFound {
			unseen++
		} else if seen.IsZero() || key.FoundAt.Before(seen) {
			seen = *key.FoundAt
		}
	}
	last, gone := f.goneSince(domain)
	switch {
	case closed > 0:
		return f.line(components.Bad, "sending.says.keys_closed", "domain", domain), true
	case gone:
		return f.line(components.Bad, "sending.says.keys_gone", "domain", domain, "when", f.when(last)), true
	case signing > 0 && unseen == 0:
		return f.line(components.Good, "sending.says.signed", "domain", domain, "when", f.when(seen)), true
	case signing > 0:
		return f.line(components.Warn, "sending.says.signed_unseen", "domain", domain), true
	case waiting > 0:
		return f.line(components.Warn, "sending.says.waiting", "domain", domain), true
	}
	return f.line(components.Bad, "sending.says.unsigned", "domain", domain), true
}

// goneSince is when the DNS was last seen to have a key that it has lost, of those
// that sign for a domain; false when it has lost none.
func (f sendingForm) goneSince(domain string) (last time.Time, gone bool) {
	for _, key := range f.keys {
		if key.Domain == domain && key.Gone() && (!gone || key.FoundAt.Before(last)) {
			last, gone = *key.FoundAt, true
		}
	}
	return last, gone
}

// when is a time in the workspace's zone.
func (f sendingForm) when(t time.Time) string { return f.l.DateTime(t.In(f.workspace.Location())) }

// keySection is the part about the keys of DKIM.
func (f sendingForm) keySection(wrong map[string]string) office.SendingKeys {
	domain := f.site.Sending.Domain(f.stored)
	s := office.SendingKeys{Lead: f.l.T("sending.keys.lead"), Policy: f.policy, PolicyTitle: f.l.T("sending.policy.title", "domain", domain), Signer: components.Choices{Field: f.field("signer", wrong)}}
	s.Signer.Name, s.Signer.Error = "signing", wrong["signing"]
	for _, who := range []surveys.Signing{surveys.SignedHere, surveys.SignedByRelay} {
		s.Signer.Options = append(s.Signer.Options, components.Option{Value: string(who), Text: f.l.T("sending.signer." + string(who)), Selected: f.stored.Signing == who})
	}
	for _, pair := range pairsOf(f.keys) {
		s.Pairs = append(s.Pairs, f.pair(pair, domain))
	}
	waits := slices.ContainsFunc(f.keys, func(k surveys.DKIMKey) bool { return k.Domain == domain && k.State == surveys.DKIMNew })
	if domain != "" && !waits && f.site.Sending.Vault.Ready() {
		s.Make = &office.Deed{Action: pathSending + "/keys", Button: components.Action{Text: f.l.T("sending.keys.make")}}
		if len(f.keys) > 0 {
			s.Make.Button = components.Action{Text: f.l.T("sending.keys.make_next"), Kind: components.Quiet}
		}
	}
	if domain != "" {
		s.Check = &office.Deed{Action: pathSending + "/keys/check", Button: components.Action{Text: f.l.T("sending.keys.check"), Kind: components.Secondary}}
		if waits {
			s.Check.Button.Kind = components.Primary
		}
	}
	return s
}

// pairsOf are the keys as they were made, the newest first.
func pairsOf(keys []surveys.DKIMKey) [][]surveys.DKIMKey {
	var pairs [][]surveys.DKIMKey
	for _, key := range keys {
		if n := len(pairs); n > 0 && pairs[n-1][0].Domain == key.Domain && pairs[n-1][0].CreatedAt.Equal(key.CreatedAt) {
			pairs[n-1] = append(pairs[n-1], key)
			continue
		}
		pairs = append(pairs, []surveys.DKIMKey{key})
	}
	return pairs
}

// pair is a pair of keys of which the first one's state speaks, unless another
// still waits.
func (f sendingForm) pair(keys []surveys.DKIMKey, domain string) office.KeyPair {
	first := keys[0]
	for _, key := range keys {
		if key.State == surveys.DKIMNew || key.State == surveys.DKIMSigning && first.State == surveys.DKIMRetired {
			first = key
		}
	}
	p := office.KeyPair{
		Title: f.l.T("sending.keys.pair", "domain", first.Domain, "when", f.l.Date(first.CreatedAt.In(f.workspace.Location()))),
		Tag:   components.Tag{Text: f.l.T("sending.keys.state." + string(first.State)), Tone: map[surveys.DKIMState]components.Tone{surveys.DKIMNew: components.Warn, surveys.DKIMSigning: components.Good}[first.State]},
		Open:  first.State == surveys.DKIMNew,
	}
	switch {
	case first.State == surveys.DKIMRetired && first.RetiredAt != nil:
		p.Text = f.l.T("sending.keys.text.retired", "when", f.l.Date(first.RetiredAt.Add(surveys.DKIMGrace).In(f.workspace.Location())))
	case first.Domain != domain:
		p.Text, p.Tag = f.l.T("sending.keys.text.elsewhere"), components.Tag{Text: f.l.T("sending.keys.state.retired")}
	case slices.ContainsFunc(keys, surveys.DKIMKey.Gone):
		p.Text, p.Tag = f.l.T("sending.keys.text.lost"), components.Tag{Text: f.l.T("sending.keys.state.lost"), Tone: components.Bad}
		p.Open = true
	default:
		p.Text = f.l.T("sending.keys.text." + string(first.State))
	}
	if first.State == surveys.DKIMNew {
		p.Steps = []string{f.l.T("sending.keys.step.publish", "domain", first.Domain), f.l.T("sending.keys.step.check")}
		p.Anyway = &office.Deed{Action: pathSending + "/keys/anyway", Button: components.Action{Text: f.l.T("sending.keys.anyway"), Kind: components.Secondary}}
	}
	for _, key := range keys {
		p.Keys = append(p.Keys, f.record(key))
	}
	return p
}

// record is one key with its TXT record and what the DNS said of it.
func (f sendingForm) record(key surveys.DKIMKey) office.KeyRecord {
	r := office.KeyRecord{ID: key.ID, Algorithm: f.l.T("sending.keys." + string(key.Algorithm)), Name: key.RecordName(), Value: key.Record(), Zone: key.ZoneLine()}
	finding := string(key.Finding)
	if key.Finding == surveys.DKIMUnasked || key.CheckedAt == nil {
		finding = "unasked"
	} else {
		r.Text = f.l.T("sending.keys.found."+finding, "when", f.when(*key.CheckedAt))
		if key.FoundAt != nil && key.Finding != surveys.DKIMFound {
			r.Text = f.l.T("sending.keys.seen", "text", r.Text, "when", f.when(*key.FoundAt))
		}
	}
	r.Tag = components.Tag{Text: f.l.T("sending.keys.tag." + finding), Tone: map[surveys.DKIMFinding]components.Tone{
		surveys.DKIMFound: components.Good, surveys.DKIMMissing: components.Warn, surveys.DKIMOther: components.Bad, surveys.DKIMFailed: components.Warn,
	}[key.Finding]}
	if key.Gone() {
		r.Tag.Tone = components.Bad
	}
	button := func(what string) *office.Deed {
		text := f.l.T("sending.keys." + what)
		return &office.Deed{
			Action: pathSending + "/keys/" + key.ID + "/" + what,
			Button: components.Action{Text: text, Label: text + ": " + r.Algorithm + ", " + key.Selector, Kind: components.Quiet},
		}
	}
	if key.State == surveys.DKIMSigning {
		r.Retire = button("retire")
	} else {
		r.Delete = button("delete")
	}
	return r
}

// policyOf is what the DNS says beside the keys.
func (f sendingForm) policyOf(domain string, p flow.Policy) []office.SendingLine {
	if !p.Asked {
		return []office.SendingLine{f.line(components.Warn, "sending.policy.silent")}
	}
	lines := []office.SendingLine{f.line(components.Bad, "sending.policy.spf_none"), f.line(components.Bad, "sending.policy.dmarc_none", "domain", domain)}
	if p.SPF != "" {
		lines[0] = f.line(components.Good, "sending.policy.spf")
	}
	if p.DMARC != "" {
		lines[1] = f.line(components.Good, "sending.policy.dmarc", "policy", dmarcPolicy(p.DMARC))
	}
	return lines
}

// dmarcPolicy is what a DMARC record asks receivers to do.
func dmarcPolicy(record string) string {
	for part := range strings.SplitSeq(record, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch value = strings.TrimSpace(value); {
		case name == "p" && slices.Contains([]string{"none", "quarantine", "reject"}, value):
			return "p=" + value
		}
	}
	return "p=?"
}
