"""Group W of the faults: WebSockets that mean harm, against a running server.

Run as: websocket_faults.py SERVER
"""

import json
import os
import sys
import time
import zlib

from http_faults import HOST, refused
from oracle import PLANTED, Oracle
from product import Server
from wire import Socket, answer, connect, exchange, frame, rest

LIMITS = {
    "websocket_message_bytes": 65536, "send_queue_bytes": 65536, "body_bytes": 65536, "ping_interval": "1s",
    "ping_grace": "2s", "message_characters": 8192,
}
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"


def handshake(*lines, method=b"GET", version=b"HTTP/1.1"):
    known = {
        b"Host": b"localhost", b"Upgrade": b"websocket", b"Connection": b"Upgrade", b"Sec-WebSocket-Version": b"13",
        b"Sec-WebSocket-Key": b"dGhlIHNhbXBsZSBub25jZQ==",
    }
    for name, value in lines:
        known.pop(name, None)
        if value is not None:
            known[name] = value
    fields = b"".join(name + b": " + value + b"\r\n" for name, value in known.items())
    return method + b" /v1/ws " + version + b"\r\n" + fields + b"\r\n"


def odd_handshakes(server):
    """keys, versions and headers that are missing or wrong: 400 or 426, which names the version"""
    for lines in (
        [(b"Sec-WebSocket-Key", None)], [(b"Sec-WebSocket-Key", b"short")], [(b"Connection", b"keep-alive")],
        [(b"Content-Length", b"3")], [(b"Host", None)],
    ):
        refused(server, handshake(*lines), 400)
    refused(server, handshake(method=b"POST"), 400)
    refused(server, handshake(version=b"HTTP/1.0"), 400)
    for version in (b"8", b"", b"13, 8"):
        refused(server, handshake((b"Sec-WebSocket-Version", version)), 426)
        assert b"\r\nSec-WebSocket-Version: 13\r\n" in exchange(server.port, handshake((b"Sec-WebSocket-Version", version)))


def foreign_origins(server):
    """another origin, null, a look-alike, several: 403 before the upgrade"""
    token = server.token("PATIENT", "patient_2")
    port = server.port
    for origin in ("http://evil.example", "null", f"http://localhost:{port}.evil.example", f"http://localhost:{port + 1}"):
        ws = Socket(port, token, fields=f"Origin: {origin}\r\n")
        assert ws.status == 403, (origin, ws.status)
        ws.sock.close()
    ws = Socket(port, token, fields=f"Origin: http://localhost:{port}\r\nOrigin: http://evil.example\r\n")
    assert ws.status == 403, ws.status
    ws.sock.close()


def without_rights(server):
    """no token, a bad one, one in the query: 401 before any frame, and nothing of it in the log"""
    for token, path in ((None, "/v1/ws"), ("a.b.c", "/v1/ws"), (None, f"/v1/ws?token={PLANTED[1]}")):
        ws = Socket(server.port, token, path=path)
        assert ws.status == 401, (path, ws.status)
        ws.sock.close()


def closes(server, data, code, fields=""):
    ws = Socket(server.port, server.people["PATIENT"], fields=fields)
    assert ws.status == 101, ws.status
    ws.raw(data)
    seen = ws.close_code()
    assert seen == code, f"{data[:40]!r}: closed with {seen}, not {code}"
    ws.sock.close()


def odd_frames(server):
    """unmasked, reserved bits, reserved opcodes: 1002"""
    closes(server, frame(1, b"{}", mask=None), 1002)
    for reserved in (1, 2, 4, 7):
        closes(server, frame(1, b"{}", reserved=reserved), 1002)
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        closes(server, frame(opcode, b""), 1002)
    closes(server, b"\x81\xfe\x00\x05\x01\x02\x03\x04hello", 1002)
    # A length with its highest bit set is too large before it is malformed.
    closes(server, b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04", 1009)


def odd_controls(server):
    """control frames that are long or in fragments: 1002; a flood of pings: 1008"""
    closes(server, frame(9, b"a" * 126), 1002)
    closes(server, frame(9, b"", final=False), 1002)
    closes(server, frame(8, b"\x03"), 1002)
    closes(server, frame(8, b"\x03\xec"), 1002)
    closes(server, frame(8, b"\x03\xe8\xff\xfe"), 1002)
    closes(server, frame(9, b"ping") * 20_000, 1008)


def bad_text(server):
    """text that is not UTF-8, whole or cut over fragments: 1007"""
    closes(server, frame(1, b"\xff\xfe"), 1007)
    closes(server, frame(1, b"\xe2\x82", final=False) + frame(0, b"\x28"), 1007)
    closes(server, frame(1, b"\xf0\x9f", final=False) + frame(0, b"\x92"), 1007)
    closes(server, frame(1, b"\xed\xa0\x80"), 1007)
    # The same character, cut, is good: it is not JSON, but the socket stays.
    ws = Socket(server.port, server.people["PATIENT"])
    ws.raw(frame(1, "\u20ac".encode()[:2], final=False) + frame(0, "\u20ac".encode()[2:]))
    assert json.loads(ws.receive()[1])["type"] == "error"
    ws.close()


def odd_fragments(server):
    """fragments out of order: 1002; a million empty ones: no memory, and the socket ends or serves"""
    closes(server, frame(0, b"{}"), 1002)
    closes(server, frame(1, b"{", final=False) + frame(1, b"}"), 1002)
    ws = Socket(server.port, server.people["PATIENT"], timeout=60)
    ws.raw(frame(1, b'{"type":', final=False))
    empty = frame(0, b"", final=False) * 10_000
    for _ in range(100):
        ws.raw(empty)
    ws.raw(frame(0, b'"ping"}'))
    opcode, payload = ws.receive()
    assert opcode == 8 or json.loads(payload)["type"] == "pong", payload
    ws.sock.close()


def large_messages(server):
    """messages too large, in one frame, by a promise, over fragments: 1009"""
    closes(server, frame(1, b"a" * 65_537), 1009)
    closes(server, b"\x81\xff\x00\x00\x00\x00\x40\x00\x00\x00\x01\x02\x03\x04", 1009)
    closes(server, frame(1, b"a" * 40_000, final=False) + frame(0, b"a" * 40_000), 1009)


def deflated(text, level=9):
    squeeze = zlib.compressobj(level, zlib.DEFLATED, -11)
    return (squeeze.compress(text) + squeeze.flush(zlib.Z_SYNC_FLUSH))[:-4]


def bombs(server):
    """deflate: a message works, a bomb ends in 1009 without being inflated, rubbish ends in 1007 or 1002"""
    ws = Socket(server.port, server.people["PATIENT"], fields=DEFLATE)
    assert "server_no_context_takeover" in ws.fields["sec-websocket-extensions"], ws.fields
    ws.raw(frame(1, deflated(b'{"type":"ping"}'), reserved=4))
    assert json.loads(ws.receive()[1])["type"] == "pong"
    ws.close()
    bomb = deflated(b" " * 100_000_000)
    assert len(bomb) < 200_000
    before = memory(server)
    for _ in range(10):
        closes(server, frame(1, bomb, reserved=4), 1009, DEFLATE)
    assert memory(server) - before < 16 << 20, "a bomb is not inflated"
    for rubbish in (b"\xff\xff\xff", os.urandom(200)):
        ws = Socket(server.port, server.people["PATIENT"], fields=DEFLATE)
        ws.raw(frame(1, rubbish, reserved=4))
        ws.raw(frame(8, b"\x03\xe8"))
        rest(ws.sock)
        ws.sock.close()
    # Parameters that nobody knows are not taken.
    for offer in ("permessage-deflate; server_max_window_bits=7", "permessage-deflate; colour=red", "x-webkit-deflate-frame"):
        ws = Socket(server.port, server.people["PATIENT"], fields=f"Sec-WebSocket-Extensions: {offer}\r\n")
        assert "sec-websocket-extensions" not in ws.fields, ws.fields
        ws.close()


def memory(server):
    with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def vanished(server):
    """a client that answers no ping is let go within interval and grace, and is counted no more"""
    gone = [Socket(server.port, server.people["PATIENT"], timeout=15) for _ in range(10)]
    began = time.monotonic()
    for ws in gone:
        while True:
            try:
                if not ws.sock.recv(4096):
                    break
            except ConnectionResetError:
                break
    took = time.monotonic() - began
    assert took < 6, f"{took:.1f} s"


def slow_reader(server):
    """one watcher that never reads is dropped at its queue's limit; the others go on"""
    token = server.people["PATIENT"]

    def watch(conversation=None, **options):
        ws = Socket(server.port, token, **options)
        ws.send(json.dumps({"type": "open", **({"conversation": conversation} if conversation else {"assistant": "patient"})}))
        while True:
            event = json.loads(ws.receive()[1])
            if event["type"] == "opened":
                return ws, event["conversation"]

    speaker, conversation = watch()
    watchers = [watch(conversation)[0] for _ in range(20)]
    deaf, _ = watch(conversation, receive_buffer=4096)
    slowest, text = 0, "thank you " * 400
    for number in range(900):
        began = time.monotonic()
        speaker.send(json.dumps({"type": "message", "conversation": conversation, "text": f"{number} {text}"}))
        for ws in (speaker, *watchers):
            while True:
                event = json.loads(ws.receive()[1])
                if event["type"] == "message" and event["message"]["author"] == "assistant":
                    break
        slowest = max(slowest, time.monotonic() - began)
        if number % 50 == 49 and deaf_is_dropped(server):
            break
    assert deaf_is_dropped(server), "the one that never reads is still there"
    assert slowest < 1.5, f"the others waited {slowest:.2f} s"
    for ws in (speaker, *watchers):
        ws.close()
    deaf.sock.close()


def deaf_is_dropped(server):
    with connect(server.port) as sock:
        sock.sendall(b"GET /metrics HTTP/1.1\r\n" + HOST + f"Authorization: Bearer {server.people['ADMIN']}\r\n".encode()
                     + b"Connection: close\r\n\r\n")
        text = answer(sock)[2].decode()
    for line in text.splitlines():
        if line.startswith("orchestrator_sockets"):
            return float(line.rpartition(" ")[2]) <= 22  # the canary, the speaker, twenty watchers
    raise AssertionError(text)


def odd_messages(server):
    """frames that mean nothing get an error and the socket stays; after twenty it closes with 1008"""
    odd = ["not JSON", "[]", "{}", '{"type":7}', '{"type":"' + "x" * 1000 + '"}', '{"type":"message"}', '{"type":null}',
           '{"type":"message","conversation":"../x","text":1}']
    ws = Socket(server.port, server.people["PATIENT"])
    for text in odd:
        ws.send(text)
        assert json.loads(ws.receive()[1])["type"] == "error", text
    ws.raw(frame(2, b"\x00\x01"))
    assert json.loads(ws.receive()[1])["type"] == "error"
    ws.send('{"type":"ping"}')
    assert json.loads(ws.receive()[1])["type"] == "pong"
    for _ in range(20):
        ws.send("not JSON")
    assert ws.close_code() == 1008
    ws.sock.close()


def storm(server, count, in_flight):
    """so many sockets come and go at once: accepted or refused with 503, and nothing stays"""
    token = server.people["PATIENT"]
    accepted = 0
    for _ in range(count // in_flight):
        held = []
        for _ in range(in_flight):
            ws = Socket(server.port, token, timeout=20)
            assert ws.status in (101, 503), ws.status
            accepted += ws.status == 101
            held.append(ws)
        for ws in held:
            ws.sock.close()
    assert accepted == count, f"{accepted} of {count} were accepted"


def main(binary):
    server = Server(binary, LIMITS)
    server.people = {role: server.token(role, f"{role.lower()}_1") for role in ("PATIENT", "DOCTOR", "ADMIN")}
    oracle = Oracle(server, "W")
    oracle.row("W01", odd_handshakes)
    oracle.row("W02", foreign_origins)
    oracle.row("W03", without_rights)
    oracle.row("W04", odd_frames)
    oracle.row("W05", odd_controls)
    oracle.row("W06", bad_text)
    oracle.row("W07", odd_fragments)
    oracle.row("W09", large_messages)
    oracle.row("W10", bombs)
    oracle.row("W12", vanished)
    oracle.row("W13", slow_reader)
    oracle.row("W15", odd_messages)
    oracle.row("W16", storm, 2000, 200)
    oracle.verdict()
    took, code = server.stop()
    assert code == 0 and took < 10, (code, took)


if __name__ == "__main__":
    main(sys.argv[1])
