"""Runs every command of README.md and compares what it promises with what comes.

A fenced `console` block is a transcript: `$ ` begins a command, the lines below it are the promised output, in which
`…` stands for any text and a line of `…` alone for any lines. A `yaml` block whose first line is `# path/to/file` is
written there first. The command that starts the server keeps running for the commands after it, which share one shell.
All of it happens in a copy of the shipped folders, on a free port, so that nothing of the checkout is touched.
"""

import argparse
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
COPIED = ["bots", "schemas", "scripts", "docs", "Makefile", ".env.example", "README.md"]
PORT = 8090
SERVER_STARTS = re.compile(r"^make run$|orchestratord serve\b(?!.*--check)")
READY_SECONDS = 30
COMMAND_SECONDS = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def blocks(text):
    """Yields (language, first line's number, lines) of each fenced block."""
    language, start, held = None, 0, []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.startswith("```"):
            held.append(line)
        elif language is None:
            language, start, held = line[3:].strip() or "text", number + 1, []
        else:
            yield language, start, held
            language = None


def transcript(start, lines):
    """Yields (line number, command, promised lines); a command may go on after a backslash."""
    command, promised, at = None, [], start
    for number, line in enumerate(lines, start):
        if command is not None and command.endswith("\\") and not promised:
            command += "\n" + line.removeprefix("> ")
        elif line.startswith("$ "):
            if command is not None:
                yield at, command, promised
            command, promised, at = line[2:], [], number
        elif command is not None:
            promised.append(line)
    if command is not None:
        yield at, command, promised


def matches(promised, text):
    """Whether the promised lines, with their `…`, stand in the text from its beginning to its end."""
    while promised and not promised[-1].strip():
        promised = promised[:-1]
    pattern = ""
    for line in promised:
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(part) for part in line.rstrip().split("…")) + r"[ \t]*\n"
    return re.fullmatch(pattern, text.rstrip("\n") + "\n" if text.strip() else "") is not None


class Shell:
    """One bash for all commands, so that a variable set by one is there for the next."""

    END = "--- end of command"

    def __init__(self, folder, environment):
        self.process = subprocess.Popen(
            ["bash"], cwd=folder, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)

    def run(self, command):
        """Gives what the command printed, and its exit code."""
        self.process.stdin.write(f"{{\n{command}\n}} </dev/null\nprintf '\\n{self.END} %s\\n' $?\n")
        self.process.stdin.flush()
        alarm = threading.Timer(COMMAND_SECONDS, self.process.kill)
        alarm.start()
        lines = []
        for line in self.process.stdout:
            if line.startswith(self.END):
                alarm.cancel()
                return "".join(lines)[:-1], int(line.split()[-1])
            lines.append(line)
        return "".join(lines) + "(the shell ended)\n", 1

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Walk:
    """One pass through the document, in a folder of its own."""

    def __init__(self, server, folder, port):
        self.folder, self.port, self.running, self.log = folder, port, None, folder / "server.log"
        self.environment = {
            **os.environ, "BUILT": str(folder / ".build/release/orchestratord"), "SWIFT_BACKTRACE": "enable=no",
            "LC_ALL": "C.UTF-8", "PORT": str(port), "HOST": "127.0.0.1",
            **{f"{name}_PORT": "0" for name in ("CLINIC_API", "CLINIC", "STREAMING_CHAT", "LIVE_CHAT_AI", "WIDGET", "LIVE_CHAT")},
        }
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name)
            elif source.exists():
                shutil.copy2(source, folder / name)
        for binary in [folder / ".build/release/orchestratord", folder / "bin/orchestratord"]:
            binary.parent.mkdir(parents=True)
            binary.symlink_to(server)
        self.environment["PATH"] = f"{folder / 'bin'}:{os.environ['PATH']}"
        subprocess.run(["scripts/make-env.sh"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        self.shell = Shell(folder, self.environment)

    def here(self, text):
        return re.sub(rf"\b{PORT}\b", str(self.port), text)

    def start(self, command, promised):
        """Starts the server and waits until it has printed what was promised."""
        with self.log.open("w") as log:
            self.running = subprocess.Popen(
                ["bash", "-c", command], cwd=self.folder, env=self.environment, stdout=log, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.running.poll() is None:
            if matches([*promised, "…"], self.log.read_text()):
                return None
            time.sleep(0.1)
        return self.log.read_text()

    def run(self, command, promised):
        """Runs one command; gives what it printed when that is not what was promised."""
        if SERVER_STARTS.search(command):
            return self.start(command, promised)
        printed, code = self.shell.run(command)
        if matches(promised, printed) and (promised or code == 0):
            return None
        return f"{printed}(exit code {code})"

    def stop(self):
        """Ends the server as a terminal would; gives a complaint when it does not end in time."""
        self.shell.stop()
        if self.running is None or self.running.poll() is not None:
            return None
        os.killpg(self.running.pid, signal.SIGINT)
        try:
            self.running.wait(12)
            return None
        except subprocess.TimeoutExpired:
            os.killpg(self.running.pid, signal.SIGKILL)
            return "the server did not stop within 12 s of an interrupt"


def walk(document, server, folder, port):
    """Yields (where, complaint or None) for each command."""
    walker = Walk(server, folder, port)
    try:
        for language, start, lines in blocks(document.read_text()):
            if language == "yaml" and re.fullmatch(r"# [\w./-]+\.yaml", lines[0]):
                target = folder / lines[0][2:]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text("\n".join(lines) + "\n")
            if language != "console":
                continue
            for number, command, promised in transcript(start, lines):
                promised = [walker.here(line) for line in promised]
                came = walker.run(walker.here(command), promised)
                expected = "\n".join(promised)
                yield f"{document.name}:{number}: $ {command}", came and f"promised:\n{expected}\ncame:\n{came}"
    finally:
        complaint = walker.stop()
    if complaint:
        yield f"{document.name}: the end", complaint


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--server", type=pathlib.Path, default=ROOT / ".build/release/orchestratord")
    options.add_argument("document", nargs="?", type=pathlib.Path, default=ROOT / "README.md")
    options = options.parse_args()
    count = failed = 0
    with tempfile.TemporaryDirectory(prefix="readme-") as folder:
        for where, complaint in walk(options.document, options.server.resolve(), pathlib.Path(folder), free_port()):
            count += 1
            failed += complaint is not None
            print(f"{'FAILED' if complaint else 'ok'} {where}", flush=True)
            if complaint:
                print(complaint)
    print(f"{count - failed} of {count} commands of {options.document.name} do what it says")
    return 1 if failed else 0


sys.exit(main())
