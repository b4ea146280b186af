"""TLS on a listener: what it speaks, what it refuses, and files that change while connections are open.

Run as: tls_faults.py SERVER
"""

import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
import time
import warnings

from playwright.sync_api import expect as see, sync_playwright

import wire
from product import ROOT, Server
from wire import answer, connect, exchange, statuses

FIXTURES = ROOT / "Tests" / "Fixtures" / "tls"
LIMITS = {"header_deadline": "1500ms", "body_deadline": "5s", "ping_interval": "1s", "ping_grace": "2s", "body_bytes": 4000000}
GET = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


def context(minimum=ssl.TLSVersion.TLSv1_2, maximum=ssl.TLSVersion.TLSv1_3, trusted="certificate.pem", protocols=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(FIXTURES / trusted)
    made.minimum_version, made.maximum_version = minimum, maximum
    if protocols:
        made.set_alpn_protocols(protocols)
    return made


def secure(port, made=None, **options):
    return (made or context()).wrap_socket(connect(port, **options), server_hostname="localhost")


def speaks(server):
    """TLS 1.2 and 1.3 with authenticated ciphers and HTTP/1.1; the same session again by its ticket"""
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        made = context(version, version)
        with secure(server.port, made) as sock:
            sock.sendall(GET * 3)
            assert [answer(sock)[0] for _ in range(3)] == [200] * 3
            assert "GCM" in sock.cipher()[0] or "CHACHA20" in sock.cipher()[0], sock.cipher()
            assert sock.compression() is None
            session = sock.session
        with made.wrap_socket(connect(server.port), server_hostname="localhost", session=session) as again:
            again.sendall(GET)
            assert answer(again)[0] == 200
            assert again.session_reused, version
    with secure(server.port, context(protocols=["h2", "http/1.1"])) as sock:
        assert sock.selected_alpn_protocol() == "http/1.1"


def refuses(server):
    """older versions, other protocols, weak ciphers, rubbish, plain HTTP, silence"""
    warnings.simplefilter("ignore", DeprecationWarning)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    weak = context(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2)
    weak.set_ciphers("AES128-SHA:AES256-SHA:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
    for made in (old, context(protocols=["h2"]), weak):
        try:
            secure(server.port, made)
            raise AssertionError("a handshake that should have failed")
        except (ssl.SSLError, ConnectionResetError):
            pass
    assert statuses(exchange(server.port, GET)) == [400]
    assert statuses(exchange(server.port, b"\x80" + os.urandom(400))) == []
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    began = time.monotonic()
    assert statuses(exchange(server.port, hello)) == []
    assert statuses(exchange(server.port, b"")) == []
    assert time.monotonic() - began < 6, "a silent greeting ends at the header deadline"


def in_pieces(server):
    """records cut at every byte: the handshake and a request byte by byte, then a large body and answer"""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with connect(server.port) as sock:
        def flush():
            for byte in outgoing.read():
                sock.sendall(bytes([byte]))

        def step(action):
            while True:
                try:
                    return action()
                except ssl.SSLWantReadError:
                    flush()
                    incoming.write(sock.recv(65536))
                finally:
                    flush()

        step(session.do_handshake)
        session.write(GET)
        flush()
        assert b" 200 " in step(lambda: session.read(4096))
    token = server.token("PATIENT", "patient_1").encode()
    body = b'{"assistant":"patient"' + b" " * 3_000_000 + b"}"
    with secure(server.port) as sock:
        sock.sendall(
            b"POST /v1/conversations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer " + token + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert answer(sock)[0] == 201
        sock.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)
        sizes = {len(answer(sock)[2]) for _ in range(50)}
        assert len(sizes) == 1 and sizes.pop() > 10_000


class SecureSocket(wire.Socket):
    """A WebSocket over TLS."""

    def __init__(self, port, token, **options):
        plain, wire.connect = wire.connect, lambda *arguments: secure(port)
        try:
            super().__init__(port, token, **options)
        finally:
            wire.connect = plain


def sockets(server):
    """WSS: messages of all sizes, pings that are answered, silence that ends it"""
    token = server.token("PATIENT", "patient_1")
    ws = SecureSocket(server.port, token)
    assert ws.status == 101
    for size in (1, 100, 16_000, 17_000, 100_000):
        ws.send(json.dumps({"type": "ping", "padding": "x" * size}))
        opcode, payload = ws.receive()
        assert json.loads(payload)["type"] in ("pong", "error"), payload
    deadline = time.monotonic() + 2.5
    pings = 0
    ws.sock.settimeout(3)
    while time.monotonic() < deadline:
        opcode, payload = ws.receive_frame()
        pings += opcode == 9
        ws.raw(wire.frame(10, payload))
    assert pings >= 1
    assert ws.close_code() in (1006, 1001), "who answers no ping is let go"


def replaced(server):
    """a certificate that changes: new connections get it, open ones stay; a pair that does not match is not taken"""
    folder = server.folder / "tls"
    made = context()
    with secure(server.port, made) as before:
        before.sendall(GET)
        assert answer(before)[0] == 200
        fresh(folder)
        deadline = time.monotonic() + 6
        while True:
            probe = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            probe.load_verify_locations(folder / "certificate.pem")
            try:
                with secure(server.port, probe) as after:
                    after.sendall(GET)
                    assert answer(after)[0] == 200
                break
            except ssl.SSLError:
                assert time.monotonic() < deadline, "the new certificate is taken"
                time.sleep(0.1)
        before.sendall(GET)
        assert answer(before)[0] == 200, "the connection from before goes on"
        shutil.copy(FIXTURES / "other-key.pem", folder / "key.pem")
        deadline = time.monotonic() + 10
        while b'"certificate-refused"' not in (server.folder / "log").read_bytes():
            assert time.monotonic() < deadline, "the log says why"
            time.sleep(0.1)
        with secure(server.port, probe) as after:
            after.sendall(GET)
            assert answer(after)[0] == 200, "the last good pair serves"
        before.sendall(GET)
        assert answer(before)[0] == 200
    assert b'"certificate-renewed"' in (server.folder / "log").read_bytes()
    checked = subprocess.run([server.binary, "validate"], cwd=server.folder, env=server.environment, capture_output=True, text=True)
    assert checked.returncode == 1 and "[tls-unusable]" in checked.stdout, checked
    fresh(folder)


def fresh(folder):
    """A new pair in the place of the old, as a renewal writes it: one file, then the other."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "new-key.pem",
         "-out", folder / "new.pem"], check=True, capture_output=True)
    os.replace(folder / "new.pem", folder / "certificate.pem")
    os.replace(folder / "new-key.pem", folder / "key.pem")


def crowd(server):
    """many handshakes at once, cut off at any point, leave nothing"""
    before = len(os.listdir(f"/proc/{server.process.pid}/fd"))

    def some():
        for number in range(40):
            sock = connect(server.port)
            if number % 4 == 0:
                sock.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(number))
            elif number % 4 == 1:
                try:
                    context().wrap_socket(sock, server_hostname="elsewhere.example")
                except ssl.SSLError:
                    pass
            elif number % 4 == 2:
                context().wrap_socket(sock, server_hostname="localhost").sendall(GET[:20])
            sock.close()

    threads = [threading.Thread(target=some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deadline = time.monotonic() + 5
    while len(os.listdir(f"/proc/{server.process.pid}/fd")) > before + 5:
        assert time.monotonic() < deadline, "descriptors are left over"
        time.sleep(0.05)


def page(server):
    """the chat page in a browser, over HTTPS and WSS, with a booking's first step"""
    address = None
    while address is None:
        line = server.process.stdout.readline().decode()
        address = line.partition("chat page:")[2].strip() or None
    assert address.startswith("https://"), address
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        window = browser.new_context(ignore_https_errors=True).new_page()
        problems, spoken = [], []
        window.on("pageerror", lambda error: problems.append(str(error)))
        window.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
        window.on("websocket", lambda ws: spoken.append(ws.url))
        window.goto(address)
        window.get_by_label("Role", exact=True).select_option("PATIENT")
        window.get_by_label("Assistant", exact=True).select_option("patient")
        window.get_by_role("button", name="New conversation").click()
        window.get_by_role("textbox", name="Message").fill("I need to see a cardiologist next week")
        window.get_by_role("button", name="Send").click()
        see(window.get_by_role("log")).to_contain_text("cardiologist", ignore_case=True)
        see(window.locator(".message")).to_have_count(2)
        see(window.locator(".message").nth(1)).to_contain_text("Dr. Smith")
        browser.close()
    assert problems == [] and spoken and all(url.startswith("wss://") for url in spoken), (problems, spoken)


def make_server(binary, limits=None):
    def put(folder):
        (folder / "tls").mkdir()
        for name in ("certificate.pem", "key.pem"):
            shutil.copy(FIXTURES / name, folder / "tls" / name)

    return Server(
        binary, limits or LIMITS, {"tls": "{ certificate: tls/certificate.pem, key: tls/key.pem }"}, prepare=put)


def main(binary):
    server = make_server(binary)
    for check in (page, speaks, refuses, in_pieces, sockets, crowd, replaced):
        began = time.monotonic()
        check(server)
        assert server.process.poll() is None, check.__name__
        print(f"  {check.__name__:10} {time.monotonic() - began:6.2f} s  {check.__doc__}", flush=True)
    text = (server.folder / "log").read_text()
    assert "PRIVATE KEY" not in text
    took, code = server.stop()
    assert code == 0 and took < 10, (code, took)


if __name__ == "__main__":
    main(sys.argv[1])
