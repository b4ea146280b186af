#!/usr/bin/env python3
"""Reproduces the figures of docs/understanding.md with the commands anybody has: evaluate and parse.

    Benchmarks/Understanding/figures.py DATA [PROGRAM [WORDS]]

DATA holds the public sets as lines of JSON (docs/understanding.md names them and where they come from); nothing of them is part
of this repository. PROGRAM is the built orchestratord (.build/release/orchestratord), WORDS a table made by scripts/build-words.py. Sets without a validation part are split
85:15 by a fixed seed. Draws of few examples are seeded too, so the figures are the same each time.
"""

import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

DATA = pathlib.Path(sys.argv[1])
PROGRAM = sys.argv[2] if len(sys.argv) > 2 else ".build/release/orchestratord"
WORDS = sys.argv[3] if len(sys.argv) > 3 else None


def lines(name):
    """The lines of a file; names of intents as the language spells them."""
    rows = [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    for row in rows:
        if row.get("intent"):
            row["intent"] = re.sub("[^a-z0-9]+", "_", row["intent"].lower()).strip("_")
    return rows


def split(rows, seed):
    rows = rows[:]
    random.Random(seed).shuffle(rows)
    cut = len(rows) * 85 // 100
    return rows[:cut], rows[cut:]


def few(rows, count, seed):
    rows = rows[:]
    random.Random(seed).shuffle(rows)
    taken = {}
    kept = []
    for row in rows:
        taken[row["intent"]] = taken.get(row["intent"], 0) + 1
        if taken[row["intent"]] <= count:
            kept.append(row)
    return kept


def tree(folder, rows):
    """Writes one assistant with these examples: all that the commands need."""
    intents = {}
    for row in rows:
        intents.setdefault(row["intent"], []).append(row["text"])
    text = ["kind: assistant", "version: 1", "id: measured", "roles: [anonymous]", "intents:"]
    for intent in sorted(intents):
        text += [f"  {json.dumps(intent)}:", "    examples:"]
        text += ["      - " + json.dumps(example, ensure_ascii=False) for example in intents[intent]]
    bots = pathlib.Path(folder) / "bots"
    bots.mkdir(exist_ok=True)
    (bots / "measured.yaml").write_text("\n".join(text) + "\n", encoding="utf-8")
    return str(bots)


def run(arguments, stdin):
    done = subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
    return done.stdout


def evaluate(train, test, words=None):
    with tempfile.TemporaryDirectory() as folder:
        bots = tree(folder, train)
        if words:
            (pathlib.Path(folder) / "data").mkdir()
            shutil.copy(words, pathlib.Path(folder) / "data" / "words.bin")
        labelled = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in test)
        arguments = ["evaluate", "--bots", bots, "--assistant", "measured", "--format", "json", "--timing"]
        return json.loads(run(arguments, labelled))


def percent(share):
    return "-" if share is None else f"{100 * share:.1f} %"


def whole():
    unknown = lines("clinc150/oos_train.jsonl") + lines("clinc150/oos_val.jsonl")
    sets = {
        "CLINC150": (lines("clinc150/train.jsonl"), lines("clinc150/val.jsonl") + unknown),
        "Banking77": split(lines("banking77/train.jsonl"), 1),
        "HWU64": split(lines("hwu64/train.jsonl"), 2),
    }
    for name, (train, test) in sets.items():
        report = evaluate(train, test)
        print(
            f"{name:10} best {percent(report['best_accuracy'])}  understood {percent(report['accuracy'])}  "
            f"refused out of scope {percent(report['out_of_scope_recall'])}  "
            f"scores off by {percent(report['calibration_error'])}  "
            f"fitted in {report['timing']['fit_ms']:.0f} ms  "
            f"a message {report['timing']['message_us_p50']:.1f} us, p99 {report['timing']['message_us_p99']:.1f} us"
        )
    for name, (train, test) in sets.items():
        test = [row for row in test if row["intent"] is not None]
        for words in [None, WORDS] if WORDS else [None]:
            shares = [evaluate(few(train, 10, draw), test, words)["best_accuracy"] for draw in range(5)]
            with_words = ", with a table of words" if words else ""
            print(f"{name:10} ten examples per intent, mean of five draws{with_words}: {percent(sum(shares) / 5)}")
    train = sets["CLINC150"][0]
    names = sorted({row["intent"] for row in train})[::5]
    small = few([row for row in train if row["intent"] in names], 20, 0)
    report = evaluate(small, [row for row in sets["CLINC150"][1] if row["intent"] in names])
    print(f"30 intents x 20 examples fitted in {report['timing']['fit_ms']:.1f} ms")


def times():
    """Time expressions: the first value found in each line against its reference."""
    rows = lines("duckling/time_en_dev.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        bots = pathlib.Path(folder) / "bots"
        bots.mkdir()
        (bots / "t.yaml").write_text(
            "kind: assistant\nversion: 1\nid: t\nroles: [anonymous]\n"
            "entities:\n  when: { datetime: { prefer: future } }\n"
            "intents:\n  a:\n    examples: [book]\n"
        )
        arguments = ["parse", "--bots", str(bots), "--assistant", "t"]
        arguments += ["--clock", "2013-02-12T04:30:00-02:00", "--timezone", "-02:00"]
        out = run(arguments, "".join(row["text"] + "\n" for row in rows))
    counts = {}
    for row, line in zip(rows, out.splitlines()):
        found = json.loads(line)["entities"]
        value = found[0]["value"] if found else {}
        right = not found if row["kind"] == "negative" else value.get("from", "")[:19] == row.get("start")
        if row.get("end"):
            right = right and value.get("to", "")[:19] == row["end"]
        total = counts.setdefault(row["kind"], [0, 0])
        total[0] += right
        total[1] += 1
    for kind, (right, total) in sorted(counts.items()):
        print(f"times, {kind:24} {right} of {total}  {percent(right / total)}")


whole()
times()
