"""Group R of the faults: too little memory, too few threads and descriptors, too little of a processor, a log that takes
nothing, ports that are not to be had, long use.

Run as: resource_faults.py SERVER
"""

import asyncio
import contextlib
import os
import pathlib
import resource
import signal
import socket
import subprocess
import sys
import threading
import time

import websockets

from http_faults import get
from oracle import Oracle
from product import Server, free_port
from wire import Socket, answer, connect


def few_descriptors(binary):
    """with 128 descriptors and 200 clients: those over it wait, nobody is hurt, and room made is used"""
    server = Server(binary, {"header_deadline": "20s"}, limit=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128)))
    with connect(server.port) as talker:
        crowd = [connect(server.port) for _ in range(200)]
        for _ in range(5):
            talker.sendall(get())
            assert answer(talker)[0] == 200, "who is in is served"
            time.sleep(0.1)
        for client in crowd:
            client.close()
        deadline = time.monotonic() + 5
        while True:
            try:
                with connect(server.port, timeout=1) as late:
                    late.sendall(get())
                    assert answer(late)[0] == 200
                break
            except TimeoutError:
                assert time.monotonic() < deadline, "new clients are served again"
    assert server.process.poll() is None
    assert server.stop()[1] == 0


def full_log(binary):
    """a log that takes nothing more: the server goes on"""
    server = Server(binary, log="/dev/full")
    for _ in range(50):
        with connect(server.port) as sock:
            sock.sendall(b"BAD\r\n\r\n" if _ % 2 else get())
            assert answer(sock)[0] in (200, 400)
    assert server.stop()[1] == 0


def ports(binary):
    """a port that is taken, an address of nobody: exit 4, and the message names the key"""
    server = Server(binary)
    with socket.create_server(("127.0.0.1", 0)) as holder:
        for changes, words in (
            ({"PORT": str(holder.getsockname()[1])}, ("listen.port", "taken")),
            ({"HOST": "192.0.2.7", "ENVIRONMENT": "development"}, ("192.0.2.7",)),
        ):
            environment = dict(server.environment, PORT=str(free_port()))
            environment.update(changes)
            again = subprocess.run(
                [binary, "serve", "--allow-remote"], cwd=server.folder, env=environment, capture_output=True, text=True, timeout=20)
            assert again.returncode == 4, again
            assert all(word in again.stderr for word in words), again.stderr
    assert server.stop()[1] == 0


@contextlib.contextmanager
def group(kind, limit, value):
    """A control group with one limit, as a folder; nil where this machine does not let us make one."""
    folder = pathlib.Path(f"/sys/fs/cgroup/{kind}/orchestrator-{os.getpid()}")
    if not folder.parent.is_dir():
        folder = pathlib.Path(f"/sys/fs/cgroup/orchestrator-{os.getpid()}")
    try:
        folder.mkdir()
        (folder / limit).write_text(str(value))
    except OSError as error:
        print(f"  no control group '{kind}' here, so its row is not played: {error}", flush=True)
        yield None
        return
    try:
        yield folder
    finally:
        for _ in range(50):
            with contextlib.suppress(OSError):
                folder.rmdir()
                break
            time.sleep(0.1)


def little_memory(binary):
    """5,000 clients in 128 MiB: those over the limit of connections are refused, and the kernel ends nobody"""
    legacy = pathlib.Path("/sys/fs/cgroup/memory").is_dir()
    with group("memory", "memory.limit_in_bytes" if legacy else "memory.max", 128 << 20) as folder:
        if not folder:
            return
        server = Server(
            binary, {"connections": 4000, "header_deadline": "60s"},
            limit=lambda: (folder / "cgroup.procs").write_text(str(os.getpid())))
        token = server.token("PATIENT", "patient_1")
        resource.setrlimit(resource.RLIMIT_NOFILE, (8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        crowd = []
        for number in range(5000):
            with contextlib.suppress(OSError):
                client = connect(server.port)
                crowd.append(client)
                client.sendall(get(fields=b"X-Filler: " + b"x" * 4000 + b"\r\n")[:-2] if number % 2 else get())
        assert len(crowd) > 3500, len(crowd)
        first = crowd[0]
        assert answer(first)[0] == 200, "who is in is served"
        last = crowd[-1]
        heard = last.recv(1 << 16) if len(crowd) > 4000 else b""
        assert heard[:12] in (b"", b"HTTP/1.1 503"), heard[:100]
        assert server.process.poll() is None, "the kernel has ended it"
        for client in crowd:
            client.close()
        deadline = time.monotonic() + 10
        while True:
            try:
                Socket(server.port, token).close()
                break
            except (OSError, EOFError):
                assert time.monotonic() < deadline, "new clients are served again"
        assert server.stop()[1] == 0


def few_threads(binary):
    """as many threads as it needs or fewer: it starts, or says within ten seconds that it cannot; no signal ends it"""
    for most in (64, 4):
        with group("pids", "pids.max", most) as folder:
            if not folder:
                return
            server = Server.__new__(Server)
            server.start = lambda: None
            Server.__init__(server, binary)
            process = subprocess.Popen(
                [binary, "serve"], cwd=server.folder, env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                preexec_fn=lambda: (folder / "cgroup.procs").write_text(str(os.getpid())))
            line = process.stdout.readline().decode()
            if line.startswith("ready:"):
                with connect(server.port) as sock:
                    sock.sendall(get())
                    assert answer(sock)[0] == 200
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=15) == 0
            else:
                said = process.stderr.read().decode()
                assert most < 64 and process.wait(timeout=10) == 4 and "thread" in said, (most, process.returncode, said[-500:])


def starved(binary):
    """two hogs and a server of low priority: no healthy client is cut for want of a heartbeat"""
    server = Server(
        binary, {"ping_interval": "1s", "ping_grace": "2s", "idle_deadline": "20s"}, limit=lambda: os.nice(5))
    token = server.token("PATIENT", "patient_1")
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]

    async def hold():
        sockets = [
            await websockets.connect(
                f"ws://127.0.0.1:{server.port}/v1/ws", subprotocols=["orchestrator.v1", f"bearer.{token}"], ping_interval=None)
            for _ in range(50)
        ]
        await asyncio.sleep(8)
        for one in sockets:
            await one.send('{"type":"ping"}')
            assert "pong" in await asyncio.wait_for(one.recv(), 10)
        await asyncio.gather(*(one.close() for one in sockets))

    try:
        asyncio.run(hold())
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()
    assert server.stop()[1] == 0


def long_use(server, connects):
    """tens of thousands of connections and sockets come and go: memory is flat after the first part"""
    token = server.token("PATIENT", "patient_1")

    def round_of(count):
        def some():
            for number in range(count // 4):
                with connect(server.port) as sock:
                    sock.sendall(get(fields=b"Connection: close\r\n"))
                    assert answer(sock)[0] == 200
                if number % 10 == 0:
                    Socket(server.port, token).close()

        threads = [threading.Thread(target=some) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def memory():
        with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    round_of(connects // 2)
    before = memory()
    round_of(connects // 2)
    grown = memory() - before
    assert grown < 4 << 20, f"memory grew by {grown >> 10} KiB"


def overload(server, seconds):
    """more requests than it can serve: those it takes are answered, the canary is not held up"""
    stop = time.monotonic() + seconds
    counts = []

    def push():
        count = 0
        with connect(server.port) as sock:
            while time.monotonic() < stop:
                sock.sendall(get() * 64)
                heard = b""
                while heard.count(b"HTTP/1.1 200 ") < 64:
                    heard += sock.recv(1 << 16)
                count += 64
        counts.append(count)

    threads = [threading.Thread(target=push) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == 16 and min(counts) > 0, counts


def main(binary):
    for check in (few_descriptors, full_log, ports, little_memory, few_threads, starved):
        began = time.monotonic()
        check(binary)
        print(f"  {check.__name__:15} {time.monotonic() - began:6.2f} s  {check.__doc__}", flush=True)
    server = Server(binary)
    oracle = Oracle(server, "R")
    oracle.row("R08", long_use, 12_000)
    oracle.row("R10", overload, 5)
    oracle.verdict()
    took, code = server.stop()
    assert code == 0 and took < 10, (code, took)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
