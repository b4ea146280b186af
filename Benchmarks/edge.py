#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an idle socket holds in the clear, over TLS and compressed, and how a canary fares beside 500 slow clients.

edge.py [SERVER]: ends with 1 past 25 kB for an idle TLS socket or 100 ms for the canary's p99.
"""
import multiprocessing, os, pathlib, resource, sys, time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Clients"))

from http_faults import slow_headers
from oracle import canary
from product import Server
from tls_faults import SecureSocket, make_server
from wire import Socket, frame

SOCKETS = 2000
MOST_TLS_BYTES = 25_000
MOST_P99_SECONDS = 0.1
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"


def resident(server):
    with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def idle(server, kind, count, **options):
    """Bytes for each of `count` sockets that have said one thing and then nothing."""
    token = server.token("PATIENT", "patient_1")

    def speak():
        ws = kind(server.port, token, **options)
        ws.raw(frame(1, b'{"type":"ping"}'))
        ws.receive()
        return ws

    for ws in [speak() for _ in range(200)]:
        ws.sock.close()
    time.sleep(1)
    before = resident(server)
    held = [speak() for _ in range(count)]
    time.sleep(2)
    each = (resident(server) - before) / count
    for ws in held:
        ws.sock.close()
    return each


def loris(server):
    """The canary's p99 and worst, in seconds, beside 500 clients that dribble their header."""
    stop, result = multiprocessing.Event(), multiprocessing.Queue()
    watcher = multiprocessing.Process(target=canary, args=(server.port, server.token("PATIENT", "patient_1"), stop, result))
    watcher.start()
    for _ in range(3):
        slow_headers(server, 500)
    stop.set()
    count, failures, worst, p99 = result.get(timeout=15)
    assert not failures and count > 20, (count, failures)
    return p99, worst


def main(binary):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    limits = {"header_deadline": "1500ms", "ping_interval": "10m"}
    plain = Server(binary, limits)
    p99, worst = loris(plain)
    plain.stop()
    print(f"canary beside 500 slow clients   p99 {p99 * 1000:.1f} ms, worst {worst * 1000:.1f} ms", flush=True)
    # A server for each: memory that came back to the allocator would hide what the next one takes.
    each = {}
    for name, make, kind, fields in (
        ("idle WebSocket", Server, Socket, ""), ("idle WebSocket, deflate", Server, Socket, DEFLATE),
        ("idle WebSocket, TLS", make_server, SecureSocket, ""),
        ("idle WebSocket, TLS and deflate", make_server, SecureSocket, DEFLATE),
    ):
        server = make(binary, limits)
        each[name] = idle(server, kind, SOCKETS, fields=fields)
        server.stop()
        print(f"{name:32} {each[name]:8,.0f} B", flush=True)
    return 0 if each["idle WebSocket, TLS"] <= MOST_TLS_BYTES and p99 < MOST_P99_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build/release/orchestratord")))
