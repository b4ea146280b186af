"""live-chat and live-chat-ai through their documents' own examples: curl, python-socketio, and the genuine client 4.8.1
under Node and in Chromium; unchanged but for the address.

Has a server of its own: live_chat.py ORCHESTRATORD
"""

import asyncio
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

import httpx
import socketio
from playwright.async_api import async_playwright

from support import blank_page, expect

HERE = pathlib.Path(__file__).resolve().parent
CLIENT = HERE.parent.parent / ".venv/socket.io.min.js"
SECRET = os.urandom(32).hex()
SERVER = """\
kind: server
version: 1
storage: { url: "sqlite:data/chat.db" }
roles:
  ADMIN: { staff: true, operator: true }
  anonymous: {}
auth:
  issuers:
    local: { algorithm: HS256, secret: "${env.JWT_SECRET}", expires: 24h, claims: { user: userId, role: role, name: username, admin: adminId } }
channels:
  live-chat: { type: live-chat, port: %d, assistant: none, staff_access: open, recovery: 2m }
  live-chat-ai: { type: live-chat-ai, port: %d, issuer: local, assistant: desk, ai: { enabled: true } }
reload: { watch: false }
"""
DESK = """\
kind: assistant
version: 1
id: desk
name: Desk
roles: [anonymous]
intents:
  greet:
    examples: [hello there, good morning, hi]
    say: Hello from the desk.
otherwise:
  - say: Please say that again.
"""


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    return [one.getsockname()[1] for one in held]


class Server:
    def __init__(self, folder: pathlib.Path):
        self.folder, self.binary = folder, sys.argv[1]
        (folder / "bots").mkdir()
        self.chat, self.ai = free_ports(2)
        (folder / "bots/server.yaml").write_text(SERVER % (self.chat, self.ai))
        (folder / "bots/desk.yaml").write_text(DESK)
        (folder / ".env").write_text(f"JWT_SECRET={SECRET}\n")

    def start(self) -> None:
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [self.binary, "serve", "--bots", self.folder / "bots"], cwd=self.folder, stdout=self.log, stderr=self.log)
        for _ in range(100):
            try:
                return httpx.get(f"http://127.0.0.1:{self.chat}/health").raise_for_status() and None
            except httpx.HTTPError:
                time.sleep(0.1)
        raise SystemExit((self.folder / "log").read_text())

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        expect(self.process.wait(15) == 0, "a clean end", self.process.returncode)

    def token(self) -> str:
        words = [self.binary, "token", "--bots", self.folder / "bots", "--role", "ADMIN", "--user", "admin-1"]
        return subprocess.run(words, check=True, capture_output=True, text=True, cwd=self.folder).stdout.strip()


def curl(*words: str) -> str:
    return subprocess.run(["curl", "-sS", *words], check=True, capture_output=True, text=True).stdout


async def python_client(base: str, transports: list[str]) -> None:
    """A visitor and an admin, as the system's event flow has them."""
    visitor, admin = socketio.AsyncClient(), socketio.AsyncClient()
    heard: dict[str, asyncio.Queue] = {"visitor": asyncio.Queue(), "admin": asyncio.Queue()}
    # With `recovery` an offset follows the message, so handlers take what comes.
    visitor.on("message", lambda message, *_: heard["visitor"].put_nowait(message))
    admin.on("message", lambda message, *_: heard["admin"].put_nowait(message))
    await visitor.connect(base, transports=transports)
    await admin.connect(base, transports=transports)
    session = (await visitor.call("init_session", {"sessionId": None}))["sessionId"]
    expect((await admin.call("init_session", {"sessionId": session}))["sessionId"] == session, "the same session")
    await visitor.emit("user_message", {"sessionId": session, "content": "Hello, I need help!"})
    first = [await asyncio.wait_for(queue.get(), 5) for queue in heard.values()]
    expect(first[0] == first[1] and first[0]["sender"] == "user", "one message to both", first)
    await admin.emit("admin_message", {"sessionId": session, "content": "How can I assist you today?"})
    second = [await asyncio.wait_for(queue.get(), 5) for queue in heard.values()]
    expect(second[0] == second[1] and second[0]["sender"] == "admin", "the answer to both", second)
    stored = json.loads(curl(f"{base}/api/chats/{session}"))
    expect(stored == [first[0], second[0]], "what was told is what is stored", stored)
    if transports == ["websocket"]:
        await burst(visitor, heard["admin"], session)
    lost = await visitor.call("user_message", {"sessionId": "nobody", "content": "x"})
    expect(lost == {"ok": False, "error": "Chat session not found"}, "an error for nobody's session", lost)
    await visitor.disconnect()
    await admin.disconnect()


async def burst(visitor: socketio.AsyncClient, heard: asyncio.Queue, session: str) -> None:
    """Faster than a disk: nothing is lost, though the client asks for no acknowledgement.

    Over a WebSocket, since this client takes no more than 16 packets from one poll.
    """
    for number in range(200):
        await visitor.emit("user_message", {"sessionId": session, "content": str(number)})
    told = [(await asyncio.wait_for(heard.get(), 5))["content"] for _ in range(200)]
    expect(told == [str(number) for number in range(200)], "all of a burst, in order", told)


async def upgraded(base: str) -> None:
    client = socketio.AsyncClient()
    await client.connect(base)
    for _ in range(50):
        if client.transport() == "websocket":
            break
        await asyncio.sleep(0.1)
    expect(client.transport() == "websocket", "polling becomes a WebSocket", client.transport())
    expect("sessionId" in await client.call("init_session", {}), "it works after the upgrade")
    await client.disconnect()


def node(base: str) -> None:
    done = subprocess.run(
        ["node", HERE / "live_chat.cjs", CLIENT, base], capture_output=True, text=True, timeout=60)
    expect(done.returncode == 0 and "all as documented" in done.stdout, "the genuine client", done.stdout + done.stderr)


async def browser(base: str) -> None:
    """The console example of the documents, with the client from a file in place of the network."""
    with blank_page() as origin:
        lines = await console(base, origin)
    expect(lines[0] == "Connected!" and lines[1].startswith("Session: "), "the console's first lines", lines)
    expect(any(line.startswith("Message received:") for line in lines), "the console hears its message", lines)


async def console(base: str, origin: str) -> list[str]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = await chromium.new_page()
        lines: list[str] = []
        page.on("console", lambda line: lines.append(line.text))
        await page.route("https://cdn.socket.io/4.8.1/socket.io.min.js",
                         lambda route: route.fulfill(path=CLIENT, content_type="text/javascript"))
        await page.goto(f"{origin}/")
        await page.evaluate((HERE / "live_chat_console.js").read_text().replace("http://localhost:4000", base))
        for _ in range(100):
            if any(line.startswith("Message received:") for line in lines):
                break
            await asyncio.sleep(0.1)
        await chromium.close()
    return lines


async def with_ai(server: Server) -> None:
    base, token = f"http://127.0.0.1:{server.ai}", server.token()
    visitor, admin = socketio.AsyncClient(), socketio.AsyncClient()
    told: asyncio.Queue = asyncio.Queue()
    seen: asyncio.Queue = asyncio.Queue()
    visitor.on("*", lambda event, *arguments: told.put_nowait((event, *arguments)))
    admin.on("*", lambda event, *arguments: seen.put_nowait((event, *arguments)))
    await visitor.connect(base)
    await admin.connect(base, auth={"token": token})
    await visitor.emit("user-connected", {"sessionId": "session_1_abc"})
    await visitor.emit("user-message", {"sessionId": "session_1_abc", "message": "hello there", "timestamp": "2026-03-09T10:00:00.000Z"})
    names = [(await asyncio.wait_for(told.get(), 5))[0] for _ in range(4)]
    expect(names == ["message-received", "ai-thinking", "ai-reply", "ai-thinking"], "the visitor's order", names)
    await visitor.emit("user-message", {"sessionId": "session_1_abc", "message": "I want a human"})
    names = [await asyncio.wait_for(told.get(), 5) for _ in range(2)]
    expect("Connecting you to our support team" in names[1][1]["message"], "people are called", names)
    await admin.emit("admin-reply", {"sessionId": "session_1_abc", "message": "Hi, Ann here", "timestamp": ""})
    reply = await asyncio.wait_for(told.get(), 5)
    expect(reply[0] == "admin-reply" and reply[1]["senderType"] == "admin", "an admin answers", reply)
    events = [seen.get_nowait()[0] for _ in range(seen.qsize())]
    expect("user-message" in events and "handoff-requested" in events, "admins see it all", events)
    chats = json.loads(curl("-H", f"Authorization: Bearer {token}", f"{base}/api/chats"))
    expect(chats[0]["handedOffToAdmin"] is True, "the list says who has it", chats)
    expect(json.loads(curl(f"{base}/api/chats")) == {"error": "No token provided"}, "the list is closed")
    await visitor.disconnect()
    await admin.disconnect()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(pathlib.Path(folder))
        server.start()
        base = f"http://127.0.0.1:{server.chat}"
        try:
            expect(curl(f"{base}/health") == '{"status":"ok"}', "health")
            expect(curl(f"{base}/api/chats") == "[]", "no chats yet")
            expect(curl(f"{base}/api/chats/550e8400-e29b-41d4-a716-446655440000") == "[]", "an unknown session")
            expect("access-control-allow-origin: *" in curl("-i", f"{base}/health").lower(), "any page may read it")
            for transports in (["polling"], ["websocket"], ["polling", "websocket"]):
                asyncio.run(python_client(base, transports))
            asyncio.run(upgraded(base))
            node(base)
            asyncio.run(browser(base))
            asyncio.run(with_ai(server))
            before = curl(f"{base}/api/chats")
            server.stop()
            server.start()
            expect(curl(f"{base}/api/chats") == before and len(json.loads(before)) > 3, "all is there after a restart")
        finally:
            if server.process.poll() is None:
                server.stop()


main()
