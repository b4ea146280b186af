# SPDX-License-Identifier: Apache-2.0
"""Schemathesis reads /openapi.json of a running server and asks everything it describes, for so many seconds.

openapi.py [SERVER [SECONDS]]: ends with 1 on an answer of 500 or more; but 501 is what an unknown method gets (RFC 9110 9.1).
It has an environment of its own, .venv-openapi.
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
CHECK = """import schemathesis

@schemathesis.check
def no_server_error(context, response, case):
    assert response.status_code < 500 or response.status_code == 501, f"server error {response.status_code}"
"""


def main(binary, seconds):
    if not (TOOLS / "schemathesis").exists():
        subprocess.run([sys.executable, "-m", "venv", TOOLS.parent], check=True)
        subprocess.run([TOOLS / "pip", "install", "--quiet", "--disable-pip-version-check", VERSION], check=True)
    server = Server(binary)
    (server.folder / "own_check.py").write_text(CHECK)
    # One who may do all of it; closing their own account is part of what is asked.
    token = server.token("ADMIN", "admin_1")
    ended = subprocess.run(
        [TOOLS / "schemathesis", "run", f"{server.url}/openapi.json", "--header", f"Authorization: Bearer {token}",
         "--checks", "no_server_error", "--max-time", seconds, "--workers", "2", "--request-timeout", "20",
         "--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure"], cwd=server.folder,
        env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1", SCHEMATHESIS_HOOKS="own_check", PYTHONPATH=str(server.folder))).returncode
    assert server.process.poll() is None, "the server has ended"
    _, code = server.stop()
    return ended or code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/release/orchestratord",
                  sys.argv[2] if len(sys.argv) > 2 else "600"))
