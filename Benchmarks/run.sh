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
[ -x .venv-bench/bin/uvicorn ] || { python3 -m venv .venv-bench && .venv-bench/bin/pip install --quiet --disable-pip-version-check -r Benchmarks/peers/requirements.txt; }
[ $# != 0 ] || .venv/bin/python Benchmarks/edge.py
exec python3 Benchmarks/run.py "$@"
