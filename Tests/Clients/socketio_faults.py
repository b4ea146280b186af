"""Group S of the faults: Socket.IO that means harm, against a running server; then a million random payloads if asked.

Run as: socketio_faults.py SERVER [PAYLOADS]
"""

import json
import random
import sys
import time

from oracle import Oracle
from product import Server, free_port
from wire import Socket, answer, connect

PATH = "/socket.io/?EIO=4&transport="
CHANNELS = """
  faulty: {{ type: live-chat, port: {chat}, assistant: none, issuer: local, recovery: 4s, trust_unknown: false, limits: {{ ping_interval: 600ms, ping_grace: 400ms }} }}
  steady: {{ type: live-chat, port: {steady}, assistant: none, issuer: local }}
  faulty-ai: {{ type: live-chat-ai, port: {ai}, assistant: none, issuer: local, legacy_admins: true }}
"""


def ask(port, method, target, body=b""):
    sock = connect(port)
    sock.sendall(f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    status, _, content = answer(sock)
    sock.close()
    return status, content


def polled(port):
    status, content = ask(port, "GET", PATH + "polling")
    assert status == 200, status
    return json.loads(content[1:])["sid"]


class Client:
    """A Socket.IO client on a WebSocket, which says exactly what it is told."""

    def __init__(self, port, joins='40', expects="40"):
        self.ws = Socket(port, None, path=PATH + "websocket")
        assert self.ws.status == 101, self.ws.status
        assert self.receive()[0] == "0"
        if joins:
            self.ws.send(joins)
            self.hello = self.receive()
            assert self.hello.startswith(expects), self.hello

    def receive(self, answering=True):
        while True:
            text = self.ws.receive()[1]
            text = text.decode() if isinstance(text, bytes) else text
            if text == "2" and answering:
                self.ws.send("3")
                continue
            return text

    def ask(self, name, *arguments):
        self.ws.send("421" + json.dumps([name, *arguments]))
        while True:
            text = self.receive()
            if text.startswith("431"):
                return json.loads(text[3:])[0]

    def closed(self):
        self.ws.close_code()
        self.ws.sock.close()


def handshakes(server):
    """wrong revisions, transports, methods and sessions: 400 with the protocol's own numbers"""
    for query, code in (
        ("?EIO=3&transport=polling", 5), ("?transport=polling", 5), ("?EIO=4", 0), ("?EIO=4&transport=smoke", 0),
        ("?EIO=4&transport=polling&sid=unknown", 1), ("?EIO=4&transport=websocket", 3),
    ):
        status, content = ask(server.chat, "GET", "/socket.io/" + query)
        assert (status, json.loads(content)["code"]) == (400, code), (query, status, content)
    for method in ("POST", "PUT", "DELETE"):
        assert ask(server.chat, method, PATH + "polling")[0] == 400
    ws = Socket(server.chat, None, path=PATH + "websocket&sid=unknown")
    assert ws.status == 400, ws.status
    ws.sock.close()


def large_payloads(server):
    """a million separators, and more than a body may hold: refused, and the session of others goes on"""
    sid = polled(server.chat)
    assert ask(server.chat, "POST", f"{PATH}polling&sid={sid}", b"\x1e" * 999_999)[0] == 400
    sid = polled(server.chat)
    assert ask(server.chat, "POST", f"{PATH}polling&sid={sid}", b"4" + b"x" * 1_000_000)[0] == 413
    client = Client(server.chat)
    client.ws.send("42" + "x" * 1_000_001)
    client.closed()


def odd_packets(server):
    """types, numbers and names that are none: the session ends, or the packet is let pass"""
    for packet in (
        "9", "49", "4", "42", "42{}", "42[]", '42["connect"]', '42["disconnect"]', "429223372036854775808[\"x\"]",
        '451-["x",{"_placeholder":true,"num":9}]', '4599999-["x"]', "40", "44{}", '42/other,["x"]', "2", "43[1]",
    ):
        client = Client(server.chat)
        client.ws.send(packet)
        client.closed()
    client = Client(server.chat)
    for packet in ('42["__proto__",{}]', "42[1]", "439[1]", '42["unheard-of",{"a":1}]', "6", "5"):
        client.ws.send(packet)
    assert "sessionId" in client.ask("init_session", {})


def others_sessions(server):
    """sessions that are nobody's, staff without a token: an error, nothing stored, nothing told"""
    client = Client(server.chat)
    assert client.ask("init_session", {"sessionId": "someone-else"})["sessionId"] != "someone-else"
    session = client.ask("init_session", {})["sessionId"]
    assert client.ask("user_message", {"sessionId": "nobody", "content": "x"})["ok"] is False
    assert client.ask("admin_message", {"sessionId": session, "content": "x"})["ok"] is False
    assert json.loads(ask(server.chat, "GET", f"/api/chats/{session}")[1]) == []


def silence(server):
    """no pong: closed at interval and grace together; a pong without a ping: ignored"""
    client = Client(server.chat)
    client.ws.send("3")
    began = time.monotonic()
    assert client.receive(answering=False) == "2"
    client.closed()
    assert 0.9 < time.monotonic() - began < 2.5, time.monotonic() - began


def coming_back(server):
    """in time with an offset: all hundred, once, in order; too late: somebody new, and history still there"""
    client, other = Client(server.chat), Client(server.chat)
    session = client.ask("init_session", {})["sessionId"]
    pid = json.loads(client.hello[2:])["pid"]
    other.ask("user_message", {"sessionId": session, "content": "seen"})
    offset = json.loads(client.receive()[2:])[-1]
    client.ws.sock.close()
    time.sleep(0.2)
    for number in range(100):
        assert other.ask("user_message", {"sessionId": session, "content": str(number)})["ok"]
    back = Client(server.chat, joins="40" + json.dumps({"pid": pid, "offset": offset}))
    assert json.loads(back.hello[2:])["sid"] == json.loads(client.hello[2:])["sid"], back.hello
    heard = [json.loads(back.receive()[2:])[1]["content"] for _ in range(100)]
    assert heard == [str(number) for number in range(100)], heard
    back.ws.sock.close()
    time.sleep(4.5)
    late = Client(server.chat, joins="40" + json.dumps({"pid": pid, "offset": offset}))
    assert json.loads(late.hello[2:])["pid"] != pid
    assert len(json.loads(ask(server.chat, "GET", f"/api/chats/{session}")[1])) == 101


def random_payloads(server, count):
    """random payloads into both channels: neither ends, and a third is served on"""
    source = random.Random(20261126)
    names = ["init_session", "user_message", "admin_message", "user-connected", "user-message", "admin-reply", "user-typing", "x", ""]
    keys = ["sessionId", "content", "message", "timestamp", "isTyping", "ipAddress"]

    def value(depth=0):
        kind = source.randrange(7 if depth > 3 else 9)
        return [None, source.random() < 0.5, source.choice([0, -1, 2**53, 10**18]), 0.5, source.choice(["", "a", "want a human", "\u0000admins"]),
                "x" * source.randrange(200), {"_placeholder": True, "num": source.randrange(-1, 2)}][kind] if kind < 7 else (
            [value(depth + 1) for _ in range(source.randrange(4))] if kind == 7
            else {source.choice(keys): value(depth + 1) for _ in range(source.randrange(4))})

    def payload():
        text = ("42" + source.choice(["", "7", "99"]) + json.dumps([source.choice(names), *[value() for _ in range(source.randrange(3))]])).encode()
        if source.random() < 0.05:
            place = source.randrange(len(text))
            text = text[:place] + bytes([source.randrange(256)]) + text[place + 1:]
        return text.replace(b"\x1e", b"")

    steady = Client(server.steady)
    session = steady.ask("init_session", {})["sessionId"]
    sent = 0
    for port in (server.chat, server.ai):
        while sent < count * (1 if port == server.chat else 2) // 2:
            sid = polled(port)
            ask(port, "POST", f"{PATH}polling&sid={sid}", b"40")
            for _ in range(20):
                batch = [payload() for _ in range(50)]
                sent += len(batch)
                if ask(port, "POST", f"{PATH}polling&sid={sid}", b"\x1e".join(batch))[0] != 200:
                    break
            ask(port, "POST", f"{PATH}polling&sid={sid}", b"1")
            assert steady.ask("user_message", {"sessionId": session, "content": "still here"})["ok"]


def main(binary, payloads):
    ports = {name: free_port() for name in ("chat", "steady", "ai")}

    def prepare(folder):
        settings = folder / "bots" / "server.yaml"
        text = settings.read_text()
        assert "\nchannels:\n" in text
        settings.write_text(text.replace("\nchannels:\n", "\nchannels:" + CHANNELS.format(**ports), 1))

    server = Server(binary, prepare=prepare)
    for name, port in ports.items():
        setattr(server, name, port)
    oracle = Oracle(server, "S")
    oracle.row("S01", handshakes)
    oracle.row("S03", large_payloads)
    oracle.row("S04", odd_packets)
    oracle.row("S07", others_sessions)
    oracle.row("S08", silence)
    oracle.row("S09", coming_back)
    oracle.row("fuzz", random_payloads, payloads)
    oracle.verdict()
    took, code = server.stop()
    assert code == 0 and took < 10, (code, took)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
