#!/usr/bin/env python3
"""Reproduces the figures of docs/understanding.md with the commands anybody has: evaluate and parse.

    Benchmarks/Understanding/figures.py DATA [--only intents|times|doses|speed ...]

DATA holds the public sets as lines of JSON (docs/understanding.md names them and where they come from); nothing of them is
part of this repository. Sets without a validation part are split 85:15 by a fixed seed. Draws of few examples are seeded
too, so the figures are the same each time.
"""

import argparse
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests/Fixtures/understanding"
# Names of one unit that the reader says otherwise.
UNITS = {"iu": "unit"}

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("data", type=pathlib.Path, metavar="DATA")
parser.add_argument("--program", default=str(ROOT / ".build/release/orchestratord"))
parser.add_argument("--words", help="a table made by scripts/build-words.py: few examples are also measured with it")
parser.add_argument("--only", nargs="+", choices=["intents", "times", "doses", "speed"])
parser.add_argument("--misses", action="store_true", help="print the doses that were read wrongly")
options = parser.parse_args()


def lines(name):
    """The lines of a file; names of intents as the language spells them."""
    rows = [json.loads(line) for line in (options.data / name).read_text(encoding="utf-8").splitlines()]
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
    done = subprocess.run([options.program, *arguments], input=stdin, capture_output=True, text=True, encoding="utf-8")
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


def intents():
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
        for words in [None, options.words] if options.words else [None]:
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
        arguments = bare(folder, "{ datetime: { prefer: future } }")
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


def bare(folder, entity):
    """An assistant that knows one entity and nothing else."""
    bots = pathlib.Path(folder) / "bots"
    bots.mkdir()
    (bots / "t.yaml").write_text(
        "kind: assistant\nversion: 1\nid: t\nroles: [anonymous]\n"
        f"entities:\n  value: {entity}\nintents:\n  a:\n    examples: [book]\n"
    )
    return ["parse", "--bots", str(bots), "--assistant", "t"]


def same(value, label, names):
    """Whether these numbers were read as they are labelled; null is nothing."""
    return all(
        value.get(name) is None if label[name] is None else abs((value.get(name) or 0) - label[name]) < 0.001
        for name in names
    )


def doses():
    """Doses as written by somebody who had not seen the reader: the first of each line."""
    for path in sorted((FIXTURES / "doses").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        with tempfile.TemporaryDirectory() as folder:
            out = run(bare(folder, "{ dosage: true }"), "".join(row["text"] + "\n" for row in rows))
        right = {"dose and unit": [], "frequency": [], "duration": [], "as needed": []}
        for row, line in zip(rows, out.splitlines()):
            found = json.loads(line)["entities"]
            value = found[0]["value"] if found else {}
            unit = UNITS.get(row["unit"], row["unit"])
            verdict = {
                "dose and unit": same(value, row, ["dose", "dose_max"]) and value.get("unit") == unit,
                "frequency": same(value, row, ["times_per_day", "every_hours"]),
                "duration": same(value, row, ["days"]),
                "as needed": bool(value.get("as_needed")) == row["as_needed"],
            }
            for name, is_right in verdict.items():
                right[name].append(is_right)
                if options.misses and not is_right:
                    print(f"    {name}: {row['text']}  {json.dumps(value)}")
        shares = ", ".join(f"{name} {percent(sum(each) / len(each))}" for name, each in right.items())
        print(f"doses, {path.stem} ({len(rows)}): {shares}")


def speed():
    """Safety, intent and values of the shipped patients' assistant."""
    routine = [row["text"] for row in lines("clinc150/val.jsonl")]
    alarms = (FIXTURES / "safety/unseen/emergencies.txt").read_text(encoding="utf-8").splitlines()
    alarms = [line for line in alarms if line and not line.startswith("# ")]
    shipped = ["--bots", str(ROOT / "bots"), "--assistant", "patient"]
    for name, texts in [("routine text", routine), ("emergencies", alarms)]:
        labelled = "".join(json.dumps({"text": text, "intent": None}) + "\n" for text in texts)
        timing = json.loads(run(["evaluate", *shipped, "--format", "json", "--timing"], labelled))["timing"]
        print(
            f"safety and intent, {name}: {timing['message_us_p50']:.1f} us, p99 {timing['message_us_p99']:.1f} us, "
            f"fitted in {timing['fit_ms']:.1f} ms"
        )
    begin = time.monotonic()
    run(["parse", *shipped], "\n".join(routine * 5) + "\n")
    print(f"parse: {len(routine) * 5 / (time.monotonic() - begin) * 60:.0f} lines a minute, the start of the command included")


for part in [intents, times, doses, speed]:
    if not options.only or part.__name__ in options.only:
        part()
