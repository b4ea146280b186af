# SPDX-License-Identifier: Apache-2.0
"""Schemathesis reads /openapi.json of a running server and asks everything it describes, for so many seconds.

openapi.py [SERVER [SECONDS]]: ends with 1 on an answer of 500 or more. It has an environment of its own, .venv-openapi.
"""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Clients"))

from product import Server

TOOLS = ROOT / ".venv-openapi/bin"
VERSION = "schemathesis==4.32.5"


def main(binary, seconds):
    if not (TOOLS / "schemathesis").exists():
        subprocess.run([sys.executable, "-m", "venv", TOOLS.parent], check=True)
        subprocess.run([TOOLS / "pip", "install", "--quiet", "--disable-pip-version-check", VERSION], check=True)
    server = Server(binary)
    # One who may do all of it; closing their own account is part of what is asked.
    token = server.token("ADMIN", "admin_1")
    ended = subprocess.run(
        [TOOLS / "schemathesis", "run", f"{server.url}/openapi.json", "--header", f"Authorization: Bearer {token}",
         "--checks", "not_a_server_error", "--max-time", seconds, "--workers", "2", "--request-timeout", "20",
         "--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure"], cwd=server.folder,
        env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1")).returncode
    assert server.process.poll() is None, "the server has ended"
    _, code = server.stop()
    return ended or code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/release/orchestratord",
                  sys.argv[2] if len(sys.argv) > 2 else "600"))
