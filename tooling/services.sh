#!/usr/bin/env bash
# Installs what the tests run against for real: Mosquitto, PostgreSQL and Chromium. Whatever stays missing fails the
# test run by name, so this script only says what it could not do.
set -uo pipefail
missing=()
command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] || missing+=(mosquitto)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    echo "Not root and no passwordless sudo: install by hand: ${missing[*]}" >&2
    exit 0
  fi
  as_root=(sudo -n)
fi
log=$(mktemp)
command -v apt-get >/dev/null || { echo "No apt-get here: install by hand: ${missing[*]}" >&2; exit 0; }
echo "Installing ${missing[*]}"
# No daemons from the packages: the tests start private instances of their own. The exit code 101 is
# what invoke-rc.d takes for "do not start".
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null && "${as_root[@]}" chmod +x $policy
  trap '"${as_root[@]}" rm -f $policy' EXIT
fi
{ "${as_root[@]}" apt-get update -qq &&
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
  >"$log" 2>&1 || { echo "Could not install ${missing[*]}:" >&2; tail -n 5 "$log" >&2; }
exit 0
