#!/bin/sh
# Installs Rallypoint on a machine with systemd, such as Debian, Ubuntu or Fedora. As root:
#   install.sh [install] [ARCHIVE]   installs, or upgrades what is there; moves hbbs over
#   install.sh previous              goes back to the version before the last upgrade
#   install.sh from-hbbs             moves hbbs and hbbr over; also where a package is installed
#   install.sh back-to-hbbs          hands everything back to hbbs and hbbr
#   install.sh remove                takes the program away, leaves data and settings
# ARCHIVE is a rallypoint-*.tar.gz: a file, an https:// address, or the folder it was unpacked to;
# without it the folder that this script lies in.
#   --sha256 HEX      what the archive must have; else SHA256SUMS beside it is read
#   --without-hbbs    leaves hbbs alone
#   --hbbs FOLDER     the folder of hbbs, where no unit of it tells
#   --purge           remove: data, settings and the user too; every client then needs a new key
#   --root FOLDER     works on the files below that folder, and starts and stops nothing
set -eu

say() { printf '%s\n' "$*"; }
die() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

root=
work=install
archive=
sha256=
with_hbbs=yes
hbbs_folder=
purge=
case ${1:-} in
  install | previous | from-hbbs | back-to-hbbs | remove)
    work=$1
    shift
    ;;
esac
while [ $# -gt 0 ]; do
  case $1 in
    --sha256) sha256=${2:?the checksum is missing} && shift ;;
    --without-hbbs) with_hbbs= ;;
    --hbbs) hbbs_folder=${2:?the folder is missing} && shift ;;
    --purge) purge=yes ;;
    --root) root=${2:?the folder is missing} && root=${root%/} && shift ;;
    -h | --help)
      sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    -*) die "unknown option $1: see --help" ;;
    *)
      [ -z "$archive" ] || die "two archives: $archive and $1"
      archive=$1
      ;;
  esac
  shift
done

opt=$root/opt/rallypoint
etc=$root/etc/rallypoint
data=$root/var/lib/rallypoint
units=$root/etc/systemd/system
command=$root/usr/local/bin/rallypoint
# Not in the data folder: what the node may write is not what root starts units by.
moved=$etc/moved-from-hbbs.txt

# systemctl; below another root only what it can do there.
ctl() {
  if [ -z "$root" ]; then
    systemctl "$@"
  else
    case $1 in
      enable | disable)
        [ "${2:-}" != --now ] || { first=$1 && shift 2 && set -- "$first" "$@"; }
        systemctl --root="$root" "$@"
        ;;
    esac
  fi
}

# Before the node is stopped; nothing where it does not run.
tell_of_stop() {
  [ -z "$root" ] && systemctl is-active --quiet rallypoint.service || return 0
  say "The node stops. One of several lets its relayed sessions end first, for up to an hour;"
  say "to end them at once, in another terminal: systemctl kill rallypoint"
}

own() { # what the node reads and writes, MODE FILE...
  mode=$1
  shift
  [ -n "$root" ] || chown -R rallypoint:rallypoint "$@"
  chmod "$mode" "$@"
}

packaged() {
  [ -z "$root" ] || return 1
  { has dpkg-query && dpkg-query -W -f '${Status}' rallypoint 2>/dev/null | grep -q 'ok installed'; } ||
    { has rpm && rpm -q rallypoint >/dev/null 2>&1; }
}

make_user() {
  if [ -n "$root" ] || id rallypoint >/dev/null 2>&1; then return; fi
  useradd --system --user-group --home-dir /var/lib/rallypoint --no-create-home \
    --shell /usr/sbin/nologin rallypoint
  say "Made the user rallypoint."
}

# --- hbbs ------------------------------------------------------------------------------------------

# The lines of a unit with its drop-ins, one for each setting; fails where there is none.
unit_lines() {
  found=
  for folder in etc/systemd/system run/systemd/system usr/local/lib/systemd/system \
    usr/lib/systemd/system lib/systemd/system; do
    file=$root/$folder/$1
    if [ -z "$found" ] && [ -f "$file" ]; then
      found=$file
    fi
  done
  [ -n "$found" ] || return 1
  cat "$found" "$root/usr/lib/systemd/system/$1.d"/*.conf "$root/etc/systemd/system/$1.d"/*.conf \
    2>/dev/null | sed -e ':a' -e '/\\$/{N;s/\\\n/ /;ba' -e '}'
}

unit_value() { # UNIT NAME: the last value
  unit_lines "$1" | sed -n "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*//p" | sed '/^$/d' | tail -n 1
}

# The units of hbbs's packages, of RustDesk's script and of others that are in use.
find_hbbs() {
  hbbs_unit=
  hbbr_unit=
  for pair in rustdesk-hbbs:rustdesk-hbbr rustdesksignal:rustdeskrelay RustDeskHbbs:RustDeskHbbr \
    hbbs:hbbr; do
    if unit_lines "${pair%:*}.service" >/dev/null; then
      hbbs_unit=${pair%:*}.service
      unit_lines "${pair#*:}.service" >/dev/null && hbbr_unit=${pair#*:}.service
      break
    fi
  done
  if [ -z "$hbbs_folder" ] && [ -n "$hbbs_unit" ]; then
    hbbs_folder=$(unit_value "$hbbs_unit" WorkingDirectory)
    hbbs_folder=${hbbs_folder#-}
  fi
  hbbs_folder=${hbbs_folder%/}
  [ -n "$hbbs_folder" ] && [ -d "$root$hbbs_folder" ] &&
    { [ -f "$root$hbbs_folder/id_ed25519" ] || [ -f "$root$hbbs_folder/db_v2.sqlite3" ]; }
}

is_empty() { [ ! -e "$data/id_ed25519" ] && [ ! -e "$data/db_v2.sqlite3" ]; }

setting() { # NAME VALUE: a line of the INI file
  case $1 in
    key | KEY) say "  $1, as it was" ;;
    *) say "  $1 = $2" ;;
  esac
  say "$1 = $2" >>"$etc/rallypoint.ini"
}

# The flags of hbbs's and hbbr's units, which win over .env as they did.
take_flags() {
  who=$1
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --*=*) flag=${1%%=*} && value=${1#*=} ;;
      -[a-zA-Z]?*) value=${1#-?} && flag=${1%"$value"} ;;
      -*)
        flag=$1
        value=${2:-}
        [ $# -eq 1 ] || shift
        ;;
      *) shift && continue ;;
    esac
    shift
    case $who$flag in
      hbbs-k | hbbs--key) setting key "$value" ;;
      hbbs-r | hbbs--relay-servers) setting relay-servers "$value" ;;
      hbbs-p | hbbs--port)
        setting port "$value"
        relay_port=21117 # hbbr does not follow this flag
        ;;
      hbbs-b | hbbs--bind) setting bind "$value" ;;
      hbbs-M | hbbs--rmem) setting rmem "$value" ;;
      hbbs--mask) setting mask "$value" ;;
      hbbr-p | hbbr--port) relay_port=$value ;;
      hbbr-k | hbbr--key) ;; # the relay asks for the ID server's key
      *) say "  $who $flag $value: not taken over; look it up in docs/configuration.md" ;;
    esac
  done
}

# Environment= of a unit: below .env, as it was.
take_environment() {
  unit_lines "$1" | sed -n 's/^[[:space:]]*Environment[[:space:]]*=[[:space:]]*//p' | tr ' ' '\n' |
    tr -d "\"'" | while IFS='=' read -r name value; do
    case $name in
      KEY | PORT | BIND | RELAY[-_]SERVERS | RMEM | ALWAYS[-_]USE[-_]RELAY | MASK | LOCAL[-_]IP | \
        SINGLE[-_]BANDWIDTH | TOTAL[-_]BANDWIDTH | LIMIT[-_]SPEED | DOWNGRADE[-_]THRESHOLD | \
        DOWNGRADE[-_]START[-_]CHECK)
        grep -qi "^${name}[[:space:]]*[=:]" "$data/.env" 2>/dev/null || setting "$name" "$value"
        ;;
    esac
  done
}

from_hbbs() {
  is_empty || die "$data has a key pair or ids already: move that folder away first"
  say "Moving hbbs over from $hbbs_folder:"
  for unit in $hbbs_unit $hbbr_unit; do
    ctl disable --now "$unit"
    say "  stopped and disabled $unit"
  done
  if [ -z "$root" ] && has pgrep && pgrep -x hbbs >/dev/null; then
    die "hbbs still runs: stop it, then 'install.sh from-hbbs --hbbs $hbbs_folder'"
  fi
  mkdir -p "$data" "$etc"
  for file in id_ed25519 id_ed25519.pub db_v2.sqlite3 db_v2.sqlite3-wal .env blacklist.txt \
    blocklist.txt; do
    if [ -f "$root$hbbs_folder/$file" ]; then
      cp -p "$root$hbbs_folder/$file" "$data/$file"
      own 600 "$data/$file"
      say "  copied $file"
    fi
  done
  printf '\n# What the units of hbbs and hbbr said.\n' >>"$etc/rallypoint.ini"
  relay_port=
  for unit in $hbbs_unit $hbbr_unit; do
    words=$(unit_value "$unit" ExecStart)
    case $unit in "$hbbs_unit") who=hbbs ;; *) who=hbbr ;; esac
    set -f
    # shellcheck disable=SC2086
    take_flags "$who" ${words#* }
    set +f
    [ "$who" = hbbr ] || take_environment "$unit"
  done
  [ -z "$relay_port" ] || setting relay-port "$relay_port"
  printf 'folder=%s\nhbbs=%s\nhbbr=%s\n' "$hbbs_folder" "$hbbs_unit" "$hbbr_unit" >"$moved"
  own 700 "$data"
  say "  $hbbs_folder is as it was. The way back: install.sh back-to-hbbs"
}

back_to_hbbs() {
  [ -f "$moved" ] || die "$moved is not there: hbbs was not moved by this script"
  hbbs_folder=$(sed -n 's/^folder=//p' "$moved")
  old=$root$hbbs_folder
  [ -d "$old" ] || die "the folder of hbbs is gone: $hbbs_folder"
  ctl disable --now rallypoint.service
  say "Stopped and disabled rallypoint.service."
  now=$(date +%Y%m%d-%H%M%S)
  for file in db_v2.sqlite3 db_v2.sqlite3-wal db_v2.sqlite3-shm; do
    [ ! -f "$old/$file" ] || mv "$old/$file" "$old/$file.$now"
  done
  for file in id_ed25519 id_ed25519.pub db_v2.sqlite3 db_v2.sqlite3-wal blacklist.txt \
    blocklist.txt; do
    # The node may have made a link there, to what only root may read.
    if [ -f "$data/$file" ] && [ ! -L "$data/$file" ]; then
      cp -p "$data/$file" "$old/$file"
      [ -n "$root" ] || chown --reference="$old" "$old/$file"
    fi
  done
  say "Copied keys, ids and lists to $hbbs_folder; the database from before ends in .$now."
  for unit in "$(sed -n 's/^hbbs=//p' "$moved")" "$(sed -n 's/^hbbr=//p' "$moved")"; do
    if [ -n "$unit" ]; then
      ctl enable --now "$unit"
      say "Enabled and started $unit."
    fi
  done
  rm -f "$moved"
  mv "$data" "$data.$now"
  say "What Rallypoint had is in $data.$now."
}

# --- install ---------------------------------------------------------------------------------------

fetch() { # URL FILE
  if has curl; then
    curl -fsSL --proto '=https' -o "$2" "$1"
  elif has wget; then
    wget -q -O "$2" "$1"
  else
    die "neither curl nor wget is installed: download $1 and name the file"
  fi
}

unpack() { # puts the archive into $opt.new
  rm -rf "$opt.new"
  mkdir -p "$opt.new"
  if [ -z "$archive" ]; then
    archive=$(cd "$(dirname "$0")" && pwd)
  fi
  if [ -d "$archive" ]; then
    [ -x "$archive/bin/rallypoint" ] || die "$archive is no unpacked archive: name one"
    cp -a "$archive/." "$opt.new/"
    return
  fi
  sums=$(dirname "$archive")/SHA256SUMS
  name=$(basename "$archive")
  case $archive in
    https://*)
      temporary=$(mktemp -d)
      trap 'rm -rf "$temporary"' EXIT
      say "Loading $archive"
      fetch "$archive" "$temporary/$name" || die "cannot load $archive"
      [ -n "$sha256" ] || fetch "${archive%/*}/SHA256SUMS" "$temporary/SHA256SUMS" ||
        die "no SHA256SUMS beside the archive: give its checksum with --sha256"
      archive=$temporary/$name
      sums=$temporary/SHA256SUMS
      ;;
    *://*) die "$archive: only https:// addresses are loaded" ;;
  esac
  [ -f "$archive" ] || die "$archive: no such file"
  if [ -z "$sha256" ] && [ -f "$sums" ]; then
    sha256=$(sed -n "s/^\([0-9a-f]\{64\}\)[ *]*$name\$/\1/p" "$sums")
    [ -n "$sha256" ] || die "$sums does not name $name"
  fi
  if [ -n "$sha256" ]; then
    printf '%s  %s\n' "$sha256" "$archive" | sha256sum -c - >/dev/null 2>&1 ||
      die "$name is not the file that was published: its checksum is another"
  fi
  tar -xzf "$archive" --no-same-owner -C "$opt.new" --strip-components=1 || die "cannot unpack $archive"
}

start_and_tell() {
  ctl daemon-reload
  ctl enable rallypoint.service
  if [ -n "$root" ]; then return; fi
  systemctl restart rallypoint.service
  # The log has what a person waits for, the key included.
  for _ in $(seq 90); do
    if systemctl is-active --quiet rallypoint.service && [ -f "$data/id_ed25519.pub" ] &&
      "$1/bin/healthcheck" -c "$etc/rallypoint.ini" >/dev/null 2>&1; then
      say "Rallypoint runs. Paste into each client, under Settings > Network > ID/Relay server:"
      say "  ID server: the name or address of this machine ($(hostname))"
      say "  Key:       $(cat "$data/id_ed25519.pub")"
      tell_firewall
      return
    fi
    sleep 1
  done
  journalctl -u rallypoint.service -n 15 --no-pager >&2 || true
  die "not ready after 90 s; see 'journalctl -u rallypoint'. The version before: install.sh previous"
}

tell_firewall() {
  if has ufw && ufw status 2>/dev/null | grep -q '^Status: active'; then
    say "Open its ports:  ufw allow 21114:21119/tcp && ufw allow 21116/udp"
  elif has firewall-cmd && firewall-cmd --state >/dev/null 2>&1; then
    say "Open its ports:  firewall-cmd --permanent --add-port=21114-21119/tcp --add-port=21116/udp &&"
    say "                 firewall-cmd --reload"
  else
    say "Open 21114-21119/tcp and 21116/udp where a firewall or a router is in front."
  fi
}

install() {
  packaged && die "the package rallypoint is installed: use apt or dnf"
  unpack
  # Java and the machine fit, or nothing changes.
  version=$("$opt.new/bin/rallypoint" --version) || die "it does not run on this machine"
  make_user
  mkdir -p "$etc" "$units" "$(dirname "$command")"
  sed "s|/usr/bin/rallypoint|/opt/rallypoint/bin/rallypoint|" \
    "$opt.new/conf/rallypoint.service" >"$units/rallypoint.service"
  if [ ! -f "$etc/rallypoint.ini" ]; then
    cp "$opt.new/conf/rallypoint.ini" "$etc/rallypoint.ini"
    [ -n "$root" ] || chown root:rallypoint "$etc/rallypoint.ini"
    chmod 640 "$etc/rallypoint.ini"
  fi
  if [ -d "$opt" ]; then
    tell_of_stop
    [ -n "$root" ] || systemctl stop rallypoint.service
    rm -rf "$opt.previous"
    mv "$opt" "$opt.previous"
  fi
  mv "$opt.new" "$opt"
  [ -n "$root" ] || chown -R root:root "$opt"
  ! has restorecon || [ -n "$root" ] || restorecon -R "$opt" "$units/rallypoint.service"
  ln -sf /opt/rallypoint/bin/rallypoint "$command"
  say "Installed $version in /opt/rallypoint; settings are in /etc/rallypoint, data in /var/lib/rallypoint."
  if [ -n "$with_hbbs" ] && is_empty && find_hbbs; then
    from_hbbs
  fi
  start_and_tell "$opt"
}

previous() {
  [ -d "$opt.previous" ] || die "there is no version before this one"
  tell_of_stop
  ctl stop rallypoint.service
  mv "$opt" "$opt.new"
  mv "$opt.previous" "$opt"
  mv "$opt.new" "$opt.previous"
  start_and_tell "$opt"
}

remove() {
  packaged && die "the package rallypoint is installed: use apt or dnf"
  tell_of_stop
  [ ! -f "$units/rallypoint.service" ] || ctl disable --now rallypoint.service
  rm -rf "$opt" "$opt.previous" "$opt.new" "$units/rallypoint.service"
  rm -f "$command"
  ctl daemon-reload
  if [ -z "$purge" ]; then
    say "Removed. Settings in /etc/rallypoint and data in /var/lib/rallypoint are left."
    return
  fi
  rm -rf "$data" "$etc" "$root/var/log/rallypoint"
  [ -n "$root" ] || userdel rallypoint 2>/dev/null || true
  say "Removed, with settings, data and the key pair."
}

if [ -z "$root" ]; then
  [ "$(id -u)" -eq 0 ] || die "must run as root: sudo sh $0"
  [ -d /run/systemd/system ] || die "systemd does not run here: see docs/install.md, 'The archive'"
fi
case $work in
  from-hbbs)
    find_hbbs || die "no hbbs found: name its folder with --hbbs"
    make_user
    from_hbbs
    if packaged; then home=/usr/lib/rallypoint; else home=$opt; fi
    start_and_tell "$home"
    ;;
  back-to-hbbs) back_to_hbbs ;;
  *) "$work" ;;
esac
