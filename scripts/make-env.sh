#!/usr/bin/env bash
# Writes .env from .env.example with fresh secrets, readable by its owner alone. An existing .env is left as it is.
# A variable that is empty in the example and whose name ends in SECRET, SECRET_KEY or PASSWORD gets 32 random bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -e .env ]; then exit 0; fi

umask 077
draft=$(mktemp .env.XXXXXX)
trap 'rm -f "$draft"' EXIT
while IFS= read -r line || [ -n "$line" ]; do
    case ${line%%=*} in
        *SECRET | *SECRET_KEY | *PASSWORD)
            if [[ $line == *= ]]; then line+=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'); fi
            ;;
    esac
    printf '%s\n' "$line"
done <.env.example >"$draft"
# A link instead of a move: of two runs at once, the first one's secrets stay.
if ln "$draft" .env 2>/dev/null; then echo "==> wrote .env with fresh secrets"; fi
