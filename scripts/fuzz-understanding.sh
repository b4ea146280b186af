#!/usr/bin/env bash
# Fuzzes the normaliser, the safety floor, the intent model and the readers of values with libFuzzer.
#
#     scripts/fuzz-understanding.sh [SECONDS]      (60)
#
# What it finds is left in .build/fuzz/; the words of times and doses are its dictionary.
set -euo pipefail
cd "$(dirname "$0")/.."
out=.build/fuzz
mkdir -p "$out/corpus" "$out/CRE2"
printf 'module CRE2 { header "%s/Sources/CRE2/include/cre2.h" export * }\n' "$PWD" >"$out/CRE2/module.modulemap"
clang++ -std=c++20 -O2 -c Sources/CRE2/cre2.cpp -I Sources/CRE2/include -o "$out/cre2.o"
mapfile -t sources < <(find Sources/Intents Tests/Fuzz -name '*.swift' | sort)
swiftc -O -parse-as-library -sanitize=fuzzer -swift-version 6 -module-name IntentsFuzz \
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault \
    -enable-upcoming-feature MemberImportVisibility -I "$out/CRE2" "${sources[@]}" "$out/cre2.o" -lre2 -lstdc++ -lm \
    -o "$out/understanding"
printf '"%s"\n' monday "next week" "half past" "3pm" "from " " to " "ago" "500mg" "twice daily" "every " "+44" "@a.b" \
    "first of" "hundred" "chest pain" "not " >"$out/dictionary"
SWIFT_BACKTRACE=enable=no "$out/understanding" -max_total_time="${1:-60}" -max_len=4096 -timeout=5 \
    -dict="$out/dictionary" -artifact_prefix="$out/" "$out/corpus"
