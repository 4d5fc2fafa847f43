package main

import (
	"strings"
	"testing"
)

func TestSecretIsPrintedOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 3 {
		status, out, errs := hark(t, nil, "secret")
		secret := strings.TrimSuffix(out, "\n")
		if status != 0 || errs != "" || len(secret) != 43 || strings.ContainsAny(secret, " \n,'\"$\\") || seen[secret] {
			t.Fatalf("status %d, %q, %q", status, out, errs)
		}
		seen[secret] = true
		settings := Settings{Secret: secret}
		if v, err := settings.vault(); err != nil || !v.Ready() {
			t.Errorf("the secret seals nothing: %v", err)
		}
	}
}

// TestSecretsAreRefusedUnprinted: a secret that cannot be used is refused before
// the database is touched, with the setting's name and never with the secret.
func TestSecretsAreRefusedUnprinted(t *testing.T) {
	t.Parallel()
	long := "CANARY" + strings.Repeat("x", 40)
	for name, test := range map[string]struct {
		environ []string
		want    string
	}{
		"short":                  {[]string{"HARK_SECRET=CANARY-short"}, "HARK_SECRET is too short"},
		"short older one":        {[]string{"HARK_SECRET=" + long, "HARK_SECRET_OLD=CANARY-short"}, "HARK_SECRET_OLD is too short"},
		"an older one alone":     {[]string{"HARK_SECRET_OLD=" + long}, "and HARK_SECRET is not"},
		"networks that are none": {[]string{"HARK_SECRET=" + long, "HARK_RELAY_NETWORKS=mail.local"}, "HARK_RELAY_NETWORKS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			environ := append(test.environ, "HARK_ADDR=127.0.0.1:0", "HARK_DATABASE=sqlite:"+t.TempDir()+"/hark.db")
			status, out, errs := hark(t, environ, "serve")
			if status == 0 || !strings.Contains(errs, test.want) || strings.Contains(out+errs, "CANARY") {
				t.Errorf("status %d, says %q%q, want %q", status, out, errs, test.want)
			}
		})
	}
	if status, out, errs := hark(t, []string{"HARK_SECRET=" + long}, "serve", "--help"); status != 0 || strings.Contains(out+errs, "CANARY") {
		t.Errorf("the help shows the secret: %s", out)
	}
}
