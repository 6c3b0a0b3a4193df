# Installs the Debian packages the tests need, or says which are missing where it may not.
#   sh tests/support/debian.sh [package ...]
set -eu

if [ $# -eq 0 ]; then
  command -v chromium >/dev/null || set -- "$@" chromium
  fc-list :lang=zh-cn 2>/dev/null | grep -q . || set -- "$@" fontconfig fonts-noto-cjk
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || set -- "$@" postgresql
  command -v strace >/dev/null || set -- "$@" strace
  command -v openssl >/dev/null || set -- "$@" openssl
  command -v age >/dev/null || set -- "$@" age
  command -v haproxy >/dev/null || set -- "$@" haproxy
  command -v nginx >/dev/null || set -- "$@" nginx
  command -v systemd-analyze >/dev/null || set -- "$@" systemd
fi
[ $# -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing from Debian: $*"
  apt-get update -qq
  # In runlevel 1 no package starts a service.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
else
  echo "Missing from this system: $* (as root, apt-get installs them; tests that need them are skipped)" >&2
fi
