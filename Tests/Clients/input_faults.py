"""Group J of the faults: JSON and text that mean harm, against a running server.

Run as: input_faults.py SERVER
"""

import json
import sys
import time
import zlib

from http_faults import post
from oracle import PLANTED, Oracle
from product import Server
from wire import exchange, statuses

LIMITS = {"body_bytes": 2000000, "message_characters": 8192}


def ask(server, body, status, kind=b"application/json", fields=b""):
    token = server.people["PATIENT"].encode()
    head = b"Authorization: Bearer " + token + b"\r\nConnection: close\r\nContent-Type: " + kind + b"\r\n" + fields
    heard = exchange(server.port, post(head + b"Content-Length: %d\r\n" % len(body), body))
    assert statuses(heard) in [[one] for one in status], (body[:60], heard[:300])
    payload = json.loads(heard.partition(b"\r\n\r\n")[2].decode())
    assert statuses(heard)[0] < 400 or payload["error"]["code"], payload


def nested_json(server):
    """a hundred thousand brackets: 400 at the depth limit"""
    for opening in (b"[", b'{"a":', b'{"assistant":['):
        ask(server, opening * (60_000 // len(opening)), (400,))


def bad_json_text(server):
    """bytes that are no UTF-8, lone surrogates, overlong forms, a byte order mark: 400"""
    for text in (b"\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80"):
        ask(server, b'{"assistant":"' + text + b'"}', (400,))
    for text in (b"\\ud800", b"\\udc00", b"\\ud83d\\u0041", b"\\ud83d\\ud83d", b"\\ud83dx"):
        ask(server, b'{"assistant":"' + text + b'"}', (400, 422))
    ask(server, b'\xef\xbb\xbf{"assistant":"patient"}', (400, 201))


def wrong_fields(server):
    """fields of the wrong type, missing, unknown: 422 or 400 which names the field"""
    for body in (b'{"assistant":7}', b'{"assistant":null}', b'{"assistant":[]}', b'{"assistant":{}}', b"[]", b"7", b'"x"'):
        ask(server, body, (400, 422))


def broken_bodies(server):
    """cut off, two documents, empty, of another type, compressed: 400, 415 or 422"""
    for body in (b'{"assistant":', b'{"assistant":"patient"}{}', b'{"assistant":"patient"} x', b"", b"\x00"):
        ask(server, body, (400, 422))
    ask(server, b"a=b", (400, 415), b"application/x-www-form-urlencoded")
    squeezed = zlib.compress(b'{"assistant":"patient"}' + b" " * 10_000_000)
    ask(server, squeezed, (400, 415), fields=b"Content-Encoding: deflate\r\n")
    ask(server, squeezed, (400, 415))


def call(server, method, path, body=None, role="PATIENT"):
    """Status, header and document of one call."""
    data = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {server.people[role]}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    fields, _, document = exchange(server.port, head.encode() + data).partition(b"\r\n\r\n")
    return int(fields[9:12]), fields.decode().lower(), json.loads(document) if document else None


def begin(server):
    status, _, opened = call(server, "POST", "/v1/conversations", {"assistant": "patient"})
    assert status == 201, opened
    return opened["id"]


def long_texts(server):
    """a message of a mebibyte, of joined emoji, of combining marks: 413 or 422 at once; odd marks are taken"""
    conversation = begin(server)
    for text in ("a" * (1 << 20), "\U0001f468\u200d" * 50_000, "e" + "\u0301" * 500_000, "a " * 4_097):
        began = time.monotonic()
        status, _, document = call(server, "POST", f"/v1/conversations/{conversation}/messages", {"text": text})
        assert status in (413, 422), (status, document)
        assert time.monotonic() - began < 2, "refused without being understood"
    for text in ("\u202eabc", "a\u0007b", "e" + "\u0301" * 8_000, "\u0000", "\U0001f468\u200d" * 4_000, "a" * 8_192):
        began = time.monotonic()
        status, _, document = call(server, "POST", f"/v1/conversations/{conversation}/messages", {"text": text})
        assert status in (200, 201, 400, 422), (status, document)
        assert time.monotonic() - began < 2, f"{text[:3]!r} took {time.monotonic() - began:.1f} s"


def literal_texts(server):
    """statements, templates, formats and mark-up in a message: stored as they are, one row each, never as HTML"""
    conversation = begin(server)
    texts = [
        "'; DROP TABLE messages; --", '" OR 1=1 --', "{$gt: ''}", "*)(uid=*))(|(uid=*", "${7*7} {{7*7}} #{7*7}", "%s%n%x %@",
        "${env.JWT_SECRET}", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "../../etc/passwd", PLANTED[0],
    ]
    for text in texts:
        status, fields, document = call(server, "POST", f"/v1/conversations/{conversation}/messages", {"text": text})
        assert status == 200, document
        assert "content-type: application/json" in fields and "x-content-type-options: nosniff" in fields, fields
    status, _, document = call(server, "GET", f"/v1/conversations/{conversation}/messages?limit=100")
    seen = [message["text"] for message in document["messages"] if message["author"] == "user"]
    assert seen == texts, seen


def foreign_ids(server):
    """conversations of others, or ids that are none: 400, 403, 404 or 422, and nothing of theirs"""
    conversation = begin(server)
    call(server, "POST", f"/v1/conversations/{conversation}/messages", {"text": PLANTED[0]})
    other = server.people["PATIENT"]
    server.people["OTHER"] = server.token("PATIENT", "patient_77")
    assert other != server.people["OTHER"]
    for name in (conversation, "..%2f..", "*", "%20", "0", "x" * 1000, conversation.upper() + "0", conversation[:-1] + "_"):
        for method, path, body in (
            ("GET", f"/v1/conversations/{name}/messages", None), ("GET", f"/v1/conversations/{name}", None),
            ("POST", f"/v1/conversations/{name}/messages", {"text": "hello"}),
        ):
            status, _, document = call(server, method, path, body, role="OTHER")
            assert status in (400, 403, 404, 414, 422), (method, path[:60], status, document)
            assert PLANTED[0] not in json.dumps(document)


def main(binary):
    server = Server(binary, LIMITS)
    server.people = {"PATIENT": server.token("PATIENT", "patient_1")}
    oracle = Oracle(server, "J")
    oracle.row("J01", nested_json)
    oracle.row("J03", bad_json_text)
    oracle.row("J05", wrong_fields)
    oracle.row("J06", broken_bodies)
    oracle.row("J07", long_texts)
    oracle.row("J08", literal_texts)
    oracle.row("J10", foreign_ids)
    oracle.verdict()
    took, code = server.stop()
    assert code == 0 and took < 10, (code, took)


if __name__ == "__main__":
    main(sys.argv[1])
