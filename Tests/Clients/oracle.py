"""What every fault must leave as it was: the process, other clients, descriptors, memory, and a log without secrets.

A script makes an Oracle over a server, runs its rows through `row`, and ends with `verdict`. A canary in a process of
its own asks /health and says ping over a WebSocket every 100 ms all the while; none may fail and none be slow.
"""

import json
import multiprocessing
import os
import time

from wire import Socket, answer, connect

SLOWEST_SECONDS = float(os.environ.get("CANARY_SECONDS", "0.5"))
MOST_MEMORY = 64 * 1024 * 1024
MOST_LINES_PER_SECOND = 10
PLANTED = ["PHI-CANARY-Jane-Doe", "sk-planted-key-000", "planted-password"]


def canary(port, token, stop, result):
    """Counts, failures and the worst times, until told to stop."""
    times, failures = [], []
    plain = connect(port)
    ws = Socket(port, token=token)
    while not stop.is_set():
        began = time.monotonic()
        try:
            plain.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            status, _, _ = answer(plain)
            if status != 200:
                failures.append(f"health {status}")
            ws.send(json.dumps({"type": "ping"}))
            while json.loads(ws.receive()[1])["type"] != "pong":
                pass
        except Exception as error:  # what it was is told in the verdict
            failures.append(repr(error))
            break
        times.append(time.monotonic() - began)
        time.sleep(0.1)
    times.sort()
    result.put((len(times), failures, times[-1] if times else 0, times[int(len(times) * 0.99)] if times else 0))


class Oracle:
    def __init__(self, server, name):
        self.server, self.name, self.rows = server, name, []
        self.pid = server.process.pid
        self.token = server.token("PATIENT", "patient_1")
        self.warm()
        self.descriptors, self.memory = self.count_descriptors(), self.count_memory()
        self.log_at = (server.folder / "log").stat().st_size
        self.began = time.monotonic()
        self.stop, self.result = multiprocessing.Event(), multiprocessing.Queue()
        self.canary = multiprocessing.Process(
            target=canary, args=(server.port, self.token, self.stop, self.result), daemon=True)
        self.canary.start()

    def warm(self):
        """Whatever is made at the first use exists before anything is counted."""
        ws = Socket(self.server.port, token=self.token)
        ws.close()
        with connect(self.server.port) as plain:
            plain.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer(plain)
        time.sleep(0.3)

    def count_descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def count_memory(self):
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def row(self, name, check, *arguments):
        """One row: `check` asserts what it sees; then the process must be the same."""
        began = time.monotonic()
        check(self.server, *arguments)
        assert self.server.process.poll() is None, f"{name}: the server has ended"
        self.rows.append(name)
        print(f"  {name:8} {time.monotonic() - began:6.2f} s  {(check.__doc__ or '').splitlines()[0]}", flush=True)

    def verdict(self):
        took = time.monotonic() - self.began
        self.stop.set()
        count, failures, worst, p99 = self.result.get(timeout=15)
        self.canary.join(timeout=5)
        assert not failures, f"the canary failed: {failures}"
        assert count > took * 2, f"the canary was held up: {count} rounds in {took:.0f} s"
        assert worst < SLOWEST_SECONDS, f"the canary waited {worst * 1000:.0f} ms"
        self.wait_for_descriptors()
        grown = self.count_memory() - self.memory
        assert grown < MOST_MEMORY, f"memory grew by {grown >> 20} MiB"
        lines = self.check_log(took)
        print(
            f"{self.name}: {len(self.rows)} rows hold; canary {count} rounds, p99 {p99 * 1000:.0f} ms, worst "
            f"{worst * 1000:.0f} ms; memory {grown / (1 << 20):+.1f} MiB; {lines} log lines in {took:.0f} s")

    def wait_for_descriptors(self):
        deadline = time.monotonic() + 5
        while True:
            more = self.count_descriptors() - self.descriptors
            if more <= 5:
                return
            assert time.monotonic() < deadline, f"{more} descriptors more than before"
            time.sleep(0.05)

    def check_log(self, took):
        with open(self.server.folder / "log", "rb") as file:
            file.seek(self.log_at)
            text = file.read().decode()
        secrets = [self.token, *PLANTED, *(line.partition("=")[2] for line in self.env_lines())]
        for secret in secrets:
            assert secret not in text, f"the log holds {secret[:12]}..."
        for number, line in enumerate(text.splitlines()):
            assert line.startswith("{") and json.loads(line), f"line {number} of the log is not JSON: {line[:80]}"
        self.check_flood(text.splitlines())
        return len(text.splitlines())

    def check_flood(self, lines):
        """At most so many lines a second for one cause."""
        counts = {}
        for line in lines:
            entry = json.loads(line)
            cause = (entry["cause"], entry["time"][:19])
            counts[cause] = counts.get(cause, 0) + 1
        worst = max(counts.items(), key=lambda item: item[1], default=(None, 0))
        assert worst[1] <= MOST_LINES_PER_SECOND, f"{worst[1]} lines in a second for {worst[0]}"

    def env_lines(self):
        return [line for line in (self.server.folder / ".env").read_text().splitlines() if "=" in line]
