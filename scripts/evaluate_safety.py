#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the safety floor of an assistant on labelled lines, through `orchestratord parse`.

    scripts/evaluate_safety.py [--set unseen|validation] [--typing-errors] [--misses] [--routine FILE ...]

Recall is counted over `emergencies.txt` (an alarm of either level, and of level `emergency`), false alarms over
`benign.txt`, both under Tests/Fixtures/understanding/safety/SET/. `--typing-errors` makes one slip in each line, at a
place and of a kind drawn from a fixed seed: a letter left out, added, replaced, or exchanged with its neighbour.
`--routine` counts alarms over further files, one text or one JSON object with `text` on each line.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINES = ROOT / "Tests/Fixtures/understanding/safety"
SEED = 7


def labelled(path):
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line and not line.startswith("# ")]


def free(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"] if line.startswith("{") else line
        if text.strip():
            yield text.replace("\n", " ")


def slip(text, chance):
    place, letter = chance.randrange(len(text)), chance.choice("abcdefghijklmnopqrstuvwxyz")
    kind = chance.randrange(4)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + letter + text[place:]
    if kind == 2:
        return text[:place] + letter + text[place + 1 :]
    return text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]


def findings(texts, options):
    command = [options.binary, "parse", "--assistant", options.assistant, "--bots", options.bots]
    out = subprocess.run(command, input="\n".join(texts) + "\n", capture_output=True, text=True, check=False)
    if out.returncode:
        sys.exit(out.stderr)
    found = [json.loads(line)["safety"] for line in out.stdout.splitlines()]
    if len(found) != len(texts):
        sys.exit(f"{len(texts)} lines in, {len(found)} lines out")
    return found


def report(name, texts, options, wanted):
    found = findings(texts, options)
    alarms = sum(finding is not None for finding in found)
    hard = sum(finding is not None and finding["level"] == "emergency" for finding in found)
    share = f"{100 * alarms / len(texts):6.2f} % alarm, {100 * hard / len(texts):6.2f} % as emergency"
    print(f"{name:<24}{len(texts):>7} lines  {share}")
    if options.misses:
        for text, finding in zip(texts, found):
            if (finding is None) == wanted:
                print(f"    {'missed' if wanted else finding['family']}: {text}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="unseen", choices=["unseen", "validation"])
    parser.add_argument("--typing-errors", action="store_true")
    parser.add_argument("--misses", action="store_true", help="print what was missed and what alarmed wrongly")
    parser.add_argument("--routine", nargs="*", default=[], type=pathlib.Path)
    parser.add_argument("--assistant", default="patient")
    parser.add_argument("--bots", default=str(ROOT / "bots"))
    parser.add_argument("--binary", default=str(ROOT / ".build/release/orchestratord"))
    options = parser.parse_args()
    chance = random.Random(SEED)
    for name, wanted in [("emergencies", True), ("benign", False)]:
        texts = labelled(LINES / options.set / f"{name}.txt")
        if options.typing_errors:
            texts = [slip(text, chance) for text in texts]
        report(f"{options.set} {name}", texts, options, wanted)
    for path in options.routine:
        report(path.stem, list(free(path)), options, False)


if __name__ == "__main__":
    main()
