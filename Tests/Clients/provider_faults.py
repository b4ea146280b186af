"""Every way an AI provider can fail, and what the person sees, what is stored and what is logged (ids only).

P01 refused, unknown host, black hole   P02 accepts, never answers   P03 429 with every form of Retry-After
P04 500, 502, 503, 529 once, and always P05 cut by FIN and RST, no end   P06 slow drip, stall
P07 split, mixed, long event streams    P08 HTML, types, 204, redirect, gzip, framing  P09 100 MiB
P10 the person leaves, stop             P11 everybody hangs and an emergency    P12 a tool that was not offered
P13 the key in an error                 P14 certificates                        P15 all down, and back
Run as: provider_faults.py SERVER
"""

import asyncio
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time

import httpx

from fake_upstream import ANSWER, WORDS, Upstream
from product import Talker, free_port

KEY = "sk-canary-" + os.urandom(8).hex()
CANARY = "PHI-CANARY-4711"
ENDING = "(The answer broke off here. Please ask again.)"
SORRY = "Nobody can answer that right now."

SERVER = """kind: server
version: 1
listen: { host: 127.0.0.1, port: %d }
storage: { url: "sqlite:data/test.db" }
roles:
  USER: {}
auth: { issuers: { local: { algorithm: HS256, secret: "${env.JWT_SECRET}", expires: 24h, claims: { user: userId, role: role }, default_role: USER } } }
limits: { requests: { max: 1000000, per: 1m } }
reload: { watch: true, gate: [validate], control: data/control.sock }
"""

ASSISTANT = """kind: assistant
version: 1
id: %s
roles: [USER]
persona: You are brief.
settings: { emergency_number: "911", languages: [en] }
safety:
  - { id: cardiac, level: emergency, phrases: [chest pain], say: { text: "Call ${settings.emergency_number} now." } }
otherwise: [{ route: %s, history: 5 }]
"""


class Tree:
    """A server with one assistant for each fault."""

    def __init__(self, binary):
        self.binary = str(pathlib.Path(binary).resolve())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="orchestrator-faults-"))
        (self.folder / "bots").mkdir()
        self.port = free_port()
        (self.folder / ".env").write_text(f"JWT_SECRET={os.urandom(32).hex()}\nFAKE_KEY={KEY}\n")
        (self.folder / "bots" / "server.yaml").write_text(SERVER % self.port)
        self.providers, self.routes = [], []

    def provider(self, name, url, extra=""):
        self.providers.append(f'  {name}: {{ type: openai, url: "{url}", key: "${{env.FAKE_KEY}}", model: fake-1{extra} }}')

    def route(self, name, *tries, mid_stream="resume", extra=""):
        lines = "".join(f"      - {{ {line} }}\n" for line in tries)
        self.routes.append(f"  {name}:\n    mid_stream: {mid_stream}\n{extra}    try:\n{lines}"
                           f"      - {{ fail: {{ text: {SORRY} }} }}\n")
        (self.folder / "bots" / f"{name}.yaml").write_text(ASSISTANT % (name, name))

    def start(self):
        routing = "kind: routing\nversion: 1\nproviders:\n" + "\n".join(self.providers) + "\nroutes:\n" + "".join(self.routes)
        (self.folder / "bots" / "routing.yaml").write_text(routing)
        self.log = open(self.folder / "log", "wb")
        self.environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
        self.process = subprocess.Popen(
            [self.binary, "serve"], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline().decode()
        assert line.startswith("ready:"), line + (self.folder / "log").read_text()
        self.token = subprocess.run(
            [self.binary, "token", "--role", "USER", "--user", "u1"], cwd=self.folder, env=self.environment,
            capture_output=True, text=True, check=True).stdout.strip()
        self.client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", headers={"Authorization": f"Bearer {self.token}"}, timeout=30)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=15)
        assert code == 0, code
        self.log.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def stored(self, conversation):
        with sqlite3.connect(self.folder / "data" / "test.db") as store:
            return store.execute(
                "SELECT author, text, partial, usage FROM messages WHERE conversation = ? ORDER BY sequence",
                (conversation,)).fetchall()

    def logged(self, conversation):
        lines = [json.loads(line) for line in (self.folder / "log").read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("conversation") == conversation]

    async def ask(self, assistant, text=f"where do I park {CANARY}"):
        begun = await self.client.post("/v1/conversations", json={"assistant": assistant})
        assert begun.status_code == 201, begun.text
        conversation = begun.json()["id"]
        began = time.monotonic()
        events, name = [], None
        async with self.client.stream(
                "POST", f"/v1/conversations/{conversation}/messages", json={"text": text},
                headers={"Accept": "text/event-stream"}) as answer:
            assert answer.status_code == 200, await answer.aread()
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    events.append((name, json.loads(line[6:])))
        return Seen(self, conversation, events, time.monotonic() - began)


class Seen:
    """One turn as its person saw it."""

    def __init__(self, tree, conversation, events, took):
        self.tree, self.conversation, self.events, self.took = tree, conversation, events, took
        self.streamed = "".join(data["text"] for name, data in events if name == "stream-token")
        messages = [data.get("message", data) for name, data in events if name == "message"]
        self.replies = [m for m in messages if m["author"] == "assistant"]
        self.text = "\n".join(m["text"] for m in self.replies)

    def check(self, text, partial=False, causes=(), longest=8.0, logged=True):
        assert self.text == text, (self.text, text)
        assert self.took < longest, self.took
        assert [m["partial"] for m in self.replies] == [partial] * len(self.replies), self.replies
        if self.streamed:
            assert self.streamed == self.text, (self.streamed, self.text)
            starts = [n for n, _ in self.events if n in ("stream-start", "stream-end")]
            assert starts == ["stream-start", "stream-end"], starts
        rows = self.tree.stored(self.conversation)
        assert [(a, t, bool(p)) for a, t, p, _ in rows[1:]] == [("assistant", text, partial)] * len(rows[1:]) and len(rows) == 2, rows
        if logged:
            # The log is written behind the answer.
            deadline = time.monotonic() + 2
            while True:
                found = [line["reason"] for line in self.tree.logged(self.conversation) if line["cause"] == "provider-failed"]
                if len(found) >= len(causes) or time.monotonic() > deadline:
                    break
                time.sleep(0.02)
            assert found == list(causes), (found, causes)
        return self


def certificate(folder, name, host, days="1"):
    key, cert = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", days,
         "-subj", f"/CN={host}", "-addext", f"subjectAltName=IP:{host}" if host[0].isdigit() else f"subjectAltName=DNS:{host}"],
        check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


# Fault, attempts, what is seen with no second provider, whether it is partial, the causes that are logged.
ALONE = [
    ("good", 1, ANSWER, False, []),
    ("plain", 1, ANSWER, False, []),
    ("status_429_seconds", 2, ANSWER, False, ["rate_limited"]),
    ("status_429_date", 2, ANSWER, False, ["rate_limited"]),
    ("status_429_ms", 2, ANSWER, False, ["rate_limited"]),
    ("status_429_nonsense", 2, ANSWER, False, ["rate_limited"]),
    ("status_429_hours", 2, SORRY, False, ["rate_limited", "rate_limited"]),
    ("once_500", 2, ANSWER, False, ["server_error"]),
    ("once_502", 2, ANSWER, False, ["server_error"]),
    ("once_503", 2, ANSWER, False, ["overloaded"]),
    ("once_529", 2, ANSWER, False, ["overloaded"]),
    ("always_500", 2, SORRY, False, ["server_error", "server_error"]),
    ("hang", 1, SORRY, False, ["timeout"]),
    ("slow", 1, ANSWER, False, []),
    ("hang_midway", 1, "".join(WORDS[:3]) + "\n\n" + ENDING, True, ["timeout"]),
    ("cut_fin", 1, "".join(WORDS[:4]) + "\n\n" + ENDING, True, ["cut"]),
    ("cut_rst", 1, "".join(WORDS[:4]) + "\n\n" + ENDING, True, ["cut"]),
    ("no_done", 1, ANSWER, False, []),
    ("no_end", 1, "".join(WORDS[:4]) + "\n\n" + ENDING, True, ["cut"]),
    ("mixed_ends", 1, ANSWER, False, []),
    ("byte_by_byte", 1, ANSWER, False, []),
    ("long_line", 1, ANSWER, False, []),
    ("too_long_line", 1, SORRY, False, ["malformed"]),
    ("bad_json", 1, SORRY, False, ["malformed"]),
    ("html_200", 1, SORRY, False, ["malformed"]),
    ("wrong_type", 1, SORRY, False, ["malformed"]),
    ("no_content", 1, SORRY, False, ["malformed"]),
    ("redirect", 1, SORRY, False, ["malformed"]),
    ("close_delimited", 1, ANSWER, False, []),
    ("compressed", 1, ANSWER, False, []),
    ("bad_gzip", 1, SORRY, False, ["malformed"]),
    ("bad_chunking", 1, SORRY, False, None),
    ("short_length", 1, SORRY, False, ["cut"]),
    ("unknown_tool", 1, SORRY, False, None),
    ("key_in_error", 1, SORRY, False, ["rejected"]),
]


def build(tree, upstream, black_hole, bad_tls, good_tls, down):
    tree.provider("good", upstream.url("good"))
    for fault, attempts, *_ in ALONE:
        if fault != "good":
            tree.provider(f"p_{fault}", upstream.url(fault))
        name = "good" if fault == "good" else f"p_{fault}"
        limits = f"attempts: {attempts}, first_token: 1s, idle: 1s, total: 5s"
        tree.route(f"a_{fault}", f"provider: {name}, {limits}", extra="    longest_wait: 2s\n")
        tree.route(f"b_{fault}", f"provider: {name}, first_token: 1s, idle: 1s, total: 5s", "provider: good",
                   extra="    cooldown: { failures: 1000 }\n")
    tree.provider("p_refused", f"http://127.0.0.1:{free_port()}/v1")
    tree.provider("p_nowhere", "http://no-such-host.invalid/v1")
    tree.provider("p_black_hole", black_hole)
    tree.provider("p_huge", upstream.url("huge"))
    tree.provider("p_self_signed", bad_tls.url("good", "https"))
    tree.provider("p_trusted", good_tls[0].url("good", "https"), f', trust: "{good_tls[1]}"')
    tree.provider("p_wrong_host", good_tls[2].url("good", "https"), f', trust: "{good_tls[3]}"')
    tree.provider("p_down", f"http://127.0.0.1:{down}/good/v1")
    tree.provider("p_gated", upstream.url("gated"), ", concurrency: 4, queue: 4, queue_wait: 500ms")
    for name in ("refused", "nowhere", "black_hole", "self_signed", "trusted", "wrong_host"):
        tree.route(f"a_{name}", f"provider: p_{name}, first_token: 3s, total: 5s")
        tree.route(f"b_{name}", f"provider: p_{name}, first_token: 3s, total: 5s", "provider: good")
    tree.route("a_huge", "provider: p_huge")
    tree.route("a_down", "provider: p_down, total: 5s", extra="    cooldown: { failures: 2, for: 1s, up_to: 4s }\n")
    tree.route("a_gated", "provider: p_gated, first_token: 20s")


async def alone_and_with_help(tree):
    for fault, attempts, text, partial, causes in ALONE:
        # The log takes ten lines a second of one cause.
        await asyncio.sleep(0.3)
        seen = await tree.ask(f"a_{fault}")
        if causes is None:
            assert seen.text == SORRY, (fault, seen.text)
        else:
            try:
                seen.check(text, partial, causes)
            except AssertionError as error:
                raise AssertionError(f"{fault}: {error}") from error
        helped = await tree.ask(f"b_{fault}")
        assert helped.text == ANSWER and not helped.replies[0]["partial"], (fault, helped.text)
        assert not helped.streamed or helped.streamed == ANSWER, (fault, helped.streamed)
    usage = json.loads(tree.stored((await tree.ask("b_cut_fin")).conversation)[1][3])
    assert usage["provider"] == "good" and usage["model"] == "fake-1" and usage["attempts"] == 2, usage
    print(f"P02-P08, P12, P13: {len(ALONE)} faults, alone and with a second provider")


async def reaching(tree):
    for name, cause, longest in (("refused", "connection_refused", 1), ("nowhere", "unreachable", 4), ("black_hole", "timeout", 2)):
        (await tree.ask(f"a_{name}")).check(SORRY, causes=[cause], longest=longest)
        assert (await tree.ask(f"b_{name}")).text == ANSWER, name
    for name in ("self_signed", "wrong_host"):
        (await tree.ask(f"a_{name}")).check(SORRY, causes=["unreachable"])
    (await tree.ask("a_trusted")).check(ANSWER)
    print("P01, P14: refused, no such host, black hole; certificates refused, and trusted by a file")


async def too_much(tree):
    began = time.monotonic()
    seen = await tree.ask("a_huge")
    assert len(seen.text) <= 262_144 and set(seen.text[:10_000]) == {"y"} and seen.replies[0]["partial"], len(seen.text)
    print(f"P09: 100 MiB, of which {len(seen.text)} characters were taken in {time.monotonic() - began:.1f} s")


async def leaving(tree, upstream):
    """P10."""
    talker = Talker(tree, tree.token)
    for how in ("stop", "emergency", "close"):
        upstream.hung_up.clear()
        await talker.open("a_hang_midway")
        await talker.send({"type": "message", "conversation": talker.conversation, "text": "where do I park"})
        await talker.until("stream-token")
        left = time.monotonic()
        if how == "stop":
            await talker.send({"type": "stop", "conversation": talker.conversation})
        elif how == "emergency":
            await talker.send({"type": "message", "conversation": talker.conversation, "text": "I have chest pain"})
            reply = await talker.until("message", author="assistant")
            assert reply["text"] == "Call 911 now." and time.monotonic() - left < 0.5, reply
        else:
            await talker.socket.close()
        while not upstream.hung_up:
            assert time.monotonic() - left < 1, f"{how}: the upstream still runs"
            await asyncio.sleep(0.005)
        took = upstream.hung_up[0][1] - left
        for _ in range(200):
            rows = [row for row in tree.stored(talker.conversation) if row[2]]
            if rows:
                break
            await asyncio.sleep(0.01)
        assert len(rows) == 1 and "".join(WORDS[:3]).startswith(rows[0][1]) and rows[0][1], (how, rows)
        print(f"P10: {how}: the upstream was cancelled after {took * 1000:.0f} ms, the partial text is stored")


async def crowd(tree, upstream):
    """P11."""
    upstream.gate.clear()
    asking = [asyncio.create_task(tree.ask("a_gated")) for _ in range(100)]
    # Four are at the provider until its gate opens; those who wait for a place give up after half a second.
    async with asyncio.timeout(15):
        while (turned_away := sum(task.done() for task in asking)) < 96:
            await asyncio.sleep(0.05)
    began = time.monotonic()
    seen = await tree.ask("a_gated", "I have chest pain")
    took = time.monotonic() - began
    assert seen.text == "Call 911 now." and took < 0.5, (seen.text, took)
    upstream.gate.set()
    texts = [(await task).text for task in asking]
    assert texts.count(SORRY) == turned_away and texts.count(ANSWER) == 100 - turned_away, texts
    print(f"P11: 100 at a provider that hangs: {turned_away} turned away, an emergency answered in {took * 1000:.0f} ms")


async def down_and_back(tree, port):
    """P15, shortened: the rest doubles to 4 s."""
    for _ in range(8):
        assert (await tree.ask("a_down")).text == SORRY
        await asyncio.sleep(0.3)
    back = Upstream.__new__(Upstream)
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    Upstream.__init__(back)
    back.listener.close()
    back.listener = listener
    import threading
    threading.Thread(target=back.accept, daemon=True).start()
    began = time.monotonic()
    while (await tree.ask("a_down")).text != ANSWER:
        assert time.monotonic() - began < 5, "still closed five seconds after it was back"
        await asyncio.sleep(0.05)
    print(f"P15: down and back: answered again {time.monotonic() - began:.1f} s after it was back")


def secrets(tree):
    log = (tree.folder / "log").read_text()
    for planted in (KEY, CANARY, "PHI-CANARY"):
        assert planted not in log, f"{planted} is in the log"
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    allowed = {"time", "level", "cause", "conversation", "route", "provider", "reason", "ms", "status", "begun", "rests", "suppressed"}
    for line in lines:
        if line["cause"] == "provider-failed":
            assert set(line) <= allowed, line
    with sqlite3.connect(tree.folder / "data" / "test.db") as store:
        kept = " ".join(text for (text,) in store.execute("SELECT text FROM messages WHERE author = 'assistant'"))
    assert KEY not in kept
    metrics = httpx.get(tree.url + "/metrics").text
    assert KEY not in metrics and CANARY not in metrics
    assert re.search(r'orchestrator_provider_requests_total\{provider="p_cut_fin",outcome="cut"\} \d', metrics), metrics[-3000:]
    assert re.search(r'orchestrator_provider_tokens_total\{provider="good",direction="output"\} \d', metrics)
    print("L01: neither the key nor what was said is in the log, the metrics or an answer")


async def run(binary):
    upstream = Upstream()
    hole = socket.socket()
    hole.bind(("127.0.0.1", 0))
    hole.listen(0)
    # With its queue full, the kernel drops what else wants in.
    fillers = []
    for _ in range(3):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(hole.getsockname())
        fillers.append(filler)
    tree = Tree(binary)
    bad, _ = certificate(tree.folder, "bad", "127.0.0.1")
    good, good_pem = certificate(tree.folder, "good", "127.0.0.1")
    other, other_pem = certificate(tree.folder, "other", "elsewhere.example")
    good_tls = (Upstream(good), good_pem, Upstream(other), other_pem)
    down = free_port()
    build(tree, upstream, f"http://127.0.0.1:{hole.getsockname()[1]}/v1", Upstream(bad), good_tls, down)
    try:
        tree.start()
        await alone_and_with_help(tree)
        await reaching(tree)
        await too_much(tree)
        await leaving(tree, upstream)
        await crowd(tree, upstream)
        await down_and_back(tree, down)
        secrets(tree)
        assert tree.process.poll() is None
        await tree.client.aclose()
        tree.stop()
        shutil.rmtree(tree.folder)
    except BaseException:
        print("the tree and the log are in", tree.folder)
        tree.process.kill()
        raise


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
