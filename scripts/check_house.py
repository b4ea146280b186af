"""The measures of this house that no compiler checks: sizes, forced operations, documentation, headers.

Prints one line per finding and ends with 1 when there are any. Fixtures and generated files are exempt.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CEILING = {"Sources": 500, "Tests": 800, "Benchmarks": 500}
LICENCE = "SPDX-License-Identifier: Apache-2.0"
FORCED = re.compile(r"\btry!|\bas!|\bfatalError\(")
# Top-level ones only: a member that fulfils a protocol has its documentation there.
DECLARATION = re.compile(
    r"(public|package) (?:(?:static|final|indirect|mutating|nonisolated) )*"
    r"(func|struct|class|actor|enum|protocol|var|let|init|typealias|subscript)\b"
)
DOCUMENTED = re.compile(r"\s*(///|@|\*/|#)")
BARE_TODO = re.compile(r"\b(TODO|FIXME)\b(?!\(#\d+\))")
# What no compiler checks is listed, with its reason, in this decision.
VOUCHED = re.compile(r"@unchecked Sendable|nonisolated\(unsafe\)|unowned\(unsafe\)")
VOUCHED_LIST = ROOT / "docs/adr/0010-unchecked-sendable.md"
VAGUE = {"Utils", "Helpers", "Common", "Misc", "Manager"}


def findings_in(path, name):
    lines = path.read_text(encoding="utf-8").split("\n")
    if "generated" in lines[0].lower():
        return
    top = name.parts[0]
    if len(lines) - 1 > CEILING[top]:
        yield f"{name}: {len(lines) - 1} lines; the ceiling is {CEILING[top]}"
    if LICENCE not in lines[0]:
        yield f"{name}:1: the first line must be '// {LICENCE}'"
    if VAGUE & set(name.parts):
        yield f"{name}: a folder name that says nothing"
    if top == "Sources" and any(VOUCHED.search(line.split("//")[0]) for line in lines):
        if f"`{name.relative_to(top)}`" not in VOUCHED_LIST.read_text(encoding="utf-8"):
            yield f"{name}: vouches for thread safety, but {VOUCHED_LIST.relative_to(ROOT)} does not list it"
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        if BARE_TODO.search(line):
            yield f"{name}:{number}: a note to do later names its issue: TODO(#12)"
        if top != "Sources" or path.suffix != ".swift":
            continue
        if FORCED.search(code):
            yield f"{name}:{number}: a forced operation ({FORCED.search(code).group()})"
        if DECLARATION.match(line) and not DOCUMENTED.match(lines[number - 2]) and "override" not in line:
            yield f"{name}:{number}: a {DECLARATION.match(line).group(1)} declaration without a doc comment"


def main():
    found, files = [], 0
    for top in CEILING:
        for path in sorted((ROOT / top).rglob("*")):
            name = path.relative_to(ROOT)
            if path.suffix in {".swift", ".cpp", ".hpp", ".h"} and "Fixtures" not in name.parts:
                files += 1
                found.extend(findings_in(path, name))
    print("\n".join(found) if found else f"{files} files within the measures")
    return 1 if found else 0


sys.exit(main())
