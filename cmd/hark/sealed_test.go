package main

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestDoctorTriesWhatIsSealed: it fails when a password or a key cannot be
// opened, says whose, tells when the older secret can go, and shows nothing.
func TestDoctorTriesWhatIsSealed(t *testing.T) {
	t.Parallel()
	const fresh = "another-secret-of-at-least-32-characters"
	address := "sqlite:" + t.TempDir() + "/hark.db"
	s := storetest.OpenURL(t, address, storetest.Start)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := storetest.Workspace(t, s)
	storetest.Sender(t, s, w.ID)
	key := storetest.DKIMKeys(t, s, w.ID, "shop.example", surveys.DKIMSigning)[0]
	for _, c := range []struct {
		name    string
		environ []string
		status  int
		says    []string
	}{
		{"the secret", []string{"HARK_SECRET=" + storetest.Secret}, 0, []string{"All counts agree"}},
		{"none", nil, 1, []string{w.Name + ": the password of its mail server cannot be opened", "HARK_SECRET is not set", "3 sealed values cannot be opened"}},
		{"another", []string{"HARK_SECRET=" + fresh}, 1, []string{"the key " + key.RecordName() + " cannot be opened", "HARK_SECRET_OLD"}},
		{"on the way to another", []string{"HARK_SECRET=" + fresh, "HARK_SECRET_OLD=" + storetest.Secret}, 0, []string{"still sealed with HARK_SECRET_OLD"}},
		{"there already", []string{"HARK_SECRET=" + storetest.Secret, "HARK_SECRET_OLD=" + fresh}, 0, []string{"Nothing is sealed with HARK_SECRET_OLD any more"}},
	} {
		status, out, errs := hark(t, append(c.environ, "HARK_DATABASE="+address), "doctor")
		flat := strings.Join(strings.Fields(out+errs), " ")
		if status != c.status {
			t.Errorf("%s: status %d, says %s", c.name, status, flat)
		}
		for _, want := range c.says {
			if !strings.Contains(flat, want) {
				t.Errorf("%s: %q is not in %s", c.name, want, flat)
			}
		}
		for _, secret := range []string{storetest.Secret, fresh, "hush"} {
			if strings.Contains(flat, secret) {
				t.Errorf("%s: a secret is shown: %s", c.name, flat)
			}
		}
	}
}
