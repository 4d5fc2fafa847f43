#!/usr/bin/env bash
# Installs the system packages that the named needs lack, and only those.
#
#   .ci/install.sh compiler postgresql browser fonts spamassassin dkim postfix exim languages wrk
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
# has_exim: Debian lets no two mail servers be installed at once, so where there is
# another one its program is only unpacked, and never started by the system.
unpacked_exim=/usr/local/lib/hark-exim
has_exim() { [ -x /usr/sbin/exim4 ] || [ -x "$unpacked_exim/usr/sbin/exim4" ]; }
# has_languages: the lines that the back office gives to companies' servers are run.
has_languages() { command -v node && command -v php && command -v python3 && command -v ruby; } >/dev/null
has_wrk() { command -v wrk >/dev/null; }

missing=()
unpack=()
for need in "$@"; do
  case "$need" in
    compiler) has_compiler || missing+=(gcc libc6-dev) ;;
    postgresql) has_postgresql || missing+=(postgresql) ;;
    browser) has_browser || missing+=(chromium) ;;
    fonts) has_fonts || missing+=(fontconfig fonts-noto-cjk) ;;
    spamassassin) has_spamassassin || missing+=(spamassassin) ;;
    dkim) has_dkim || missing+=(python3-dkim) ;;
    postfix) has_postfix || missing+=(postfix) ;;
    exim) has_exim || unpack+=(exim4-daemon-light) ;;
    languages) has_languages || missing+=(nodejs php-cli python3 ruby) ;;
    wrk) has_wrk || missing+=(wrk) ;;
    *) echo "install.sh: unknown need '$need': use compiler, postgresql, browser, fonts, spamassassin, dkim, postfix, exim, languages or wrk" >&2; exit 2 ;;
  esac
done
[ $((${#missing[@]} + ${#unpack[@]})) -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "Missing: ${missing[*]} ${unpack[*]} (names of Debian's packages). Install them with your system's package manager, then run again." >&2
  exit 1
fi
root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Missing: ${missing[*]}. Run as root: apt-get install ${missing[*]} ${unpack[*]}" >&2
    exit 1
  fi
  root=(sudo)
fi
apt() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@"; }

echo "Installing: ${missing[*]} ${unpack[*]}"
apt update # the lists of a fresh machine are empty
[ ${#missing[@]} -eq 0 ] || apt install -y --no-install-recommends "${missing[@]}"
for package in "${unpack[@]}"; do
  dir=$(mktemp -d)
  (cd "$dir" && apt-get -qq download "$package")
  mapfile -t libraries < <(dpkg-deb -f "$dir"/*.deb Depends | tr ',' '\n' | sed 's/[ (|]*\([a-z0-9.+-]*\).*/\1/' | grep '^lib')
  apt install -y --no-install-recommends --no-upgrade "${libraries[@]}"
  "${root[@]}" mkdir -p "$unpacked_exim"
  "${root[@]}" dpkg -x "$dir"/*.deb "$unpacked_exim"
  "${root[@]}" chmod -R u-s "$unpacked_exim"
  getent passwd Debian-exim >/dev/null || "${root[@]}" useradd --system --user-group --no-create-home --shell /usr/sbin/nologin Debian-exim
  rm -r "$dir"
done
