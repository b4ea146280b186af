# SPDX-License-Identifier: Apache-2.0
"""Each preset started with the `.env` of the system it replaces, on the shipped files.

Has servers of its own: presets.py ORCHESTRATORD
"""

import asyncio
import http.server
import json
import os
import sys
import threading

import httpx
import socketio
import websockets

from product import Preset
from support import expect

SECRET = os.urandom(32).hex()
ORIGINALS = {
    "streaming-chat": {
        "NODE_ENV": "development",
        "MONGODB_URI": "mongodb+srv://username:password@cluster.mongodb.net/chatbot?retryWrites=true&w=majority",
        "JWT_SECRET": SECRET, "JWT_EXPIRES_IN": "24h", "FASTAPI_URL": "http://localhost:8000", "CORS_ORIGIN": "http://localhost:3000"},
    "clinic": {
        "DEBUG": "true", "ENVIRONMENT": "development", "DATABASE_URL": "postgresql://postgres:password@localhost:5432/medreserve",
        "SPRING_BOOT_BASE_URL": "http://localhost:8080/api", "JWT_SECRET_KEY": SECRET, "JWT_ALGORITHM": "HS256",
        "WEBSOCKET_PING_INTERVAL": "20", "WEBSOCKET_PING_TIMEOUT": "10", "MAX_FILE_SIZE": "10485760  # 10MB",
        "UPLOAD_DIRECTORY": "uploads", "CORS_ORIGINS": '["http://localhost:3000","http://localhost:8080"]'},
    "live-chat-ai": {
        "DATABASE_URL": '"postgresql://user:password@localhost:5432/chatbot_db"', "JWT_SECRET": SECRET,
        "ADMIN_EMAIL": '"admin@example.com"', "ADMIN_PASSWORD": '"admin123"', "CORS_ORIGIN": '"http://localhost:5173"'},
    "widget": {
        "OPENAI_API_KEY": "your_openai_api_key_here", "OPENAI_ASSISTANT_ID": "your_assistant_id_here", "NODE_ENV": "development",
        "ALLOWED_ORIGINS": "http://localhost:3000,http://127.0.0.1:3000"},
    "live-chat": {"DATABASE_URL": "postgresql://postgres:postgres@localhost:5432/livechat"},
}
OPEN = {
    "streaming-chat": ["nothing is open without a token"], "clinic": ["nothing is open without a token"],
    "live-chat-ai": ["counts as staff, without a token", "callers choose the ids of their sessions"],
    "widget": ["callers choose the assistant at the vendor", "pages of every origin may call it"],
    "live-chat": ["anybody may answer as staff", "callers choose the ids of their sessions", "pages of every origin may call it"],
}
REQUIRED = {
    "streaming-chat": ["JWT_SECRET"], "clinic": ["JWT_SECRET_KEY"], "live-chat-ai": ["JWT_SECRET", "ADMIN_EMAIL", "ADMIN_PASSWORD"],
    "widget": ["OPENAI_API_KEY", "OPENAI_ASSISTANT_ID"], "live-chat": [],
}
PORTS = {"streaming-chat": 3001, "clinic": 8001, "live-chat-ai": 5000, "widget": 3000, "live-chat": 4000}


def starts(binary, name):
    preset = Preset(binary, name, ORIGINALS[name])
    expect(f"  {name} " in preset.greeting and f"http://127.0.0.1:{preset.port}\n" in preset.greeting, f"{name}: loopback, on its port", preset.greeting)
    for line in OPEN[name]:
        expect(line in preset.greeting, f"{name}: says that {line}", preset.greeting)
    if name != "widget":
        expect("storage-replaced" in preset.said and "password@" not in preset.said, f"{name}: says which store is used", preset.said)
    expect(httpx.get(f"{preset.url}/health").status_code in (200, 503), f"{name}: answers")
    code, said = preset.run("validate")
    expect(code == 0, f"{name}: validate", said)
    expect(preset.stop() == 0, f"{name}: stops")
    preset.remove()


def remote(binary, name):
    variable = "ENVIRONMENT" if name == "clinic" else "NODE_ENV"
    strong = {"ADMIN_PASSWORD": "Uo4-tea-Harbour-9"} if name == "live-chat-ai" else {}
    preset = Preset(binary, name, ORIGINALS[name] | {"HOST": "0.0.0.0"}, starts=False)
    code, said = preset.run("serve", "--check")
    expect(code == 4 and "host-remote" in said, f"{name}: others reach it only in production", (code, said))
    code, said = preset.run("serve", "--check", "--allow-remote")
    expect(code == 0, f"{name}: or where it is allowed", (code, said))
    preset.remove()
    preset = Preset(binary, name, ORIGINALS[name] | strong | {"HOST": "0.0.0.0", variable: "production"}, starts=False)
    code, said = preset.run("serve", "--check")
    expect(code == 0, f"{name}: in production others reach it", (code, said))
    preset.remove()


def bare(binary, name):
    preset = Preset(binary, name, {key: ORIGINALS[name][key] for key in REQUIRED[name]} | {"PORT": ""}, starts=False)
    (preset.folder / ".env").write_text("".join(
        f"{key}={ORIGINALS[name][key]}\n" for key in REQUIRED[name]))
    code, said = preset.run("validate", "--format", "json")
    expect(code == 0, f"{name}: everything else has a default", said)
    text = (preset.folder / "bots/presets" / f"{name}.yaml").read_text()
    expect(f"PORT | default: {PORTS[name]}" in text, f"{name}: the original's port")
    for missing in REQUIRED[name]:
        (preset.folder / ".env").write_text("".join(
            f"{key}={ORIGINALS[name][key]}\n" for key in REQUIRED[name] if key != missing))
        code, said = preset.run("serve", "--check")
        expect(code != 0 and f"'{missing}' is not set" in said, f"{name}: {missing} is required", (code, said))
    preset.remove()


class Service(http.server.BaseHTTPRequestHandler):
    """The AI service of streaming-chat, and the chat completions of live-chat-ai."""

    protocol_version = "HTTP/1.1"
    asked = []

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, body, self.headers.get("Authorization")))
        if self.path.endswith("/chat/completions"):
            words = body["messages"][-1]["content"]
            event = {"model": body["model"], "choices": [{"index": 0, "delta": {"content": f"AI: {words}"}, "finish_reason": "stop"}]}
            answer, kind = f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n".encode(), "text/event-stream"
        else:
            answer, kind = json.dumps({
                "response": f"Heard: {body['query']}", "timestamp": "2025-09-13T11:30:45.123Z",
                "patient_context": [{"record_id": "chunk_abc123", "content": "Excerpt", "score": 0.895,
                                     "metadata": {"patient_id": "PATIENT_001", "source": "medical_report.pdf"}}]}).encode(), "application/json"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


async def streaming_chat(binary, service):
    """Every text is asked exactly as the service documents it, whatever it says."""
    preset = Preset(binary, "streaming-chat", ORIGINALS["streaming-chat"] | {"FASTAPI_URL": service})
    user = {"username": "testuser", "password": "password123"}
    httpx.post(f"{preset.url}/api/auth/register", json=user)
    token = httpx.post(f"{preset.url}/api/auth/login", json=user).json()["token"]
    async with websockets.connect(f"ws://localhost:{preset.port}/ws?token={token}") as chat:
        await chat.recv()

        async def say(text):
            await chat.send(json.dumps({"type": "chat", "content": text}))
            while True:
                frame = json.loads(await asyncio.wait_for(chat.recv(), 10))
                if frame["type"] in ("ai-response", "error"):
                    return frame

        for text in ("hello", "I want to book an appointment", "I want to talk to a human"):
            frame = await say(text)
            expect(frame.get("message") == f"Heard: {text}", "S0.42 every text is relayed", frame)
            expect(Service.asked[-1][1] == {"query": text}, "S0.42 as the service documents it", Service.asked[-1])
        expect(frame["patient_context"][0]["record_id"] == "chunk_abc123", "S0.43 excerpts of records", frame)
        count = len(Service.asked)
        frame = await say("I have crushing chest pain")
        expect("911" in frame["message"] and len(Service.asked) == count, "safety comes first", frame)
    preset.remove()


async def live_chat_ai(binary, service):
    """AI off; a wish for people in the contract's words; then on, with the settings it shows."""
    preset = Preset(binary, "live-chat-ai", ORIGINALS["live-chat-ai"] | {
        "OPENROUTER_BASE_URL": f"{service}/v1", "OPENROUTER_API_KEY": "sk-or"})
    seen = {}

    async def visitor(name):
        client = socketio.AsyncClient()
        for event in ("message-received", "ai-reply", "ai-thinking", "admin-reply"):
            client.on(event, lambda body, event=event: seen.setdefault(name, []).append((event, body)))
        await client.connect(preset.url)
        await client.emit("user-connected", {"sessionId": name})
        return client

    async def said(name, event, count=1):
        async with asyncio.timeout(10):
            while len([one for one in seen.get(name, []) if one[0] == event]) < count:
                await asyncio.sleep(0.02)
        return [body for one, body in seen[name] if one == event][-1]

    one = await visitor("session_1")
    await one.emit("user-message", {"sessionId": "session_1", "message": "hello", "timestamp": "2026-01-01T00:00:00.000Z"})
    await said("session_1", "message-received")
    await one.emit("user-message", {"sessionId": "session_1", "message": "I want to talk to a human", "timestamp": "2026-01-01T00:00:01.000Z"})
    told = await said("session_1", "ai-reply")
    expect(told["message"] == "Connecting you to our support team..." and not Service.asked, "S2.57 with the AI off", told)
    login = httpx.post(f"{preset.url}/api/auth/login", json={"email": "admin@example.com", "password": "admin123"}, timeout=30)
    expect(login.status_code == 200, "S2.5 S2.6 S2.15 the admin of the environment", login.text)
    bearer = {"Authorization": "Bearer " + login.json()["token"]}
    config = httpx.get(f"{preset.url}/api/ai/config", headers=bearer).json()
    wanted = {"isEnabled": False, "provider": "openrouter", "model": "z-ai/glm-4.5-air:free",
              "systemPrompt": "You are a helpful customer support assistant.", "temperature": 0.7, "maxTokens": 500}
    expect({key: config[key] for key in wanted} == wanted, "S2.50-55 the documented settings", config)
    on = httpx.put(f"{preset.url}/api/ai/config", headers=bearer, json={"isEnabled": True}, timeout=30)
    expect(on.status_code == 200 and on.json()["isEnabled"], "S2.23 S2.25 turned on while it runs", on.text)
    two = await visitor("session_2")
    await two.emit("user-message", {"sessionId": "session_2", "message": "where is my order", "timestamp": "2026-01-01T00:00:02.000Z"})
    told = await said("session_2", "ai-reply")
    expect(told["message"] == "AI: where is my order", "S2.56 the AI answers", told)
    path, body, key = Service.asked[-1]
    expect(path == "/v1/chat/completions" and key == "Bearer sk-or" and body["model"] == wanted["model"]
           and body["temperature"] == 0.7 and body["max_tokens"] == 500
           and body["messages"] == [{"role": "system", "content": wanted["systemPrompt"]}, {"role": "user", "content": "where is my order"}],
           "asked as the contract has it", Service.asked[-1])
    for client in (one, two):
        await client.disconnect()
    preset.remove()


def main():
    binary = sys.argv[1]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service = f"http://127.0.0.1:{server.server_address[1]}"
    for name in ORIGINALS:
        starts(binary, name)
        remote(binary, name)
        bare(binary, name)
    asyncio.run(streaming_chat(binary, service))
    Service.asked.clear()
    asyncio.run(live_chat_ai(binary, service))
    server.shutdown()


main()
