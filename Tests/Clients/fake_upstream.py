"""AI vendors that misbehave on demand: raw sockets, so that every byte and every cut is ours.

The first part of the path is the fault, the rest the vendor's own path: http://127.0.0.1:PORT/cut_fin/v1. What is asked is
kept in `asked`, what was hung up on in `hung_up`.
"""

import email.utils
import gzip
import json
import socket
import struct
import threading
import time

WORDS = ["Parking", " is", " free", " behind", " the", " house,", " for", " two", " hours", " — grüße", " 🙂."]
ANSWER = "".join(WORDS)


def chunk(word):
    return json.dumps({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "fake-1",
        "choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]}, ensure_ascii=False)


def last_chunk(reason="stop"):
    return json.dumps({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "fake-1",
        "choices": [{"index": 0, "delta": {}, "finish_reason": reason}],
        "usage": {"prompt_tokens": 21, "completion_tokens": 11, "total_tokens": 32}})


def whole(text=ANSWER):
    return json.dumps({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "fake-1",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 21, "completion_tokens": 11, "total_tokens": 32}})


class Upstream:
    def __init__(self, tls=None):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.tls = tls
        self.asked, self.hung_up, self.counts = [], [], {}
        self.lock = threading.Lock()
        self.gate = threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, fault, scheme="http"):
        return f"{scheme}://127.0.0.1:{self.port}/{fault}/v1"

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def close(self):
        self.listener.close()

    def serve(self, connection):
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            rest = b""
            while True:
                while b"\r\n\r\n" not in rest:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    rest += piece
                head, rest = rest.split(b"\r\n\r\n", 1)
                lines = head.decode().split("\r\n")
                fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
                length = int(fields.get("content-length", 0))
                while len(rest) < length:
                    rest += connection.recv(65536)
                body, rest = rest[:length], rest[length:]
                method, path, _ = lines[0].split(" ")
                fault = path.split("/")[1]
                with self.lock:
                    self.asked.append((fault, method, path, fields, json.loads(body) if body else None))
                    number = self.counts[fault] = self.counts.get(fault, 0) + 1
                if not getattr(self, fault)(connection, number, json.loads(body) if body else {}):
                    return
        except (OSError, ValueError):
            pass
        finally:
            try:
                connection.close()
            except OSError:
                pass

    # What answers are made of.

    @staticmethod
    def respond(connection, status, body=b"", kind="application/json", extra=(), length=True):
        body = body.encode() if isinstance(body, str) else body
        head = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", *extra]
        if length:
            head.append(f"Content-Length: {len(body)}")
        connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        return length

    @staticmethod
    def begin(connection, kind="text/event-stream"):
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())

    @staticmethod
    def send(connection, text):
        data = text.encode() if isinstance(text, str) else text
        connection.sendall(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def stream(self, connection, words=WORDS, end=True, done=True, gap=0.0, newline="\n"):
        self.begin(connection)
        for word in words:
            self.send(connection, f"data: {chunk(word)}{newline}{newline}")
            if gap:
                time.sleep(gap)
        if end:
            self.send(connection, f"data: {last_chunk()}{newline}{newline}")
        if done:
            self.send(connection, f"data: [DONE]{newline}{newline}")
        connection.sendall(b"0\r\n\r\n")
        return True

    # The faults, by the first part of the path.

    def good(self, connection, number, body):
        begun = [m["content"] for m in body["messages"] if m["role"] == "assistant"]
        text = ANSWER
        # Asked to go on, it goes on with the very next character.
        if body["messages"][-1]["content"].startswith("Your last message was cut off") and ANSWER.startswith(begun[-1]):
            text = ANSWER[len(begun[-1]):]
        return self.stream(connection, [text[i:i + 7] for i in range(0, len(text), 7)])

    def plain(self, connection, number, body):
        return self.respond(connection, 200, whole())

    def status_429_seconds(self, connection, number, body):
        if number > 1:
            return self.stream(connection)
        return self.respond(connection, 429, '{"error":{"code":"rate_limit_exceeded"}}', extra=["Retry-After: 1"])

    def status_429_date(self, connection, number, body):
        if number > 1:
            return self.stream(connection)
        then = email.utils.formatdate(time.time() + 1, usegmt=True)
        return self.respond(connection, 429, "{}", extra=[f"Retry-After: {then}"])

    def status_429_ms(self, connection, number, body):
        if number > 1:
            return self.stream(connection)
        return self.respond(connection, 429, "{}", extra=["retry-after-ms: 300"])

    def status_429_nonsense(self, connection, number, body):
        if number > 1:
            return self.stream(connection)
        return self.respond(connection, 429, "{}", extra=["Retry-After: soon"])

    def status_429_hours(self, connection, number, body):
        return self.respond(connection, 429, "{}", extra=["Retry-After: 7200"])

    def once_500(self, connection, number, body):
        return self.stream(connection) if number > 1 else self.respond(connection, 500, "{}")

    def once_502(self, connection, number, body):
        return self.stream(connection) if number > 1 else self.respond(connection, 502, "<html>", kind="text/html")

    def once_503(self, connection, number, body):
        return self.stream(connection) if number > 1 else self.respond(connection, 503, "")

    def once_529(self, connection, number, body):
        return self.stream(connection) if number > 1 else self.respond(connection, 529, '{"type":"error"}')

    def always_500(self, connection, number, body):
        return self.respond(connection, 500, "{}")

    def hang(self, connection, number, body):
        connection.settimeout(30)
        if not connection.recv(1):
            with self.lock:
                self.hung_up.append(("hang", time.monotonic()))
        return False

    def hang_midway(self, connection, number, body):
        self.begin(connection)
        for word in WORDS[:3]:
            self.send(connection, f"data: {chunk(word)}\n\n")
        connection.settimeout(30)
        if not connection.recv(1):
            with self.lock:
                self.hung_up.append(("hang_midway", time.monotonic()))
        return False

    def slow(self, connection, number, body):
        return self.stream(connection, gap=0.3)

    def cut_fin(self, connection, number, body):
        self.begin(connection)
        for word in WORDS[:4]:
            self.send(connection, f"data: {chunk(word)}\n\n")
        connection.shutdown(socket.SHUT_RDWR)
        return False

    def cut_rst(self, connection, number, body):
        self.begin(connection)
        for word in WORDS[:4]:
            self.send(connection, f"data: {chunk(word)}\n\n")
        time.sleep(0.1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def no_done(self, connection, number, body):
        return self.stream(connection, done=False)

    def no_end(self, connection, number, body):
        return self.stream(connection, WORDS[:4], end=False, done=False)

    def mixed_ends(self, connection, number, body):
        self.begin(connection)
        ends = ["\r\n\r\n", "\n\n", "\r\r", "\r\n\n"]
        for index, word in enumerate(WORDS):
            self.send(connection, f": keep-alive\n\ndata: {chunk(word)}{ends[index % 4]}")
        self.send(connection, f"data: {last_chunk()}\n\ndata: [DONE]\n\n")
        connection.sendall(b"0\r\n\r\n")
        return True

    def byte_by_byte(self, connection, number, body):
        self.begin(connection)
        text = "".join(f"data: {chunk(word)}\n\n" for word in WORDS) + f"data: {last_chunk()}\n\ndata: [DONE]\n\n"
        for byte in text.encode():
            self.send(connection, bytes([byte]))
        connection.sendall(b"0\r\n\r\n")
        return True

    def long_line(self, connection, number, body):
        self.begin(connection)
        self.send(connection, ": " + "x" * 1_000_000 + "\n\n")
        for word in WORDS:
            self.send(connection, f"data: {chunk(word)}\n\n")
        self.send(connection, f"data: {last_chunk()}\n\ndata: [DONE]\n\n")
        connection.sendall(b"0\r\n\r\n")
        return True

    def too_long_line(self, connection, number, body):
        self.begin(connection)
        self.send(connection, "data: " + "x" * 3_000_000)
        return False

    def bad_json(self, connection, number, body):
        self.begin(connection)
        self.send(connection, "data: {\"choices\": [\n\n")
        return False

    def html_200(self, connection, number, body):
        return self.respond(connection, 200, "<html><body>Welcome</body></html>", kind="text/html")

    def wrong_type(self, connection, number, body):
        return self.respond(connection, 200, whole(), kind="text/plain")

    def no_content(self, connection, number, body):
        return self.respond(connection, 204, "")

    def redirect(self, connection, number, body):
        return self.respond(connection, 302, "", extra=[f"Location: {self.url('good')}/chat/completions"])

    def close_delimited(self, connection, number, body):
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        for word in WORDS:
            connection.sendall(f"data: {chunk(word)}\n\n".encode())
        connection.sendall(f"data: {last_chunk()}\n\ndata: [DONE]\n\n".encode())
        return False

    def compressed(self, connection, number, body):
        text = "".join(f"data: {chunk(word)}\n\n" for word in WORDS) + f"data: {last_chunk()}\n\ndata: [DONE]\n\n"
        return self.respond(connection, 200, gzip.compress(text.encode()), "text/event-stream", ["Content-Encoding: gzip"])

    def bad_gzip(self, connection, number, body):
        return self.respond(connection, 200, b"\x1f\x8b" + b"nonsense" * 9, "text/event-stream", ["Content-Encoding: gzip"])

    def bad_chunking(self, connection, number, body):
        self.begin(connection)
        connection.sendall(b"zz\r\nnonsense\r\n")
        return False

    def short_length(self, connection, number, body):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n" + whole().encode())
        connection.shutdown(socket.SHUT_RDWR)
        return False

    def huge(self, connection, number, body):
        self.begin(connection)
        word = chunk("y" * 10_000)
        for _ in range(10_500):
            self.send(connection, f"data: {word}\n\n")
        return False

    def unknown_tool(self, connection, number, body):
        self.begin(connection)
        call = {"index": 0, "id": "c1", "type": "function", "function": {"name": "drop_tables", "arguments": "{}"}}
        self.send(connection, "data: " + json.dumps({"model": "fake-1", "choices": [
            {"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]}) + "\n\n")
        self.send(connection, f"data: {last_chunk('tool_calls')}\n\ndata: [DONE]\n\n")
        connection.sendall(b"0\r\n\r\n")
        return True

    def key_in_error(self, connection, number, body):
        key = self.asked[-1][3].get("authorization", "")
        return self.respond(connection, 401, json.dumps({"error": {"message": f"wrong key: {key}", "code": "invalid_api_key"}}))

    def gated(self, connection, number, body):
        self.gate.wait(30)
        return self.stream(connection)
