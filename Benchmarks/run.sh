#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds for release and runs all measures: run.sh [options of run.py]. A few minutes; ends with 1 past a limit.
set -euo pipefail
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no PYTHONDONTWRITEBYTECODE=1
for product in orchestratord transport-bench turn-bench; do
    swift build -c release --product "$product" --explicit-target-dependency-import-check error
done
scripts/python-env.sh
environment() { # FOLDER LIST: packages that exclude those of .venv
    [ -x "$1/bin/python" ] && return
    python3 -m venv "$1" && "$1/bin/pip" install --quiet --disable-pip-version-check -r "$2"
}
environment .venv-bench Benchmarks/peers/requirements.txt
if [ $# = 0 ]; then
    environment .venv-litellm Tests/Clients/litellm.txt
    .venv/bin/python Benchmarks/edge.py
    .venv/bin/python Benchmarks/providers/run.py
fi
exec python3 Benchmarks/run.py "$@"
