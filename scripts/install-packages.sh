#!/usr/bin/env bash
# Installs what is missing of the given groups of scripts/packages.txt: install-packages.sh GROUP...
# Says and does nothing when nothing is missing. The package lists are refreshed only when they lack a name.
set -euo pipefail
list="$(dirname "$0")/packages.txt"

wanted=()
for group in "$@"; do
    while read -r name; do wanted+=("$name"); done < <(awk -v g="$group" 'index("," $1 ",", "," g ",") { print $2 }' "$list")
done
missing=()
for name in "${wanted[@]}"; do
    dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "These Debian 12 packages (or their like on this system) are needed: ${missing[*]}" >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo)
    else
        printf 'Missing packages, and only root may install them. Run this, then try again:\n\n' >&2
        printf '    sudo apt-get update && sudo apt-get install -y --no-install-recommends %s\n\n' "${missing[*]}" >&2
        exit 1
    fi
fi

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }
install() { apt install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1; }

echo "==> installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! apt-cache show "${missing[@]}" >/dev/null 2>&1 || ! install; then
    apt update
    install || { cat "$log" >&2; exit 1; }
fi
