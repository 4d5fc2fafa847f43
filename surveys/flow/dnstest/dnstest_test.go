package dnstest

import (
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	s := New(t)
	long := strings.Repeat("0123456789", 70)
	s.Set("a.example", "v=spf1 -all", long)
	got, err := s.Resolver().LookupTXT(t.Context(), "a.example.")
	if err != nil || !slices.Equal(got, []string{"v=spf1 -all", long}) {
		t.Errorf("%q, %v", got, err)
	}
	var failed *net.DNSError
	if _, err := s.Resolver().LookupTXT(t.Context(), "b.example."); !errors.As(err, &failed) || !failed.IsNotFound {
		t.Errorf("no such name: %v", err)
	}
	s.Set("a.example")
	if _, err := s.Resolver().LookupTXT(t.Context(), "a.example."); !errors.As(err, &failed) || !failed.IsNotFound {
		t.Errorf("taken away: %v", err)
	}
	s.Break()
	if _, err := s.Resolver().LookupTXT(t.Context(), "a.example."); !errors.As(err, &failed) || failed.IsNotFound {
		t.Errorf("broken: %v", err)
	}
	if asked := s.Asked(); asked[0] != "a.example" {
		t.Errorf("asked for %q", asked)
	}
}
