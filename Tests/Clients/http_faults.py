"""Group H of the faults: HTTP that means harm, against a running server whose limits are small.

Run as: http_faults.py SERVER
"""

import json
import os
import socket
import struct
import sys
import threading
import time

from oracle import Oracle
from product import Server
from wire import answer, connect, exchange, rest, statuses

HOST = b"Host: localhost\r\n"
LIMITS = {
    "header_bytes": 8192, "header_count": 50, "target_bytes": 2048, "body_bytes": 65536, "header_deadline": "1500ms",
    "body_deadline": "1500ms", "idle_deadline": "20s", "ping_interval": "5s", "ping_grace": "5s",
    "logins": "{ per_account: 1000, per_address: 8, per: 10m }",
}
FRIEND = "http://localhost:3000"


def get(target=b"/health", fields=b"", version=b"HTTP/1.1", method=b"GET"):
    return method + b" " + target + b" " + version + b"\r\n" + HOST + fields + b"\r\n"


def post(fields, body=b"", target=b"/v1/conversations"):
    return b"POST " + target + b" HTTP/1.1\r\n" + HOST + fields + b"\r\n" + body


SMUGGLED = b"GET /admin HTTP/1.1\r\n" + HOST + b"\r\n"


def refused(server, data, *wanted):
    """One answer with one of the statuses, in our own words, and the connection closed."""
    heard = exchange(server.port, data)
    seen = statuses(heard)
    assert len(seen) == 1 and seen[0] in wanted, f"{data[:80]!r}: wanted {wanted}, heard {heard[:300]!r}"
    error = json.loads(heard.partition(b"\r\n\r\n")[2])["error"]
    assert set(error) >= {"code", "message", "request_id"}, error
    for word in ("/src", "Swift", "sqlite", "Traceback"):
        assert word not in error["message"], error
    return error["code"]


def both_lengths(server):
    """CL.TE: one 400, and what lies behind is no request"""
    refused(server, post(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + SMUGGLED), 400)


def chunked_with_length(server):
    """TE.CL: one 400, and what lies behind is no request"""
    refused(server, post(b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", b"5c\r\n" + SMUGGLED + b"0\r\n\r\n"), 400)


def odd_codings(server):
    """Transfer-Encoding in disguise: 400 or 501, each"""
    for coding in (
        b"Transfer-Encoding: xchunked\r\n", b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding : chunked\r\n", b"Transfer-Encoding:\tchunked, chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked\x0b\r\n",
        b"Transfer-Encoding: \x00chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n", b"Transfer-Encoding:\r\n",
        b"Content-Length: 3\r\nContent-Length: 4\r\n", b"Content-Length: 3, 3\r\n", b"Content-Length: +3\r\n",
        b"Content-Length: -1\r\n", b"Content-Length: 0x3\r\n", b"Content-Length: 99999999999999999999\r\n",
    ):
        refused(server, post(coding, b"0\r\n\r\n" + SMUGGLED), 400, 413, 501)


def odd_chunks(server):
    """chunks with sizes that overflow, signs and bare line feeds: 400"""
    for body in (
        b"fffffffffffffffff\r\nabc\r\n0\r\n\r\n", b"-1\r\nabc\r\n0\r\n\r\n", b"0x3\r\nabc\r\n0\r\n\r\n",
        b"3\nabc\n0\n\n", b"3 \r\nabc\r\n", b"\r\n", b"3\r\nabcd\r\n0\r\n\r\n", b"3;" + b"a" * 9000,
    ):
        refused(server, post(b"Transfer-Encoding: chunked\r\n", body), 400)


def odd_lines(server):
    """bare LF, bare CR, NUL, folded lines: 400"""
    for data in (
        b"GET /health HTTP/1.1\nHost: x\n\n", b"GET /health HTTP/1.1\r\nHost: x\n\r\n", get(fields=b"X: a\rb\r\n"),
        get(fields=b"X: a\0b\r\n"), get(fields=b"X: a\r\n b\r\n"), get(fields=b"X\r\n"), get(fields=b": x\r\n"),
        get(fields=b"X Y: z\r\n"), get(version=b"HTTP/1.1 "), b"GET  /health HTTP/1.1\r\n" + HOST + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(32),
    ):
        refused(server, data, 400)


def odd_hosts(server):
    """no Host, two, or one with bad characters: 400"""
    for fields in (b"", b"Host: a\r\nHost: a\r\n", b"Host: a b\r\n", b"Host: a/b\r\n", b"Host: user@a\r\n", b"Host: [::1\r\n"):
        refused(server, b"GET /health HTTP/1.1\r\n" + fields + b"\r\n", 400)


def large_headers(server):
    """too many or too large header lines: 431"""
    refused(server, get(fields=b"X: " + b"a" * 9000 + b"\r\n"), 431)
    refused(server, get(fields=b"X" * 10_240 + b": a\r\n"), 431)
    refused(server, get(fields=b"".join(b"X%d: a\r\n" % number for number in range(100))), 431)
    # Endless: refused before the end, so before it could fill memory.
    refused(server, b"GET /health HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 4_000_000, 431)


def odd_targets(server):
    """targets too long, of another host, with raw or broken bytes: 414 or 400"""
    refused(server, get(b"/" + b"a" * 4096), 414)
    refused(server, b"GET /" + b"a" * 100_000, 414)
    for target in (
        b"http://elsewhere/health", b"*", b"/\xc3\xa9", b"/%00", b"/%zz", b"/%c3%28", b"/a b", b"health", b"/%2e%2e/%2e%2e/",
        b"/../../etc/passwd", b"//..%2f", b"/%", b"/\\..\\", b"/#a",
    ):
        heard = exchange(server.port, get(target, b"Connection: close\r\n"))
        assert statuses(heard) in ([400], [404]), (target, heard[:200])
        assert target in (b"//..%2f",) or statuses(heard) == [400], (target, heard[:200])


def odd_methods(server):
    """methods unknown, in lower case, endless: 501 or 400; a known path with another: 405 with Allow"""
    refused(server, get(method=b"BREW"), 501)
    refused(server, get(method=b"get"), 400, 501)
    refused(server, b"A" * (1 << 20), 400, 501)
    refused(server, get(method=b"G\x7fT"), 400)
    with connect(server.port) as sock:
        sock.sendall(get(b"/health", method=b"DELETE"))
        status, fields, _ = answer(sock)
        assert status == 405 and "GET" in fields["allow"], (status, fields)


def large_bodies(server):
    """a body too large by its length before it is read, by its chunks while it is: 413"""
    refused(server, post(b"Content-Length: 10485760\r\n"), 413)
    refused(server, post(b"Transfer-Encoding: chunked\r\n", (b"4000\r\n" + b"a" * 0x4000 + b"\r\n") * 64), 413)
    refused(server, post(b"Transfer-Encoding: chunked\r\n", b"40000000\r\n" + b"a" * 100_000), 413)


def expectations(server):
    """100-continue without a body ends in 408, another expectation in 417"""
    heard = exchange(server.port, post(b"Expect: 100-continue\r\nContent-Length: 3\r\n"))
    assert statuses(heard) == [100, 408], heard[:200]
    refused(server, post(b"Expect: a-miracle\r\nContent-Length: 3\r\n"), 417)


def pipelining(server):
    """a thousand requests in one write are answered in order, up to the bad one"""
    heard = exchange(server.port, get() * 999 + get(fields=b"Connection: close\r\n"))
    assert statuses(heard) == [200] * 1000, statuses(heard)[:5]
    heard = exchange(server.port, get() * 25 + b"BAD\r\n\r\n" + get() * 24)
    assert statuses(heard) == [200] * 25 + [400], statuses(heard)


def slow_headers(server, count):
    """so many clients that dribble a header: 408 for each at the deadline"""
    clients = [connect(server.port) for _ in range(count)]
    until = time.monotonic() + 4
    for client in clients:
        client.sendall(b"GET /health HTTP/1.1\r\n")
    waiting, answered = list(clients), 0
    while waiting and time.monotonic() < until:
        time.sleep(0.25)
        for client in list(waiting):
            client.setblocking(False)
            try:
                heard = client.recv(4096)
                assert statuses(heard) in ([408], []), heard[:100]
                answered += statuses(heard) == [408]
                waiting.remove(client)
            except BlockingIOError:
                try:
                    client.send(b"X")
                except OSError:
                    waiting.remove(client)
    assert answered == count, f"{answered} of {count} were told 408"
    for client in clients:
        client.close()


def slow_bodies_and_readers(server):
    """a body that dribbles is 408; who does not take its answer is cut"""
    client = connect(server.port)
    client.sendall(post(b"Content-Length: 1000\r\n"))
    began = time.monotonic()
    try:
        while time.monotonic() - began < 4:
            client.sendall(b"a")
            client.settimeout(0.2)
            try:
                heard = client.recv(4096)
                break
            except TimeoutError:
                heard = b""
    except OSError:
        heard = b""
    assert statuses(heard) == [408], heard
    reader = connect(server.port, receive_buffer=1024)
    try:
        for _ in range(400):
            reader.sendall(get(b"/openapi.json") * 4)
            time.sleep(0.005)
    except (TimeoutError, ConnectionResetError, BrokenPipeError):
        pass
    deadline = time.monotonic() + 10
    while reader.fileno() >= 0 and time.monotonic() < deadline:
        try:
            reader.sendall(get())
            time.sleep(0.1)
        except TimeoutError:
            continue
        except OSError:
            reader.close()
    assert reader.fileno() < 0, "a client that never reads is cut"


def half_closed_and_reset(server, storm):
    """a FIN after the request still gets its answer; resets and connects without a word leave nothing"""
    client = connect(server.port)
    client.sendall(get())
    client.shutdown(socket.SHUT_WR)
    assert statuses(rest(client)) == [200]
    for data in (b"", b"GET /hea", post(b"Content-Length: 1000\r\n", b"abc"), get(b"/openapi.json") * 50):
        for _ in range(20):
            client = connect(server.port)
            client.sendall(data)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()

    def connects():
        for _ in range(storm // 4):
            connect(server.port).close()

    threads = [threading.Thread(target=connects) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def spoofed_addresses(server):
    """an address, or a name, that a client gives itself counts for nothing: limits, log and rights are the peer's"""
    def asks(number):
        return (
            f"X-Forwarded-For: 198.51.100.{number}\r\nX-Real-IP: 198.51.100.{number}\r\nForwarded: for=198.51.100.{number}\r\n"
            "X-User-ID: admin\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n").encode()

    body = b'{"username":"nobody","password":"planted-password"}'
    kind = b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body)
    seen = [statuses(exchange(server.port, post(asks(number) + kind, body, b"/v1/auth/login")))[0] for number in range(12)]
    assert seen == [401] * 8 + [429] * 4, seen
    token = f"Authorization: Bearer {server.token('PATIENT', 'patient_1')}\r\n".encode()
    for fields, status in ((b"", 401), (token, 403)):
        heard = exchange(server.port, get(b"/v1/admin/status", asks(1) + fields))
        assert statuses(heard) == [status] and b"Strict-Transport-Security" not in heard, heard
    who = json.loads(exchange(server.port, get(b"/v1/auth/me", asks(1) + token)).partition(b"\r\n\r\n")[2])
    assert who["user"] == "patient_1", who
    assert "198.51.100." not in (server.folder / "log").read_text()


def paths_outside(server):
    """paths that lead out of the folder of files, and a link in it: 400 or 404, and nothing that lies outside"""
    uploads = server.folder / "uploads"
    uploads.mkdir(exist_ok=True)
    (uploads / "way-out").symlink_to("/etc/passwd")
    token = f"Authorization: Bearer {server.token('PATIENT', 'patient_1')}\r\nConnection: close\r\n".encode()
    for folder in (b"/uploads/", b"/v1/files/", b"/"):
        for name in (
            b"../../etc/passwd", b"../../../../../../etc/passwd", b"%2e%2e%2f%2e%2e%2fetc%2fpasswd", b"..%5c..%5cetc%5cpasswd",
            b"%252e%252e%252fetc%252fpasswd", b"%2fetc%2fpasswd", b"/etc/passwd", b"way-out", b"..%00/etc/passwd", b"way-out%00.png",
            b"....//....//etc/passwd", b"%c0%ae%c0%ae/etc/passwd",
        ):
            heard = exchange(server.port, get(folder + name, token))
            assert statuses(heard) in ([400], [404]), (folder + name, heard[:200])
            assert b"root:" not in heard, folder + name
    (uploads / "way-out").unlink()


def foreign_origins(server):
    """pages of other origins, `null` and look-alikes: nothing that lets them read, and never `*` with credentials"""
    def ask(origin, preflight):
        fields = f"Origin: {origin}\r\nConnection: close\r\n"
        if preflight:
            fields += "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization, content-type\r\n"
        method = b"OPTIONS" if preflight else b"GET"
        heard = exchange(server.port, get(b"/v1/assistants", fields.encode(), method=method)).lower()
        lines = [line for line in heard.partition(b"\r\n\r\n")[0].split(b"\r\n") if line.startswith(b"access-control-")]
        return [line.decode() for line in lines]

    for preflight in (False, True):
        welcome = ask(FRIEND, preflight)
        assert f"access-control-allow-origin: {FRIEND}" in welcome, welcome
        for origin in (
            "null", "http://localhost:3000.evil", "http://localhost:30001", "http://evil.localhost:3000", "https://localhost:3000",
            "http://localhost", "http://LOCALHOST:3000.", "*", "http://localhost:3000/", "http://localhost:3000@evil", "file://",
        ):
            assert not [line for line in ask(origin, preflight) if "allow-origin" in line], (origin, ask(origin, preflight))
    assert not any(line.endswith("*") for line in welcome), welcome


def main(binary):
    server = Server(binary, LIMITS, listen={"cors": f"['{FRIEND}']"})
    oracle = Oracle(server, "H")
    oracle.row("H01", both_lengths)
    oracle.row("H02", chunked_with_length)
    oracle.row("H03", odd_codings)
    oracle.row("H04", odd_chunks)
    oracle.row("H05", odd_lines)
    oracle.row("H06", odd_hosts)
    oracle.row("H07", large_headers)
    oracle.row("H08", odd_targets)
    oracle.row("H09", odd_methods)
    oracle.row("H11", large_bodies)
    oracle.row("H12", expectations)
    oracle.row("H13", pipelining)
    oracle.row("H14", slow_headers, 500)
    oracle.row("H15", slow_bodies_and_readers)
    oracle.row("H17", half_closed_and_reset, 10_000)
    oracle.row("H19", spoofed_addresses)
    oracle.row("H20", paths_outside)
    oracle.row("H21", foreign_origins)
    oracle.verdict()
    took, code = server.stop()
    assert code == 0 and took < 10, (code, took)


if __name__ == "__main__":
    main(sys.argv[1])
