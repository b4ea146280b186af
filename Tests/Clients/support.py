"""What the client scripts share: tokens, and a check that says what it saw."""

import os
import subprocess
import sys


def base_url() -> str:
    return sys.argv[1].rstrip("/")


def token(role: str, user: str) -> str:
    command = [os.environ["ORCHESTRATORD"], "token", "--bots", os.environ["BOTS"], "--role", role, "--user", user]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def expect(holds: bool, what: str, seen: object = None) -> None:
    if not holds:
        raise SystemExit(f"expected: {what}\n    seen: {seen!r}")


def bearer(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


PATIENT_DIALOGUE = [
    ("I need to see a cardiologist next week", "cardiolog"),
    ("Dr. Smith", "free"),
    ("the first one", "Shall I book"),
    ("yes please", "✅"),
]
