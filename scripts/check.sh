#!/usr/bin/env bash
# Everything `make test` does, one step after the other: check.sh [STEP...]. Without steps, all of them.
# A step that fails does not hide the ones after it, unless they need what it should have made.
set -uo pipefail
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no
flags=(--explicit-target-dependency-import-check error)
server=.build/release/orchestratord
logs=.build/check
mkdir -p "$logs"

all=(packages house lint build test release schema validate readme clients)
steps=("$@")
[ ${#steps[@]} -gt 0 ] || steps=("${all[@]}")

packages() { scripts/install-packages.sh build test && scripts/make-env.sh && scripts/python-env.sh; }
house() { python3 scripts/check_docs.py && python3 scripts/check_house.py; }
lint() { swift format lint --strict --parallel --recursive Sources Tests Benchmarks Package.swift && echo "no findings"; }
build() { swift build --build-tests "${flags[@]}"; }
# One at a time: beside suites that compute for most of a minute, tests that watch a clock would starve.
test() { swift test --skip-build --disable-xctest --no-parallel "${flags[@]}"; }
release() { swift build -c release --product orchestratord "${flags[@]}"; }
schema() { "$server" schema --check; }
readme() { python3 scripts/check_readme.py --server "$server"; }
clients() { Tests/Clients/run.sh; }
validate() {
    local tree failed=0 count=0
    # The examples are trees of their own, without an .env beside them.
    set -a; . ./.env; set +a
    for tree in bots bots/examples/*/; do
        echo "$tree"
        "$server" validate --bots "$tree" || failed=1
        count=$((count + 1))
    done
    [ "$failed" = 0 ] && echo "$count trees hold"
}

# What a step's log says for itself in the summary: the count of tests, or its last line.
outcome() { # STEP
    local line
    line=$(grep -hE 'Test run with [0-9]+ tests' "$logs/$1.log" | tail -n 1)
    [ -n "$line" ] || line=$(tail -n 1 "$logs/$1.log")
    printf '%s' "${line#[✔✘] }" | cut -c1-90
}

# What went wrong, to be read at the end of a long log.
failures() { # STEP
    grep -hE '^✘ Test .* recorded an issue|^FAILED|error:|Fatal error|unexpected signal' "$logs/$1.log" | cut -c1-400 | head -n 12
    local last
    last=$(grep -hE '^◇ Test .* started' "$logs/$1.log" | tail -n 1)
    grep -q 'Test run with' "$logs/$1.log" || [ -z "$last" ] || echo "ended in: $last"
}

details=() report=() failed=0 number=0 begun=$SECONDS
for step in "${steps[@]}"; do
    number=$((number + 1))
    case " ${all[*]} " in
        *" $step "*) ;;
        *) echo "no step '$step'; there are: ${all[*]}" >&2; exit 2 ;;
    esac
    echo "==> [$number/${#steps[@]}] $step"
    since=$SECONDS
    if "$step" 2>&1 | tee "$logs/$step.log"; then mark=ok; else mark=FAILED; failed=$((failed + 1)); fi
    took=$((SECONDS - since))
    echo "==> [$number/${#steps[@]}] $step: $mark, $took s"
    report+=("$(printf '%-7s %-9s %5d s  %s' "$mark" "$step" "$took" "$(outcome "$step")")")
    if [ "$mark" = FAILED ]; then
        details+=("$(failures "$step" | sed "s/^/    /")")
        case $step in packages | build | release) break ;; esac
    fi
done

echo
printf '%s\n' "${report[@]}"
[ "$failed" = 0 ] || printf '%s\n' "${details[@]}"
passed=$((number - failed))
[ "$number" = ${#steps[@]} ] || echo "stopped there: the steps after it need what it makes"
echo "$passed of ${#steps[@]} steps passed in $((SECONDS - begun)) s"
[ "$failed" = 0 ]
