#!/bin/sh
# Fetches the scripts that Hark serves but did not write, in the versions and
# with the checksums of package-lock.json, and puts them into js/. Run it after
# changing a version in package.json; the results are committed.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved
cp node_modules/htmx.org/dist/htmx.min.js js/htmx.min.js
cp node_modules/htmx.org/LICENSE LICENSE-htmx.txt
rm -rf node_modules
