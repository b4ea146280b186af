"""Channel `streaming-chat` on the shipped files, with the clients' own snippets: unchanged but for the address.

Run as: streaming_chat.py SERVER
"""

import asyncio
import http.server
import json
import subprocess
import sys
import threading

import httpx
import websockets
from playwright.sync_api import sync_playwright

from product import Server, free_port
from support import blank_page

# The client of the system's README; {url} is all that is changed.
README_CLIENT = r"""
const token = '%(token)s';
const ws = new WebSocket(`%(url)s/ws?token=${token}`);

ws.onopen = () => {
  console.log('Connected to chatbot server');

  // Send chat message
  ws.send(JSON.stringify({
    type: 'chat',
    content: 'Hello, how are you?'
  }));
};

ws.onmessage = (event) => {
  const message = JSON.parse(event.data);

  switch(message.type) {
    case 'stream-token':
      // Handle streaming token
      process.stdout.write(message.token);
      break;

    case 'stream-end':
      console.log('\nStream completed');
      break;

    case 'human-escalation-response':
      console.log('Human agent response:', message.message);
      break;
  }
};
"""
ORIGIN = "http://localhost:3000"


class Service(http.server.BaseHTTPRequestHandler):
    """The external service, as far as files go."""

    def do_GET(self):
        self.reply(200 if self.path == "/health" else 404, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/api/v1/upload/pdf":
            return self.reply(404, {})
        self.reply(200, {"bytes": len(body), "form": self.headers["Content-Type"].split(";")[0]})

    def reply(self, status, value):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Chat(Server):
    """The product with the channel that its clients look for."""

    def start(self):
        self.chat = free_port()
        self.service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
        threading.Thread(target=self.service.serve_forever, daemon=True).start()
        self.environment["FASTAPI_URL"] = f"http://127.0.0.1:{self.service.server_address[1]}"
        self.environment["STREAMING_CHAT_PORT"] = str(self.chat)
        super().start()
        self.url, self.socket = f"http://localhost:{self.chat}", f"ws://localhost:{self.chat}"


def curl(*words):
    return json.loads(subprocess.run(["curl", "-s", *words], capture_output=True, text=True, check=True).stdout)


def rest(server):
    """S0.1 S0.21-S0.26: the curl lines."""
    user = '{"username": "testuser", "password": "password123"}'
    kind = ("-H", "Content-Type: application/json")
    made = curl("-X", "POST", f"{server.url}/api/auth/register", *kind, "-d", user)
    assert made == {"success": True, "message": "User created successfully"}, made
    login = curl("-X", "POST", f"{server.url}/api/auth/login", *kind, "-d", user)
    assert login["success"] and login["user"]["username"] == "testuser", login
    assert login["user"]["email"] is None and login["user"]["lastLogin"] is None
    verified = curl("-X", "POST", f"{server.url}/api/auth/verify", "-H", f"Authorization: Bearer {login['token']}")
    assert verified == {"success": True, "user": {k: login["user"][k] for k in ("id", "username", "email")}}
    for path in ("/health", "/api/health"):
        health = curl(server.url + path)
        assert list(health) == ["status", "timestamp", "uptime", "version"] and health["status"] == "healthy"
    assert curl(f"{server.url}/api/stats")["connectedClients"] == 0
    assert curl(f"{server.url}/api/websocket/info")["endpoint"] == "/ws"
    assert curl(f"{server.url}/nothing") == {"success": False, "message": "Endpoint not found"}
    return login["token"]


def origins(server):
    """S0.61: other origins."""
    for origin, allowed in (("http://localhost:3000", True), ("http://localhost:3000.evil.example", False), (None, False)):
        answer = httpx.get(f"{server.url}/health", headers={"Origin": origin} if origin else {})
        assert answer.status_code == 200
        assert answer.headers.get("access-control-allow-origin") == (origin if allowed else None), origin
    preflight = httpx.options(f"{server.url}/api/auth/login", headers={
        "Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type"})
    assert preflight.headers["access-control-allow-credentials"] == "true", preflight.headers
    assert preflight.headers["access-control-allow-methods"] == "GET, POST, PUT, DELETE, OPTIONS"
    assert preflight.headers["access-control-allow-headers"] == "Content-Type, Authorization, X-Requested-With"


def files(server, token):
    """The uploads of the clients' code: passed on whole, refused with its words."""
    health = httpx.get(f"{server.url}/api/files/health")
    assert (health.status_code, health.json()["status"]) == (200, "healthy"), health.text
    address, allowed = f"{server.url}/api/files/upload", {"Authorization": f"Bearer {token}"}

    def upload(content, headers=allowed, name="report.pdf", kind="application/pdf"):
        answer = httpx.post(address, files={"file": (name, content, kind)}, headers=headers, timeout=60)
        return answer.status_code, answer.json()

    content = b"%PDF-1.7\n" + bytes(5 << 20)
    status, said = upload(content)
    assert status == 200 and said["success"] and said["fileSize"] == len(content), said
    assert said["form"] == "multipart/form-data" and said["bytes"] > len(content), said
    assert upload(b"%PDF-", headers={}) == (401, {"error": "Access token required"})
    assert upload(b"hello", name="a.txt", kind="text/plain") == (415, {"error": "Only PDF files are supported"})
    assert upload(b"%PDF-" + bytes(50 << 20)) == (413, {"error": "File too large. Maximum size is 50MB"})
    # Refused by its announced length, with nothing of it read.
    assert upload(b"%PDF-" + bytes(60 << 20)) == (413, {"error": "File too large. Maximum size is 50MB"})
    server.service.shutdown()
    server.service.server_close()
    status, said = upload(b"%PDF-1.7")
    assert (status, said["error"]) == (503, "Python upload service is currently unavailable"), said


async def frames(socket, last):
    found = []
    async with asyncio.timeout(15):
        while not found or found[-1]["type"] != last:
            found.append(json.loads(await socket.recv()))
    return found


async def talk(server, token):
    """S0.2-S0.5 S0.7 S0.31-S0.43: the frames."""
    for url, headers in (
        (f"{server.socket}/ws?token={token}", {}), (f"{server.socket}?token={token}", {}),
        (f"{server.socket}/ws", {"Authorization": f"Bearer {token}"}),
    ):
        async with websockets.connect(url, additional_headers=headers) as socket:
            assert (await frames(socket, "connection"))[0]["message"] == "Connected to chatbot server"
            await socket.send(json.dumps({"type": "ping"}))
            assert list((await frames(socket, "pong"))[0]) == ["type", "timestamp"]
    async with websockets.connect(f"{server.socket}/ws?token={token}") as socket:
        await frames(socket, "connection")
        await socket.send(json.dumps({"type": "chat", "content": " I need to see a cardiologist next week "}))
        seen = await frames(socket, "ai-response")
        types = [frame["type"] for frame in seen]
        assert types[:2] == ["typing", "stream-start"] and types[-2:] == ["stream-end", "ai-response"], types
        assert "cardiolog" in seen[-1]["message"].lower(), seen[-1]
        assert "".join(frame.get("token", "") for frame in seen) == seen[-1]["message"]
        assert len({frame["messageId"] for frame in seen[1:]}) == 1 and seen[1]["messageId"].startswith("msg_")
        assert isinstance(seen[-1]["patient_context"], list) and seen[-1]["timestamp"].endswith("Z")
        await socket.send(json.dumps({"type": "human-escalation", "message": "I need to speak with a human agent"}))
        told = (await frames(socket, "human-escalation-response"))[0]
        assert told["message"] == "A human agent will contact you soon."
        await socket.send("no json")
        assert (await frames(socket, "error"))[0]["message"] == "Invalid message format"
        for text in ("good morning", "thank you", "goodbye"):
            await socket.send(json.dumps({"type": "chat", "content": text}))
        ids = []
        for _ in range(3):
            ids += [frame["messageId"] for frame in await frames(socket, "ai-response") if "messageId" in frame]
        assert len(set(ids)) == 3 and ids == sorted(ids, key=ids.index), "one answer after the other"
        await socket.send(json.dumps({"type": "chat", "content": "I have crushing chest pain"}))
        seen = await frames(socket, "ai-response")
        assert "911" in seen[-1]["message"], seen[-1]
    for address in (f"{server.socket}/ws", f"{server.socket}/ws?token=x"):
        try:
            await websockets.connect(address)
            raise AssertionError("a socket without a good token")
        except websockets.InvalidStatus as refusal:
            assert refusal.response.status_code == 401


def browser(server, token):
    """S0.41: the README's client, in a page of an origin that nobody listed: sockets are for any page."""
    with blank_page() as origin, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"]).new_page()
        page.goto(f"{origin}/")
        lines = []
        page.on("console", lambda message: lines.append(message.text))
        page.evaluate("window.said = ''; window.process = { stdout: { write: (text) => { window.said += text } } }")
        with page.expect_console_message(lambda message: "Stream completed" in message.text, timeout=15000):
            page.add_script_tag(content=README_CLIENT % {"token": token, "url": server.socket})
        assert len(page.evaluate("window.said")) > 10, "the answer is shown as it comes"
        assert "Connected to chatbot server" in lines, lines


def main():
    server = Chat(sys.argv[1])
    try:
        token = rest(server)
        origins(server)
        asyncio.run(talk(server, token))
        browser(server, token)
        files(server, token)
        logged = (server.folder / "log").read_text()
    finally:
        _, code = server.stop()
    assert code == 0, code
    for secret in (token, "password123", "chest pain"):
        assert secret not in logged, f"in the log: {secret}"


main()
