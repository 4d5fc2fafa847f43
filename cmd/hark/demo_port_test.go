package main

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
)

// TestDemoTakesItsPortFirst: nobody waits for a year that cannot be shown.
func TestDemoTakesItsPortFirst(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := t.TempDir()
	status, out, errs := hark(t, nil, "demo", "--dir", dir, "--addr", taken.Addr().String())
	if status == 0 || out != "" || !strings.Contains(errs, "HARK_ADDR") {
		t.Errorf("status %d, prints %q, says %q", status, out, errs)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("it made %q", left)
	}
}
