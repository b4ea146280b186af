#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# All measurements, each against a baseline of the same run. Fails when a target is missed.
set -uo pipefail
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no
failed=0
for script in transport server; do
    echo "==> $script"
    python3 "Benchmarks/$script.py" || failed=1
done
echo "==> pipeline"
swift build -c release --product turn-bench && .build/release/turn-bench || failed=1
exit "$failed"
