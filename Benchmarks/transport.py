#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The transport against the limits of the machine, in one run: nginx for a request, bare epoll for a message.

Server and load have a core each and take turns, so that a noisy neighbour hits both. Prints a table of ratios and
fails when one misses its target. Needs nginx-light, wrk and cc (Debian).

    Benchmarks/transport.py [--seconds 3] [--rounds 3] [--idle 10000]
    Benchmarks/transport.py --server COMMAND --port PORT   measures a server that is started by COMMAND instead
"""
import argparse, contextlib, os, pathlib, re, shlex, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = str(CORES[0]), str(CORES[-1])
TICK = 1 / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit(f"nothing listens on {port}")


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def resident_bytes(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024


def load(*words):
    return subprocess.check_output(["taskset", "-c", LOAD_CORE, *map(str, words)], text=True)


class Bench:
    def __init__(self, options, folder, stack):
        self.options, self.folder, self.stack = options, folder, stack
        self.tool = str(folder / "load")
        subprocess.check_call(["cc", "-O2", "-o", self.tool, str(ROOT / "Benchmarks/load.c")])

    def start(self, port, *words):
        environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
        process = subprocess.Popen(["taskset", "-c", SERVER_CORE, *map(str, words)], env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.stack.callback(lambda: (process.send_signal(signal.SIGTERM), process.wait(10)))
        wait_for(port)
        return process

    def start_ours(self):
        if self.options.server:
            return self.options.port, self.start(self.options.port, *shlex.split(self.options.server))
        subprocess.check_call(["swift", "build", "-c", "release", "--product", "transport-bench"], cwd=ROOT)
        port = free_port()
        return port, self.start(port, ROOT / ".build/release/transport-bench", port, 1)

    def start_nginx(self):
        port, path = free_port(), self.folder / "nginx.conf"
        path.write_text(
            f"daemon off; master_process off; pid {self.folder}/pid; error_log /dev/null;\n"
            "events { worker_connections 1024; }\n"
            "http { access_log off; keepalive_requests 100000000; server { "
            f"listen 127.0.0.1:{port}; location / {{ default_type application/json; return 200 '{{}}'; }} }} }}\n")
        return port, self.start(port, shutil.which("nginx") or "/usr/sbin/nginx", "-c", path)

    def requests(self, port, process):
        """Requests a second, and CPU microseconds for each."""
        before = cpu_seconds(process)
        report = load("wrk", "-t1", "-c64", f"-d{self.options.seconds}s", f"http://127.0.0.1:{port}/health")
        if "Non-2xx" in report or "Socket errors" in report:
            sys.exit(report)
        count = int(re.search(r"(\d+) requests in", report)[1])
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1])
        return rate, (cpu_seconds(process) - before) / count * 1e6

    def messages(self, mode, port, process):
        before = cpu_seconds(process)
        count = int(load(self.tool, mode, port, 64, self.options.seconds, 64))
        return count / self.options.seconds, (cpu_seconds(process) - before) / count * 1e6

    def idle(self, port, process):
        """Bytes of resident memory for each silent WebSocket."""
        before, count = resident_bytes(process), self.options.idle
        holder = subprocess.Popen([self.tool, "idle", str(port), str(count), "600"], stdout=subprocess.PIPE, text=True)
        self.stack.callback(lambda: holder.poll() is None and holder.kill())
        if holder.stdout.readline() != "open\n":
            sys.exit("the idle sockets could not be opened")
        time.sleep(1)
        each = (resident_bytes(process) - before) / count
        holder.kill()
        holder.wait()
        return each

    def alternate(self, ours, theirs):
        """Medians of both, measured in turn."""
        rounds = [(ours(), theirs()) for _ in range(self.options.rounds)]
        return [[statistics.median(r[side][part] for r in rounds) for part in (0, 1)] for side in (0, 1)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--idle", type=int, default=10_000)
    parser.add_argument("--server")
    parser.add_argument("--port", type=int, default=8090)
    options = parser.parse_args()
    if options.idle > 28_000:
        sys.exit("one address has no more than 28,000 ports")
    rows = []
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bench = Bench(options, folder, stack)
        port, ours = bench.start_ours()
        each = bench.idle(port, ours)
        rows.append(("idle WebSocket, bytes", each, "target", 10_000, each / 10_000, each <= 10_000))
        nginx_port, nginx = bench.start_nginx()
        (rate, cpu), (limit, limit_cpu) = bench.alternate(lambda: bench.requests(port, ours),
                                                          lambda: bench.requests(nginx_port, nginx))
        rows.append(("GET /health, a second", rate, "nginx", limit, rate / limit, rate / limit >= 0.6))
        rows.append(("GET /health, CPU µs", cpu, "nginx", limit_cpu, cpu / limit_cpu, True))
        if not options.server:
            echo_port = free_port()
            echo = bench.start(echo_port, bench.tool, "server", echo_port)
            (rate, cpu), (limit, limit_cpu) = bench.alternate(lambda: bench.messages("ws", port, ours),
                                                              lambda: bench.messages("tcp", echo_port, echo))
            rows.append(("WebSocket echo, a second", rate, "epoll", limit, rate / limit, True))
            rows.append(("WebSocket echo, CPU µs", cpu, "epoll", limit_cpu, cpu / limit_cpu, cpu / limit_cpu <= 2))
    print(f"{'what':28}{'ours':>12}  {'limit':8}{'':>12}{'ratio':>8}")
    for what, value, name, limit, ratio, good in rows:
        print(f"{what:28}{value:12,.1f}  {name:8}{limit:12,.1f}{ratio:8.2f}{'' if good else '  missed'}")
    sys.exit(0 if all(row[-1] for row in rows) else 1)


main()
