#!/usr/bin/env bash
# Keeps .venv in step with Tests/Clients/requirements.txt: made when missing, filled again when the list changes.
set -euo pipefail
cd "$(dirname "$0")/.."
list=Tests/Clients/requirements.txt
stamp=.venv/requirements.sha256
digest=$(sha256sum "$list" | cut -d' ' -f1)
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$digest" ]; then exit 0; fi

echo "==> Python packages for the client tests, into .venv"
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check -r "$list"
echo "$digest" >"$stamp"
