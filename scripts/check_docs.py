"""Checks that the documentation speaks of what there is: linked files, and paths named in backticks, must exist.

Prints one line per finding and ends with 1 when there are any.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`[^`]*`")
# A path in backticks: into a folder of the project, whole and without a placeholder.
NAMED = re.compile(r"`((?:Sources|Tests|Benchmarks|bots|schemas|scripts|docs)/[\w./+-]*)`")
# What an author or the server may add to a tree.
OPTIONAL = {"bots/presets/", "bots/overlays/"}


def findings_in(document):
    text = document.read_text(encoding="utf-8")
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        fenced ^= line.startswith("```")
        if fenced:
            continue
        place = f"{document.relative_to(ROOT)}:{number}"
        for target in LINK.findall(CODE.sub("", line)):
            if not (document.parent / target).exists():
                yield f"{place}: the link to {target} leads nowhere"
        for path in NAMED.findall(line):
            if path not in OPTIONAL and not (ROOT / path).exists():
                yield f"{place}: there is no {path}"


def main():
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = [finding for document in documents if document.exists() for finding in findings_in(document)]
    print("\n".join(found) if found else f"{len(documents)} documents name only what there is")
    return 1 if found else 0


sys.exit(main())
