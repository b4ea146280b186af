"""Group R of the faults: too few descriptors, a log that takes nothing, ports that are not to be had, long use.

Run as: resource_faults.py SERVER
"""

import os
import resource
import socket
import subprocess
import sys
import threading
import time

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
    for check in (few_descriptors, full_log, ports):
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
