#!/usr/bin/env bash
# Installs the system packages that the named needs lack, and only those.
#
#   .ci/install.sh compiler postgresql browser fonts spamassassin dkim postfix wrk
#
# Where nothing is missing it changes nothing and asks for no rights, so it
# passes on any system. Where something is missing it needs apt (Debian,
# Ubuntu), and sudo unless it runs as root.
set -euo pipefail

# has_compiler: the race detector needs cgo, a C compiler and libc's headers.
has_compiler() {
  command -v gcc >/dev/null && printf '#include <stdlib.h>\nint main(void){return 0;}\n' | gcc -x c -o /dev/null - 2>/dev/null
}
has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null
# has_fonts: without Chinese glyphs the pictures of Chinese pages show boxes.
has_fonts() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }
has_spamassassin() { command -v spamassassin >/dev/null; }
# has_dkim: a second implementer of DKIM reads what the first one signed.
has_dkim() { /usr/bin/python3 -c 'import dkim, nacl.signing' 2>/dev/null; }
has_postfix() { command -v postfix || [ -x /usr/sbin/postfix ]; } >/dev/null
has_wrk() { command -v wrk >/dev/null; }

missing=()
for need in "$@"; do
  case "$need" in
    compiler) has_compiler || missing+=(gcc libc6-dev) ;;
    postgresql) has_postgresql || missing+=(postgresql) ;;
    browser) has_browser || missing+=(chromium) ;;
    fonts) has_fonts || missing+=(fontconfig fonts-noto-cjk) ;;
    spamassassin) has_spamassassin || missing+=(spamassassin) ;;
    dkim) has_dkim || missing+=(python3-dkim) ;;
    postfix) has_postfix || missing+=(postfix) ;;
    wrk) has_wrk || missing+=(wrk) ;;
    *) echo "install.sh: unknown need '$need': use compiler, postgresql, browser, fonts, spamassassin, dkim, postfix or wrk" >&2; exit 2 ;;
  esac
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "Missing: ${missing[*]} (names of Debian's packages). Install them with your system's package manager, then run again." >&2
  exit 1
fi
root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Missing: ${missing[*]}. Run as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  root=(sudo)
fi
apt() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@"; }

echo "Installing: ${missing[*]}"
apt update # the lists of a fresh machine are empty
apt install -y --no-install-recommends "${missing[@]}"
