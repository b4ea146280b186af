# SPDX-License-Identifier: Apache-2.0
"""What Socket.IO costs through live-chat, against python-socketio in the same run; a part of run.py."""
import os, pathlib, subprocess, sys, time

from machine import LOAD_CORE, ROOT, cpu_seconds, free_port, median, resident_bytes, wait_for

SERVER = """\
kind: server
version: 1
storage: {{ url: "memory:" }}
roles: {{ anonymous: {{}} }}
channels:
  live-chat: {{ type: live-chat, port: {port}, assistant: none, staff_access: open, limits: {{ ping_interval: 10m }} }}
reload: {{ watch: false, control: control.sock }}
"""


class Load:
    def __init__(self, machine):
        self.tool = str(machine.folder / "socketio")
        subprocess.check_call(["cc", "-O2", "-o", self.tool, str(ROOT / "Benchmarks/socketio.c")])

    def count(self, *words):
        return int(subprocess.check_output(["taskset", "-c", LOAD_CORE, self.tool, *map(str, words)], text=True))

    def cost(self, process, *words):
        before = cpu_seconds(process)
        counted = self.count(*words)
        return (cpu_seconds(process) - before) / counted * 1e6

    def hold(self, port, count):
        holder = subprocess.Popen(["taskset", "-c", LOAD_CORE, self.tool, "idle", str(port), str(count)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = holder.stdout.readline()
        if not line.startswith("open "):
            sys.exit("the Socket.IO sessions could not be opened")
        return holder, float(line.split()[1])


def serve(machine, binary):
    port = free_port()
    folder = machine.folder / f"live-chat-{port}"
    (folder / "bots").mkdir(parents=True)
    (folder / "bots/server.yaml").write_text(SERVER.format(port=port))
    process = machine.start(binary, "serve", "--bots", folder / "bots", cwd=folder, pipe=True)
    if not process.stdout.readline().startswith("ready:"):
        sys.exit((machine.folder / "log").read_text())
    return port, process


def peer(machine):
    """python-socketio; None where the client tests' environment is not there."""
    python = ROOT / ".venv/bin/python"
    if not python.exists():
        return None, None
    port = free_port()
    process = machine.start(python, ROOT / "Benchmarks/python_socketio.py", port)
    wait_for(port, process)
    return port, process


def measure(machine, table, binary, rounds, idle):
    load = Load(machine)
    port, ours = serve(machine, binary)
    their_port, theirs = peer(machine)
    costs, fans = {"ours": [], "theirs": []}, []
    for _ in range(rounds):
        costs["ours"].append(load.cost(ours, "say", port, 64, machine.seconds))
        if theirs:
            costs["theirs"].append(load.cost(theirs, "say", their_port, 64, machine.seconds))
        before = cpu_seconds(ours)
        deliveries = load.count("fan", port, 1000, machine.seconds)
        fans.append(deliveries / (cpu_seconds(ours) - before))
    if theirs:
        table.add("Socket.IO message, python-socketio", median(costs["theirs"]), "µs CPU", "live-chat", median(costs["ours"]))
    table.add("Socket.IO fan-out, room of 1,000", median(fans), "/s of a core", "the target", 80_000)
    port, process = serve(machine, binary)
    before = resident_bytes(process)
    holder, took = load.hold(port, idle)
    time.sleep(0.5)
    table.add("idle Socket.IO session", (resident_bytes(process) - before) / idle / 1000, "kB", "the target", 13)
    table.add("Socket.IO connect storm", idle / took, "/s", f"sessions, of {idle:,}", None)
    holder.stdin.close()
    if holder.stdout.readline() != f"still open: {idle}\n":
        sys.exit("idle Socket.IO sessions were closed")
    holder.wait()
