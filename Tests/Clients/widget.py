# SPDX-License-Identifier: Apache-2.0
"""The preset `widget` as a widget's client uses it: the requests of its README, unchanged but for the address, over a
vendor that keeps threads.

Has a server of its own: widget.py ORCHESTRATORD
"""

import http.server
import json
import os
import subprocess
import sys
import threading

import httpx

from product import Preset
from support import expect as check

# The README's own request; two of its ids are placeholders, so they come from an answer.
README_REQUEST = """{
  "message": "Hello, how can you help me?",
  "history": [
    {
      "text": "Previous message",
      "sender": "user",
      "timestamp": 1642678800000
    }
  ],
  "provider": "openai",
  "assistantType": "default",
  "conversationId": "optional_conversation_id",
  "threadId": "optional_thread_id"
}"""
README_ASSISTANTS = """{
  "default": {
    "provider": "openai",
    "assistantId": "asst_your_assistant_id",
    "name": "Default Support Assistant",
    "description": "General customer support assistant"
  },
  "technical": {
    "provider": "openai",
    "assistantId": "asst_technical_assistant",
    "name": "Technical Support Assistant",
    "description": "Technical troubleshooting and support"
  }
}"""


def expect(what, holds, seen=None):
    check(holds, what, seen)


class Vendor(http.server.BaseHTTPRequestHandler):
    """The vendor's threads, messages and runs; a question `fail CODE` ends with that status."""

    protocol_version = "HTTP/1.1"
    asked, threads = [], {}

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        parts = self.path.strip("/").split("/")
        self.asked.append((self.path, body, self.headers.get("Authorization"), self.headers.get("OpenAI-Beta")))
        if parts == ["v1", "threads"]:
            name = f"thread_{len(self.threads) + 1}abc"
            self.threads[name] = []
            return self.answer(200, json.dumps({"id": name}).encode())
        if parts[2] not in self.threads:
            return self.answer(404, b'{"error":{"message":"no such thread"}}')
        thread = self.threads[parts[2]]
        if parts[3] == "messages":
            thread.append(body["content"])
            return self.answer(200, b'{"id":"msg_1"}')
        if thread[-1].startswith("fail "):
            return self.answer(int(thread[-1][5:]), b'{"error":{"message":"your key sk-test is wrong"}}')
        words = f"{body['assistant_id']} heard {len(thread)}: {thread[-1]}"
        events = [("thread.run.created", {"id": "run_1"}),
                  ("thread.message.delta", {"delta": {"content": [{"type": "text", "text": {"value": words}}]}}),
                  ("thread.run.completed", {"id": "run_1", "model": "gpt-x", "usage": {"prompt_tokens": 3, "completion_tokens": 4}}),
                  ("done", "[DONE]")]
        stream = "".join(f"event: {name}\ndata: {data if isinstance(data, str) else json.dumps(data)}\n\n" for name, data in events)
        return self.answer(200, stream.encode(), "text/event-stream")


class Widget(Preset):
    """The preset with the `.env` of its example, and an address for the vendor."""

    def __init__(self, binary, prepare=lambda folder: None, **environment):
        super().__init__(binary, "widget", {
            "OPENAI_API_KEY": "sk-test", "OPENAI_ASSISTANT_ID": "asst_xxx", "NODE_ENV": "development",
            "ALLOWED_ORIGINS": "http://localhost:3000,http://127.0.0.1:3000"} | environment, prepare)


def readme(widget, client):
    expect("S3.40 S3.73 on the port of the old .env, and as open as its original says so",
           f":{widget.port}\n" in widget.greeting and "pages of every origin" in widget.greeting, widget.greeting)
    first = client.post("/api/chat", content=json.dumps({"message": "Hello, how can you help me?"}), headers={"Content-Type": "application/json"})
    expect("S3.14-18 an answer", first.status_code == 200 and first.json() == {
        "message": "asst_xxx heard 1: Hello, how can you help me?", "conversationId": first.json()["conversationId"],
        "threadId": "thread_1abc", "provider": "openai", "assistantId": "asst_xxx"}, first.text)
    known = first.json()
    request = README_REQUEST.replace("optional_conversation_id", known["conversationId"]).replace("optional_thread_id", known["threadId"])
    again = client.post("/api/chat", content=request, headers={"Content-Type": "application/json"})
    expect("S3.8-13 the README's request goes on", again.json() | {"message": ""} == known | {"message": ""}, again.text)
    expect("S3.1 the thread keeps it all", again.json()["message"] == "asst_xxx heard 2: Hello, how can you help me?", again.text)
    expect("the vendor is asked as its second version is", Vendor.asked[-1][2:] == ("Bearer sk-test", "assistants=v2"), Vendor.asked[-1])
    health = client.get("/health").json()
    expect("S3.22-29 health", health["status"] == "healthy" and health["providers"] == ["openai"]
           and health["stats"] == {"totalConversations": 1, "totalMessages": 4, "activeConversations": 1}, health)
    expect("S3.30 providers", [one["name"] for one in client.get("/api/providers").json()["providers"]] == ["openai"])
    expect("S3.31 assistants", client.get("/api/assistants").json() == {"assistants": [
        {"type": "default", "name": "Default Support Assistant", "description": "General customer support assistant", "provider": "openai"}],
        "default": "default"})
    shown = client.get(f"/api/conversations/{known['conversationId']}").json()
    expect("S3.33 a conversation", [one["sender"] for one in shown["messages"]] == ["user", "bot", "user", "bot"], shown)
    listed = client.get(f"/api/users/{shown['userId']}/conversations").json()
    expect("the history view", [one["id"] for one in listed["conversations"]] == [known["conversationId"]], listed)
    opened = client.get(f"/api/threads/{known['threadId']}/conversation").json()
    expect("a thread of the history view", opened == shown, opened)
    for status, wanted in [(401, 401), (404, 404), (429, 429), (500, 502), (503, 503)]:
        failed = client.post("/api/chat", json={"message": f"fail {status}"})
        expect(f"S3.60 the vendor's {status} is {wanted}", failed.status_code == wanted and "sk-" not in failed.text, failed.text)
    alarm = client.post("/api/chat", json={"message": "My father has crushing chest pain"})
    expect("an emergency is answered first", "911" in alarm.json()["message"], alarm.text)
    return known


def restart(widget, client, known):
    expect("S3.7 stopped", widget.stop() == 0)
    widget.start()
    later = client.post("/api/chat", json={"message": "Still there?", "threadId": known["threadId"]}).json()
    expect("S3.5 S3.19 after a restart it goes on", later["conversationId"] == known["conversationId"]
           and later["message"] == "asst_xxx heard 3: Still there?", later)
    deleted = client.delete(f"/api/conversations/{known['conversationId']}")
    expect("S3.34 deleted", deleted.json() == {"success": True, "message": "Conversation deleted"}, deleted.text)
    expect("S3.35 gone", client.get(f"/api/conversations/{known['conversationId']}").status_code == 404)
    origin = client.get("/health", headers={"Origin": "null"}).headers
    expect("S3.41 S3.42 in development any page", origin["Access-Control-Allow-Origin"] == "*", origin)


def production(binary, vendor):
    widget = Widget(binary, NODE_ENV="production", OPENAI_BASE_URL=vendor, RATE_LIMIT_MAX_REQUESTS="2", RATE_LIMIT_WINDOW_MS="60000",
                    DATABASE_URL="postgres://u:p@localhost/db")
    with httpx.Client(base_url=widget.url) as client:
        allowed = [client.get("/health", headers={"Origin": one}).headers.get("Access-Control-Allow-Origin")
                   for one in ("http://localhost:3000", "http://evil.example")]
        expect("S3.42 S3.58 in production the listed pages", allowed == ["http://localhost:3000", None], allowed)
        codes = [client.get("/api/assistants").status_code for _ in range(3)]
        expect("S3.43 S3.44 the limit of the environment", codes == [200, 200, 429], codes)
        said = widget.said
        expect("a store that is not there is said, without its password", "storage-replaced" in said and "u:p@" not in said, said)
    widget.remove()


def imported(binary, vendor):
    def prepare(folder):
        (folder / "assistants.json").write_text(README_ASSISTANTS)
        done = subprocess.run([os.path.abspath(binary), "import", "assistants-json", "assistants.json"], cwd=folder,
                              capture_output=True, text=True, check=True).stdout
        line = next(one for one in done.splitlines() if "assistants:" in one)
        preset = folder / "bots" / "presets" / "widget.yaml"
        text = preset.read_text()
        assert "    assistants: { default: widget }\n" in text
        preset.write_text(text.replace("    assistants: { default: widget }\n", "    " + line[line.index("assistants:"):] + "\n"))

    widget = Widget(binary, prepare, OPENAI_BASE_URL=vendor)
    with httpx.Client(base_url=widget.url) as client:
        shown = {one["type"]: one["name"] for one in client.get("/api/assistants").json()["assistants"]}
        expect("S3.36 the README's assistants.json", shown == {
            "default": "Default Support Assistant", "technical": "Technical Support Assistant"}, shown)
        for kind, wanted in [("default", "asst_your_assistant_id"), ("technical", "asst_technical_assistant"), ("nonsense", "asst_your_assistant_id")]:
            answer = client.post("/api/chat", json={"message": "hi", "assistantType": kind}).json()
            expect(f"S3.11 S3.37 {kind}", answer["assistantId"] == wanted and answer["message"] == f"{wanted} heard 1: hi", answer)
        alarm = client.post("/api/chat", json={"message": "I have chest pain"}).json()
        expect("imported assistants know emergencies", "911" in alarm["message"], alarm)
    widget.remove()


def main():
    binary = sys.argv[1]
    vendor = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Vendor)
    threading.Thread(target=vendor.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{vendor.server_address[1]}/v1"
    widget = Widget(binary, OPENAI_BASE_URL=address)
    with httpx.Client(base_url=widget.url) as client:
        known = readme(widget, client)
        restart(widget, client, known)
    widget.remove()
    production(binary, address)
    imported(binary, address)
    vendor.shutdown()


main()
