#!/usr/bin/env bash
# Random bytes under AddressSanitizer: run.sh [SECONDS [TARGET...]]; 600 seconds each of edge, yaml, json, token, safety and
# understanding if left out. What is found lies in .build/fuzz/TARGET/, with the inputs that led to new code in corpus/.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=${DETECT_LEAKS:-0}:abort_on_error=0
seconds=${1:-600}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(edge yaml json token safety understanding)
out=.build/fuzz
mkdir -p "$out"
# What makes modules of ours parts of one: they are imported by name otherwise.
ours='CBeast|Diagnostics|YAMLTree|WireProtocols'

gather() { # TARGET FOLDER-OR-FILE...: the sources of one module, without imports of our own modules
    local target=$1 file name
    shift
    rm -rf "$out/$target/sources"
    mkdir -p "$out/$target/sources" "$out/$target/corpus"
    while read -r file; do
        name=${file//\//_}
        sed -E "s/^(public |package |internal )?import ($ours)\$//" "$file" >"$out/$target/sources/$name"
    done < <(find "$@" -name '*.swift')
    cp "$here/$target.swift" "$out/$target/sources/fuzz.swift"
}

build_swift() { # TARGET FLAGS...
    local target=$1
    shift
    swiftc -O -use-ld=lld -sanitize=fuzzer,address -parse-as-library -module-name Fuzz -swift-version 6 -package-name orchestratord \
        -enable-upcoming-feature MemberImportVisibility "$@" "$out/$target"/sources/*.swift -o "$out/$target/fuzz"
}

build() { # TARGET
    case $1 in
        edge)
            mkdir -p "$out/edge/corpus"
            local compiler
            compiler=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang++
            [ -x "$compiler" ] || compiler=clang++
            "$compiler" -std=c++20 -O1 -g -fsanitize=fuzzer,address -ISources/CBeast/include -ISources/CBeast \
                Sources/CBeast/*.cpp "$here/edge.cpp" -fuse-ld=lld -lssl -lcrypto -lpthread -o "$out/edge/fuzz"
            ;;
        yaml)
            gather yaml Sources/Diagnostics Sources/YAMLTree
            build_swift yaml -I Sources/CYAML
            ;;
        json)
            gather json Sources/WireProtocols/JSON
            build_swift json
            ;;
        token)
            # shellcheck disable=SC2046
            gather token Sources/WireProtocols/JSON $(cat "$here/token.files")
            build_swift token -I Sources/COpenSSL
            ;;
        safety)
            local classifier=Sources/Intents/Classifier
            gather safety Sources/Intents/Normalise Sources/Intents/Safety \
                "$classifier"/{FeatureSpace,FeatureWeights,LinearTrainer}.swift
            build_swift safety
            ;;
        understanding)
            gather understanding Sources/Intents
            mkdir -p "$out/understanding/CRE2"
            printf 'module CRE2 { header "%s/Sources/CRE2/include/cre2.h" export * }\n' "$PWD" >"$out/understanding/CRE2/module.modulemap"
            clang++ -std=c++20 -O2 -c Sources/CRE2/cre2.cpp -I Sources/CRE2/include -o "$out/understanding/cre2.o"
            build_swift understanding -I "$out/understanding/CRE2" "$out/understanding/cre2.o" -lre2 -lstdc++ -lm
            ;;
        *) echo "no target '$1'; there are: edge, yaml, json, token, safety, understanding" >&2; exit 2 ;;
    esac
}

seed() { # TARGET: something to begin with
    case $1 in
        yaml)
            local file
            while read -r file; do cp "$file" "$out/yaml/corpus/${file//\//_}"; done < <(find bots -name '*.yaml' -size -8k)
            ;;
        json) printf '{"a":[1,2.5e3,true,null,"\\u00e9\\ud83d\\ude00"]}' >"$out/json/corpus/seed" ;;
        edge)
            printf '\0\200POST /a?b=c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n' >"$out/edge/corpus/http"
            printf '\4\200POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: x\r\n\r\n' >"$out/edge/corpus/upload"
            printf '\3\100\245hello\264ping' >"$out/edge/corpus/frames"
            printf '\11\100\301\207\0\0\0\0\362\110\315\311\311\7\0' >"$out/edge/corpus/deflate"
            ;;
        token) printf 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhIiwicm9sZSI6IlBBVElFTlQiLCJleHAiOjQxMDI0NDQ4MDB9.AAAA' >"$out/token/corpus/seed" ;;
        understanding)
            printf 'paracetamol 500mg twice daily for 7 days' >"$out/understanding/corpus/dose"
            printf 'from monday 3pm to half past 5 next week, or the first of june' >"$out/understanding/corpus/times"
            printf 'call Dr. Anna Berg on +44 20 7946 0958 or a@b.example, not chest pain' >"$out/understanding/corpus/contacts"
            ;;
        safety) cp Tests/Fixtures/understanding/safety/unseen/*.txt "$out/safety/corpus/" ;;
    esac
}

failed=0
for target in "${targets[@]}"; do
    echo "==> $target: building"
    build "$target"
    seed "$target"
    echo "==> $target: $seconds s"
    if nice -n 19 "$out/$target/fuzz" -max_total_time="$seconds" -timeout=120 -rss_limit_mb=1024 -max_len=8192 -print_final_stats=1 \
        -artifact_prefix="$out/$target/" "$out/$target/corpus" >"$out/$target/log" 2>&1; then
        echo "    $(grep -E 'stat::number_of_executed_units' "$out/$target/log" | tr -s ' '), nothing found"
    else
        failed=$((failed + 1))
        grep -E 'ERROR|SUMMARY|Fatal|fatal|Test unit written' "$out/$target/log" | head -n 5
        echo "    FOUND something: $out/$target/log"
    fi
done
[ "$failed" = 0 ]
