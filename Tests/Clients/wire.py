"""Clients that say exactly the bytes they are given: HTTP/1.1 and WebSocket over a plain socket."""

import base64
import os
import socket
import struct


def connect(port, timeout=10, receive_buffer=None):
    sock = socket.socket()
    if receive_buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    sock.settimeout(timeout)
    sock.connect(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def read_exactly(sock, count):
    data = b""
    while len(data) < count:
        more = sock.recv(min(count - len(data), 1 << 16))
        if not more:
            raise EOFError(data)
        data += more
    return data


def answer(sock, body=True):
    """One answer with a length: status, header (names in lower case), body."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        more = sock.recv(1)
        if not more:
            raise EOFError(head)
        head += more
    lines = head.decode("latin-1").split("\r\n")
    fields = {}
    for line in lines[1:-2]:
        name, _, value = line.partition(": ")
        fields[name.lower()] = value
    length = int(fields.get("content-length", "0"))
    return int(lines[0][9:12]), fields, read_exactly(sock, length) if body and length else b""


def rest(sock):
    """All that still comes until the server closes; a reset counts as closing."""
    data = b""
    try:
        while more := sock.recv(1 << 16):
            data += more
    except ConnectionResetError:
        pass
    return data


def exchange(port, data, timeout=10):
    """Says `data`, and hears everything until the server closes."""
    with connect(port, timeout) as sock:
        try:
            sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return rest(sock)


def statuses(data):
    """The statuses of all answers in a stream of bytes."""
    return [int(part[:3]) for part in data.split(b"HTTP/1.1 ")[1:]]


def frame(opcode, payload=b"", final=True, reserved=0, mask=b"\x01\x02\x03\x04"):
    head = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
    size, masked = len(payload), 0x80 if mask else 0
    if size < 126:
        head += bytes([masked | size])
    elif size < 65536:
        head += bytes([masked | 126]) + struct.pack(">H", size)
    else:
        head += bytes([masked | 127]) + struct.pack(">Q", size)
    if not mask:
        return head + payload
    long_mask = (mask * (size // 4 + 1))[:size]
    body = (int.from_bytes(payload, "big") ^ int.from_bytes(long_mask, "big")).to_bytes(size, "big")
    return head + mask + body


class Socket:
    """A WebSocket to the native channel."""

    def __init__(self, port, token=None, path="/v1/ws", fields="", timeout=10, receive_buffer=None):
        self.sock = connect(port, timeout, receive_buffer)
        key = base64.b64encode(os.urandom(16)).decode()
        protocols = f"Sec-WebSocket-Protocol: orchestrator.v1, bearer.{token}\r\n" if token else ""
        self.sock.sendall((
            f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{protocols}{fields}\r\n").encode())
        self.status, self.fields, self.body = answer(self.sock)

    def send(self, text):
        self.sock.sendall(frame(1, text.encode()))

    def raw(self, data):
        try:
            self.sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def receive(self):
        """The next message or close: opcode and payload; pings are answered on the way."""
        while True:
            opcode, payload = self.receive_frame()
            if opcode == 9:
                self.raw(frame(10, payload))
            elif opcode != 10:
                return opcode, payload

    def receive_frame(self):
        first, second = read_exactly(self.sock, 2)
        size = second & 0x7F
        if size == 126:
            size = struct.unpack(">H", read_exactly(self.sock, 2))[0]
        elif size == 127:
            size = struct.unpack(">Q", read_exactly(self.sock, 8))[0]
        return first & 0x0F, read_exactly(self.sock, size)

    def close_code(self):
        """Reads on to the close frame; 1006 when there is none."""
        try:
            while True:
                opcode, payload = self.receive_frame()
                if opcode == 8:
                    return struct.unpack(">H", payload[:2])[0] if payload else 1005
        except (EOFError, ConnectionResetError):
            return 1006

    def close(self):
        self.raw(frame(8, b"\x03\xe8"))
        rest(self.sock)
        self.sock.close()
