# SPDX-License-Identifier: Apache-2.0
"""Processes, cores, CPU time and memory: what the measures are made with."""
import contextlib, http.client, json, os, pathlib, re, signal, socket, statistics, subprocess, sys, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORES = sorted(os.sched_getaffinity(0))
# Server and load have a core each, so that the load does not count against the server.
SERVER_CORE, LOAD_CORE = str(CORES[0]), str(CORES[-1])
TICK = 1 / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    for _ in range(400):
        if process.poll() is not None:
            sys.exit(f"{process.args} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.025)
    sys.exit(f"nothing listens on {port}")


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def resident_bytes(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024


def median(values):
    return statistics.median(values)


def p95(values):
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


class Machine:
    """Starts servers on one core and loads on the other; ends all of them with `stack`."""

    def __init__(self, folder, stack, seconds):
        self.folder, self.stack, self.seconds = folder, stack, seconds
        self.tool = str(folder / "load")
        subprocess.check_call(["cc", "-O2", "-o", self.tool, str(ROOT / "Benchmarks/load.c")])

    def start(self, *words, cwd=None, env=None, pipe=False):
        environment = dict(os.environ, SWIFT_BACKTRACE="enable=no", **(env or {}))
        log = self.stack.enter_context(open(self.folder / "log", "ab"))
        process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, *map(str, words)], cwd=cwd, env=environment,
            stdout=subprocess.PIPE if pipe else subprocess.DEVNULL, stderr=log, text=True)
        self.stack.callback(lambda: self.stop(process))
        return process

    def stop(self, process):
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(12)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def count(self, *words):
        """Runs the load tool; what it counted."""
        return int(subprocess.check_output(["taskset", "-c", LOAD_CORE, self.tool, *map(str, words)], text=True))

    def cost(self, process, *words):
        """CPU microseconds of the server for each thing the load tool counts."""
        before = cpu_seconds(process)
        counted = self.count(*words)
        return (cpu_seconds(process) - before) / counted * 1e6

    def hold(self, *words):
        """Keeps silent WebSockets open; closing its stdin ends it."""
        holder = subprocess.Popen(
            [self.tool, "idle", *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.stack.callback(lambda: holder.poll() is None and holder.kill())
        if holder.stdout.readline() != "open\n":
            sys.exit("the idle sockets could not be opened")
        return holder

    def release(self, holder):
        """How many of them were still open."""
        answer, _ = holder.communicate(timeout=30)
        return int(answer.split()[-1])


class Client:
    """One kept connection that speaks JSON."""

    def __init__(self, port, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method, path, body=None):
        self.connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {data.decode()}")
        return json.loads(data)

    def begin(self, assistant):
        return self.ask("POST", "/v1/conversations", {"assistant": assistant})["id"]
