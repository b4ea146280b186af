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
# The genuine Socket.IO browser client 4.8.1, which this wheel carries; none of what the package itself needs.
.venv/bin/pip download --quiet --disable-pip-version-check --no-deps --dest .venv/wheels nicegui==3.18.0
.venv/bin/python -c 'import zipfile, sys
sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("nicegui/static/socket.io.min.js"))' .venv/wheels/nicegui-3.18.0*.whl >.venv/socket.io.min.js
echo "$digest" >"$stamp"
