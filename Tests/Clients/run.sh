#!/usr/bin/env bash
# Drives the built server with real clients: run.sh [SCRIPT...]. Without scripts, all of them.
# Each script gets the base address; ORCHESTRATORD, BOTS and DEMO_URL are in its environment. The server runs on free
# ports on a copy of bots/ with data of its own, and is stopped by its process id.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"
export SWIFT_BACKTRACE=enable=no
export ORCHESTRATORD=${ORCHESTRATORD:-$root/.build/release/orchestratord}
python=${PYTHON:-$root/.venv/bin/python}
[ -x "$ORCHESTRATORD" ] || { echo "no server at $ORCHESTRATORD: run make build" >&2; exit 2; }
[ -x "$python" ] || { scripts/python-env.sh; }

work=$(mktemp -d)
pid=
stop() {
    if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then kill -TERM "$pid"; wait "$pid" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap stop EXIT

cp -r bots "$work/bots"
export BOTS=$work/bots
secret() { head -c 32 /dev/urandom | base64 -w0; }
JWT_SECRET_KEY=$(secret)
export JWT_SECRET_KEY
printf 'JWT_SECRET=%s\nJWT_SECRET_KEY=%s\n' "$(secret)" "$JWT_SECRET_KEY" >"$work/.env"

free_ports() {
    "$python" -c 'import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(7)]
print(*(one.getsockname()[1] for one in held))'
}
read -r PORT CLINIC_API_PORT CLINIC_PORT STREAMING_CHAT_PORT LIVE_CHAT_AI_PORT WIDGET_PORT LIVE_CHAT_PORT < <(free_ports)
export PORT CLINIC_API_PORT CLINIC_PORT STREAMING_CHAT_PORT LIVE_CHAT_AI_PORT WIDGET_PORT LIVE_CHAT_PORT
export CLINIC_URL=http://127.0.0.1:$CLINIC_API_PORT
export CLINIC_CHAT_URL=http://127.0.0.1:$CLINIC_PORT
base=http://127.0.0.1:$PORT

"$ORCHESTRATORD" serve --bots "$BOTS" >"$work/out.log" 2>"$work/err.log" &
pid=$!
for _ in $(seq 100); do
    curl -fsS "$base/ready" >/dev/null 2>&1 && break
    kill -0 "$pid" 2>/dev/null || { echo "the server did not start:" >&2; cat "$work/out.log" "$work/err.log" >&2; exit 1; }
    sleep 0.1
done
DEMO_URL=$(grep -oE 'http://[^ ]+/#k=[A-Za-z0-9_-]+' "$work/out.log" | head -n 1)
export DEMO_URL

scripts=("$@")
[ ${#scripts[@]} -gt 0 ] || scripts=(rest.py sockets.py page.py staff.py clinic.py streaming_chat.py live_chat.py across_channels.py edit_while_talking.py kill_and_resume.py
    openai_client.py vendor_shapes.py litellm_upstream.py http_faults.py websocket_faults.py input_faults.py socketio_faults.py tls_faults.py
    resource_faults.py config_faults.py access_faults.py provider_faults.py widget.py presets.py)
failed=0
for script in "${scripts[@]}"; do
    # Some break files on purpose or count what waits, so they have a server of their own.
    target=$base
    case $script in streaming_chat.py | live_chat.py | across_channels.py | staff.py | widget.py | presets.py | litellm_upstream.py | edit_while_talking.py | kill_and_resume.py | *_faults.py) target=$ORCHESTRATORD ;; esac
    if "$python" "$here/$script" "$target"; then echo "ok      $script"; else echo "FAILED  $script"; failed=$((failed + 1)); fi
done
kill -0 "$pid" 2>/dev/null || { echo "FAILED  the server has ended"; failed=$((failed + 1)); }
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
pid=
[ "$code" = 0 ] || { echo "FAILED  the server stopped with exit code $code"; failed=$((failed + 1)); }
[ "$failed" = 0 ] || { tail -n 20 "$work/err.log" >&2; }
echo "$((${#scripts[@]} - failed)) of ${#scripts[@]} client scripts passed"
[ "$failed" = 0 ]
