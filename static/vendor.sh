#!/bin/sh
# Fetches the scripts that Hark did not write, in the versions and with the
# checksums of package-lock.json: what it serves goes into js/, and axe, which
# judges pages in tests and is in no binary, into handlers/browsertest, and frameworks
# whose pages embed surveys in tests into handlers/respond. Run it
# after changing a version in package.json; the results are committed.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved
cp node_modules/htmx.org/dist/htmx.min.js js/htmx.min.js
cp node_modules/htmx.org/LICENSE LICENSE-htmx.txt
axe=../handlers/browsertest/testdata
mkdir -p "$axe"
cp node_modules/axe-core/axe.min.js "$axe/axe.min.js"
cp node_modules/axe-core/LICENSE "$axe/LICENSE-axe.txt"
frameworks=../handlers/respond/testdata/frameworks
mkdir -p "$frameworks"
cp node_modules/react/umd/react.production.min.js "$frameworks/react.js"
cp node_modules/react-dom/umd/react-dom.production.min.js "$frameworks/react-dom.js"
cp node_modules/react/LICENSE "$frameworks/LICENSE-react.txt"
cp node_modules/vue/dist/vue.runtime.global.prod.js "$frameworks/vue.js"
cp node_modules/vue/LICENSE "$frameworks/LICENSE-vue.txt"
rm -rf node_modules
