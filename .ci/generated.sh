#!/usr/bin/env bash
# Fails when a committed *_templ.go differs from what its *.templ generates, or
# has lost its *.templ. Works on a copy, so that it is right on a dirty tree
# and changes nothing in it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CGO_ENABLED=0 # as the calm tests are built, so that nothing is compiled twice

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

# go.mod marks the copy's root: templ writes file names relative to it.
find . -path ./.git -prune -o -name node_modules -prune -o -name '*.templ' -print0 |
  tar --null -cf - -T - | tar -xf - -C "$copy"
cp go.mod go.sum "$copy"
templ=$(go tool -n templ)
(cd "$copy" && "$templ" generate -log-level error)

status=0
while IFS= read -r -d '' file; do
  if ! cmp -s "$file" "$copy/$file"; then
    echo "$file is not what its .templ generates: run 'make generate' and commit it" >&2
    status=1
  fi
done < <({ find . -path ./.git -prune -o -name node_modules -prune -o -name '*_templ.go' -print0
  cd "$copy" && find . -name '*_templ.go' -print0; } | sort -zu)
exit $status
