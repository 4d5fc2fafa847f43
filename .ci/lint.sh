#!/usr/bin/env bash
# Form before meaning: gofmt, go vet, staticcheck, each over the whole module.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CGO_ENABLED=0 # as the calm tests are built, so that nothing is compiled twice

# Generated files are not ours to format.
unformatted=$(gofmt -l . | grep -v '_templ\.go$' || true)
if [ -n "$unformatted" ]; then
  printf 'not formatted (run gofmt -w):\n%s\n' "$unformatted" >&2
  exit 1
fi
go vet ./...
go tool staticcheck ./...
