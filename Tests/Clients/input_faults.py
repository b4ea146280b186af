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

FILE_BYTES = 1 << 20
LIMITS = {
    "body_bytes": 2000000, "message_characters": 8192, "body_deadline": "2s",
    "upload": f"{{ max_bytes: {FILE_BYTES}, conversation_bytes: {3 * FILE_BYTES} }}",
}


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


def form(content, name=b"a.pdf", kind=b"application/pdf", end=b"\r\n--b--\r\n"):
    disposition = b'Content-Disposition: form-data; name="file"; filename="' + name + b'"\r\n'
    return b"--b\r\n" + disposition + b"Content-Type: " + kind + b"\r\n\r\n" + content + end


def upload(server, conversation, body, length=None):
    """Status and document of one upload; status 0 when nothing was answered."""
    head = (
        f"POST /v1/conversations/{conversation}/files HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Authorization: Bearer {server.people['PATIENT']}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n").encode()
    heard = exchange(server.port, head + body)
    return (statuses(heard) or [0])[0], heard.partition(b"\r\n\r\n")[2]


def harmful_files(server):
    """files that lie about their size or kind, that never end, with odd names: refused, and nothing of them is left"""
    def files():
        return sorted(str(path) for path in (server.folder / "uploads").rglob("*") if path.is_file())

    conversation, pdf = begin(server), b"%PDF-1.7\n"
    before = files()
    eicar = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    squeezed = zlib.compress(b"\0" * 10_000_000)
    parts = b"".join(b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % number for number in range(10_000))
    for what, body, length, wanted in (
        ("an archive", form(b"PK\x03\x04" + squeezed, b"bomb.zip", b"application/zip"), None, (415,)),
        ("an archive that calls itself a PDF", form(b"PK\x03\x04" + squeezed), None, (415,)),
        ("a page that calls itself a picture", form(b"<html><script>alert(1)</script>", b"a.png", b"image/png"), None, (415,)),
        ("a picture that begins as a script", form(b"<svg onload=alert(1)>", b"a.png", b"image/png"), None, (415,)),
        ("what every scanner knows", form(eicar, b"a.txt", b"text/plain"), None, (415,)),
        ("one byte too many", form(pdf + b"x" * (FILE_BYTES + 1 - len(pdf))), None, (413,)),
        ("nothing", form(b""), None, (400, 415)),
        ("ten thousand parts", parts + form(pdf), None, (400, 413)),
        ("a boundary that is never closed", form(pdf, end=b""), None, (400,)),
        ("less than announced", form(pdf), 100_000, (400, 408, 0)),
        ("more than announced", form(pdf), 60, (400,)),
        ("a name of 300 characters", form(pdf, b"a" * 300), None, (400,)),
        ("a name with a line end", form(pdf, b"a\r\nX-Evil: 1.pdf"), None, (400,)),
        ("a name with a NUL", form(pdf, b"a\0.pdf"), None, (400,)),
    ):
        status, document = upload(server, conversation, body, length)
        assert status in wanted, (what, status, document[:200])
        assert files() == before, f"{what}: {files()} is left"
    # A PDF that is also a page is a PDF: nobody runs what comes as an attachment and may not be sniffed.
    status, document = upload(server, conversation, form(pdf + b"<script>alert(1)</script>", b"../../a.html", b"text/html"))
    assert status == 201, document
    file = json.loads(document)["file"]
    assert file["type"] == "application/pdf" and len(files()) > len(before) and not any("a.html" in path for path in files()), file
    heard = exchange(server.port, (
        f"GET {file['url']} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Authorization: Bearer {server.people['PATIENT']}\r\n\r\n").encode())
    fields = heard.partition(b"\r\n\r\n")[0].decode().lower()
    assert "x-content-type-options: nosniff" in fields and "content-disposition: attachment" in fields, fields
    assert "content-type: application/pdf" in fields and "content-security-policy: default-src 'none'" in fields, fields
    # The folder of one conversation holds so much and no more; another conversation has its own.
    large = form(pdf + b"x" * (FILE_BYTES - len(pdf)))
    seen = [upload(server, conversation, large)[0] for _ in range(4)]
    assert seen == [201, 201, 413, 413], seen
    assert upload(server, begin(server), large)[0] == 201


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
    oracle.row("J12", harmful_files)
    oracle.verdict()
    took, code = server.stop()
    assert code == 0 and took < 10, (code, took)


if __name__ == "__main__":
    main(sys.argv[1])
