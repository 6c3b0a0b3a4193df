#!/bin/sh
# Installs the portal on this machine: settings, commands, units, timers and nginx, from the files beside this script.
#
#   sh deploy/install.sh                    as root, in /opt/s2group, after `make install`
#   sh deploy/install.sh --dry-run FOLDER   writes the same files into FOLDER, and does nothing else
#
# It asks once and keeps the answers in /etc/s2group. Run again, it brings files up to date that are as it wrote them, and
# leaves those that somebody has edited, and the settings.
set -eu
umask 077
here=$(cd "$(dirname "$0")" && pwd)
root=
case "${1:-}" in
  "") [ "$(id -u)" = 0 ] || { echo "Run this as root, or with --dry-run FOLDER." >&2; exit 1; } ;;
  --dry-run) root=${2:?which folder?}; mkdir -p "$root"; root=$(cd "$root" && pwd) ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
settings=$root/etc/s2group/portal.env
answers=$root/etc/s2group/answers
written=$root/etc/s2group/installed
rendered=$(mktemp)
changed=
trap 'stty echo 2>/dev/null || true; rm -f "$rendered" "$rendered.sed"' EXIT
trap 'exit 1' INT TERM

# ask NAME PATTERN DEFAULT QUESTION: an answer that is all of the pattern (for grep), into a variable.
ask() {
  while :; do
    printf '%s%s: ' "$4" "${3:+ [$3]}"
    read -r answer || { echo; echo "The answers ended too early." >&2; exit 1; }
    answer=${answer:-$3}
    if printf '%s\n' "$answer" | grep -Eqx -- "$2"; then break; fi
    echo "That cannot be: $answer" >&2
    [ -t 0 ] || exit 1
  done
  eval "$1=\$answer"
}

ask_password() {
  [ ! -t 0 ] || stty -echo
  printf 'Password, or the authorization code (授权码) that the provider gives for programs: '
  read -r MAIL_PASSWORD
  [ ! -t 0 ] || { stty echo; echo; }
}

ask_place() {
  ask DOMAIN "$host" "" "Host name that people type, such as portal.lab.edu.cn"
  ask CERTIFICATE '/[A-Za-z0-9._/-]+' "/etc/letsencrypt/live/$DOMAIN/fullchain.pem" "Certificate with its chain"
  ask CERTIFICATE_KEY '/[A-Za-z0-9._/-]+' "/etc/letsencrypt/live/$DOMAIN/privkey.pem" "Its key"
  ask ADMINISTRATOR "$mailbox" "" "Your own address (PI or administrator)"
  for name in DOMAIN CERTIFICATE CERTIFICATE_KEY ADMINISTRATOR; do
    eval "printf '%s=%s\n' $name \"\$$name\""
  done >"$answers"
  # Who has installed the portal by hand has started what they want.
  [ ! -e "$settings" ] || echo TIMERS=theirs >>"$answers"
}

ask_relay() {
  ask MAIL_SERVER "$host" "" "Mail relay (SMTP server)"
  ask MAIL_PORT '[0-9]{1,5}' 587 "Its port: 587 with STARTTLS, 465 with TLS at once (163, QQ), 25 for a relay without a password"
  ask MAIL_USERNAME '.*' "" "User name there, often the whole address; nothing for none"
  MAIL_PASSWORD=
  [ -z "$MAIL_USERNAME" ] || ask_password
  case $MAIL_USERNAME in *@*) sender=$MAIL_USERNAME ;; *) sender=portal@$DOMAIN ;; esac
  ask MAIL_DEFAULT_SENDER "$mailbox" "$sender" "Address that mail comes from, a mailbox that a person reads"
  MAIL_USE_TLS=on
  case $MAIL_PORT:$MAIL_USERNAME in 465:* | 25:) MAIL_USE_TLS=off ;; esac
  SECRET_KEY=$(openssl rand -hex 32)
  put etc/s2group/portal.env 600
}

# What sed shall put in place of @NAME@, within double quotes of a shell.
value() {
  eval "printf '%s' \"\${$1:-}\"" | sed -e 's/[\\"$`]/\\&/g' -e 's/[\\&|]/\\&/g'
}

# By way of a file: everybody on the machine may read the arguments of a command.
render() {
  for name in $(grep -o '@[A-Z_]*@' "$here/$1" | sort -u | tr -d @); do
    printf 's|@%s@|%s|g\n' "$name" "$(value "$name")"
  done >"$rendered.sed"
  sed -f "$rendered.sed" "$here/$1" >"$rendered"
}

sum() { sha256sum <"$1" | cut -d ' ' -f 1; }

# put PATH MODE: the file of that path beside this script, rendered, unless what is there was edited.
put() {
  target=$root/$1
  render "$1"
  if [ -e "$target" ]; then
    if cmp -s "$rendered" "$target"; then return; fi
    if ! grep -qsxF "$(sum "$target")  /$1" "$written"; then
      echo "Left as it is, for somebody has edited it: /$1 (compare with deploy/$1)"
      return
    fi
  fi
  (umask 022 && mkdir -p "$(dirname "$target")")
  install -m "$2" "$rendered" "$target"
  { grep -sv "  /$1\$" "$written" || true; echo "$(sum "$target")  /$1"; } >"$written.new"
  mv "$written.new" "$written"
  changed=yes
  echo "Wrote /$1"
}

put_all() {
  for path in $(cd "$here" && find usr -type f | sort); do put "$path" 755; done
  for path in $(cd "$here" && find etc/systemd -type f | sort); do put "$path" 644; done
}

make_user() {
  id s2group >/dev/null 2>&1 || useradd --system --home-dir /var/lib/s2group --shell /usr/sbin/nologin s2group
  [ -d /etc/s2group ] || install -d -m 0750 -o root -g s2group /etc/s2group
  for folder in /var/lib/s2group /var/backups/s2group; do
    [ -d "$folder" ] || install -d -m 0700 -o s2group -g s2group "$folder"
  done
}

make_backup_key() {
  [ ! -e /etc/s2group/backup-key ] || return 0
  s2group backup key /var/lib/s2group/backup-key
  install -m 0640 -o root -g s2group /var/lib/s2group/backup-key /etc/s2group/backup-key
  rm /var/lib/s2group/backup-key
}

start() {
  systemctl daemon-reload
  s2group prepare
  systemctl enable --now s2group-web s2group-mail
  if [ -z "${TIMERS:-}" ]; then
    systemctl enable --now s2group-backup.timer s2group-deletions.path s2group-retention.timer
    echo TIMERS=started >>"$answers"
  fi
  [ -z "$changed" ] || systemctl restart s2group-web s2group-mail
}

make_the_first_backup() {
  [ -n "$(find /var/backups/s2group -name 'portal-*' | head -n 1)" ] || systemctl start s2group-backup
}

set_nginx_up() {
  if [ -e "$CERTIFICATE" ] && [ -e "$CERTIFICATE_KEY" ]; then
    put etc/nginx/conf.d/s2group.conf 644
    nginx -t -q
    systemctl reload nginx
  fi
}

say_what_is_next() {
  echo
  echo "What is next:"
  [ -e "$CERTIFICATE" ] || cat <<END
- Get the certificate $CERTIFICATE, and run this again. With Let's Encrypt:
  certbot certonly --webroot --webroot-path /var/www/html --domain $DOMAIN --email $ADMINISTRATOR --deploy-hook "systemctl reload nginx"
END
  cat <<END
- Within 24 hours open the link above, if there is one: it creates the first administrator.
- s2group mail test $ADMINISTRATOR, and once more to an address of a large provider.
- Keep copies of /etc/s2group/portal.env and /etc/s2group/backup-key away from this machine: without that key no archive opens.
- Have /var/backups/s2group copied to another building every day.
- Edit the content files in /var/lib/s2group/content, then s2group content load.
- s2group doctor, whenever something is odd. docs/operations.md tells the rest.
END
}

host='[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?'
mailbox="[A-Za-z0-9._+-]+@$host"
if [ -n "$root" ]; then mkdir -p "$root/etc/s2group"; else make_user; fi
TIMERS=
if [ -e "$answers" ]; then
  echo "Your answers of the last time hold: /etc/s2group/answers. Move that file away to be asked again."
  . "$answers"
else
  echo "An answer in brackets is taken by Enter."
  ask_place
  . "$answers"
fi
if [ -e "$settings" ]; then
  echo "The settings are left as they are: /etc/s2group/portal.env."
else
  ask_relay
fi
if [ -n "$root" ]; then
  put_all
  put etc/nginx/conf.d/s2group.conf 644
  exit 0
fi
put_all
make_backup_key
start
make_the_first_backup
set_nginx_up
# The first jobs begin within ten seconds.
sleep 12
s2group doctor || true
say_what_is_next
