"""Who may do what, against a running server: tokens, roles, passwords and what is taken back.

A07  a thousand tries of passwords: refused after ten, or a hundred, a minute, and the owner still gets in
A08  an unknown name takes as long as a wrong password
A10  every route and every frame by every role: just the declared cells are allowed
A11  another's conversation is not there, and the attempt is in the audit trail
A13  two hundred logins at once, and nobody else notices
W18  what expires, is disabled, revoked or removed closes its sockets within five seconds
Run as: access_faults.py SERVER; TRIES=20 makes A08 shorter.
"""

import asyncio
import contextlib
import base64
import hashlib
import hmac
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import time

import httpx
import websockets

from product import Server, eventually

PASSWORD = "correct horse battery"
TRIES = int(os.environ.get("TRIES", "200"))


class Guarded(Server):
    """The product in production, so that no route is open because it is only a trial."""

    def __init__(self, binary, limits=""):
        self.limits = limits
        super().__init__(binary)

    def start(self):
        self.environment |= {"ENVIRONMENT": "production", "DEMO": "false"}
        settings = self.folder / "bots" / "server.yaml"
        text = settings.read_text()
        if self.limits and self.limits not in text:
            text = re.sub(r"^( *requests: .*)$", rf"\1\n  {self.limits}", text, count=1, flags=re.M)
        settings.write_text(text)
        super().start()

    def run(self, *words, typed=""):
        done = subprocess.run(
            [self.binary, *words], cwd=self.folder, env=self.environment, input=typed, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def sign(self, claims, secret=None):
        """A token made by hand, for times and claims that the product would not write."""
        secret = secret or re.search(r"^JWT_SECRET=(.*)$", (self.folder / ".env").read_text(), re.M)[1]
        parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
        signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
        mac = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
        return (signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()

    def audit(self):
        with sqlite3.connect(f"file:{self.folder}/data/orchestrator.db?mode=ro", uri=True) as database:
            return [tuple(row) for row in database.execute("SELECT actor, action, subject, outcome FROM audit ORDER BY row")]

    def logged(self):
        return (self.folder / "log").read_text()


def client(server, address="127.0.0.1", token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.AsyncHTTPTransport(local_address=address, limits=httpx.Limits(max_connections=None))
    return httpx.AsyncClient(base_url=server.url, transport=transport, headers=headers, timeout=120)


async def login(asker, name, password=PASSWORD):
    return await asker.post("/v1/auth/login", json={"username": name, "password": password})


async def brute_force(server):
    """A07."""
    server.run("user", "add", "ann", "--role", "PATIENT", typed=PASSWORD + "\n")
    async with client(server, "127.0.0.9") as thief:
        one = [await login(thief, "ann", f"guess {number}") for number in range(500)]
    assert [answer.status_code for answer in one[:10]] == [401] * 10
    assert {answer.status_code for answer in one[10:]} == {429}
    assert all(1 <= int(answer.headers["retry-after"]) <= 61 for answer in one[10:])
    async with client(server, "127.0.0.10") as thief:
        many = [await login(thief, f"user {number}", "guess") for number in range(250)]
    assert [answer.status_code for answer in many].count(401) == 100, "a hundred of one address"
    assert {answer.status_code for answer in many[100:]} == {429}
    for number in range(25):
        async with client(server, f"127.0.1.{number + 1}") as thief:
            for _ in range(10):
                assert (await login(thief, "ann", "guess")).status_code == 401
    async with client(server, "127.0.0.11") as owner:
        answer = await login(owner, "ann")
        assert answer.status_code == 200, "the owner gets in meanwhile: " + answer.text
    outcomes = [outcome for _, action, _, outcome in server.audit() if action == "login"]
    assert outcomes.count("rate-limited") == 2, "one line for each address that went on"
    assert outcomes.count("refused") == 260 and outcomes.count("unknown-user") == 100 and outcomes.count("ok") == 1
    assert "guess" not in server.logged()


async def enumeration(server):
    """A08."""
    server.run("user", "add", "bob", "--role", "PATIENT", typed=PASSWORD + "\n")
    times, bodies = {"bob": [], "nobody": []}, set()
    async with client(server) as asker:
        for _ in range(TRIES):
            for name in times:
                began = time.perf_counter()
                answer = await login(asker, name, "wrong password")
                times[name].append(time.perf_counter() - began)
                assert answer.status_code == 401, answer.text
                error = answer.json()["error"]
                bodies.add((error["code"], error["message"]))
    known, unknown = (statistics.median(values) for values in times.values())
    assert len(bodies) == 1, bodies
    assert abs(known - unknown) <= 0.1 * max(known, unknown), (known, unknown)
    return f"medians {known * 1000:.0f} and {unknown * 1000:.0f} ms of {TRIES} each"


def declared_roles(server):
    """Roles and assistants as the files say, not as the server says."""
    text = (server.folder / "bots" / "server.yaml").read_text()
    block = re.search(r"^roles:\n((?:  .*\n|\n)+)", text, re.M)[1]
    roles = {name: rest for name, rest in re.findall(r"^  (\w+): (.*)$", block, re.M)}
    assistants = {}
    for path in sorted((server.folder / "bots").glob("*.yaml")):
        text = path.read_text()
        if re.search(r"^kind: assistant", text, re.M):
            names = re.search(r"^roles: \[(.*)\]", text, re.M)[1]
            assistants[re.search(r"^id: (\w+)", text, re.M)[1]] = [name.strip() for name in names.split(",")]
    return roles, assistants


async def bearers(server, roles, assistants):
    """Everybody who might ask: name -> (role or None, token)."""
    found = {"nobody": (None, None)}
    for role in roles:
        if role != "anonymous":
            found[role] = (role, server.token(role, f"somebody_{role.lower()}"))
            found[f"key {role}"] = (role, server.run("key", "add", role, "--role", role))
    open_to_all = next(name for name, for_roles in assistants.items() if "anonymous" in for_roles)
    async with client(server) as asker:
        begun = await asker.post("/v1/conversations", json={"assistant": open_to_all})
    found["visitor"] = ("anonymous", begun.json()["token"])
    now = int(time.time())
    admin = {"adminId": "root", "iat": now}
    server.run("user", "add", "mallory", "--role", "ADMIN", typed=PASSWORD + "\n")
    async with client(server) as asker:
        found["disabled"] = ("-", (await login(asker, "mallory")).json()["token"])
    server.run("user", "disable", "mallory")
    key = server.run("key", "add", "old", "--role", "ADMIN")
    server.run("key", "revoke", key[:12])
    found |= {
        "expired": ("-", server.sign(admin | {"exp": now - 1})),
        "endless": ("-", server.sign(admin)),
        "forged": ("-", server.sign(admin | {"exp": now + 600}, secret="x" * 32)),
        "other role": ("-", server.sign({"userId": "u", "role": "ROOT", "exp": now + 600})),
        "revoked key": ("-", key),
        "no key": ("-", "ork_00000000_" + "A" * 43),
    }
    return found


def allowed(access, role, roles, assistants):
    """What a cell of the table must answer: None for anything but 401 and 403."""
    if access in ("everyone", "demo"):
        return None
    if role is None:
        is_open = any("anonymous" in for_roles for for_roles in assistants.values())
        return None if access == "anyRole" and is_open else 401
    if role == "-":
        return 401
    if access in ("anyRole", "bearer"):
        return None
    needed = {"operators": "operator: true", "operatorsOrLocal": "operator: true", "staff": "staff: true"}[access]
    return None if needed in roles[role] else 403


async def matrix(server):
    """A10, routes."""
    roles, assistants = declared_roles(server)
    who = await bearers(server, roles, assistants)
    document = httpx.get(server.url + "/openapi.json").json()
    cells = 0
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for name, (role, token) in who.items():
                async with client(server, token=token) as asker:
                    body = {} if method == "post" else None
                    target = re.sub(r"\{\w+\}", "00000000-0000-4000-8000-000000000000", path)
                    answer = await asker.request(method.upper(), target, json=body)
                if operation["x-access"] != "keys":
                    expected = allowed(operation["x-access"], role, roles, assistants)
                else:
                    expected = None if name.startswith("key ") else 401 if role in (None, "-") else 403
                seen = answer.status_code if answer.status_code in (401, 403) else None
                assert seen == expected and answer.status_code < 500, (method, path, name, answer.status_code, answer.text)
                cells += 1
    return f"{cells} cells of {len(document['paths'])} paths"


async def frames(server):
    """A10, frames of the WebSocket."""
    roles, assistants = declared_roles(server)
    victim = server.token("PATIENT", "victim")
    async with client(server, token=victim) as asker:
        foreign = (await asker.post("/v1/conversations", json={"assistant": "patient"})).json()["id"]
    cells = 0
    for role in roles:
        if role == "anonymous":
            continue
        token = server.token(role, f"other_{role.lower()}")
        async with websockets.connect(
            f"ws://127.0.0.1:{server.port}/v1/ws", subprotocols=["orchestrator.v1", f"bearer.{token}"]
        ) as socket:
            async def ask(frame):
                await socket.send(json.dumps(frame))
                return json.loads(await asyncio.wait_for(socket.recv(), 10))

            assert (await ask({"type": "ping"}))["type"] == "pong"
            for assistant, for_roles in assistants.items():
                answer = await ask({"type": "open", "assistant": assistant})
                assert (answer["type"] == "opened") == (role in for_roles), (role, assistant, answer)
                cells += 1
            for frame in (
                {"type": "open"}, {"type": "message", "text": "hello"}, {"type": "typing", "on": True},
                {"type": "read", "sequence": 1}, {"type": "stop"},
            ):
                answer = await ask(frame | {"conversation": foreign})
                assert answer["type"] == "error" and answer["code"] == "not-found", (role, frame, answer)
                cells += 1
    for token in (None, "x", server.sign({"userId": "u", "exp": int(time.time()) - 1})):
        try:
            await websockets.connect(
                f"ws://127.0.0.1:{server.port}/v1/ws", subprotocols=["orchestrator.v1"] + ([f"bearer.{token}"] if token else []))
            raise AssertionError("a socket without a good token")
        except websockets.InvalidStatus as refusal:
            assert refusal.response.status_code == 401
        cells += 1
    return f"{cells} cells"


async def others(server):
    """A11."""
    victim, thief = server.token("PATIENT", "victim"), server.token("PATIENT", "thief")
    async with client(server, token=victim) as asker:
        conversation = (await asker.post("/v1/conversations", json={"assistant": "patient"})).json()["id"]
        said = await asker.post(f"/v1/conversations/{conversation}/messages", json={"text": "PHI-CANARY"})
        assert said.status_code == 200
    async with client(server, token=thief) as asker:
        for method, path in (
            ("GET", ""), ("GET", "/messages"), ("POST", "/messages"),
        ):
            body = {"text": "hello"} if method == "POST" else None
            answer = await asker.request(method, f"/v1/conversations/{conversation}{path}", json=body)
            assert answer.status_code == 404 and "CANARY" not in answer.text, answer.text
        assert (await asker.get("/v1/conversations")).json()["conversations"] == []
    refused = [row for row in server.audit() if row[1] == "access-refused"]
    assert refused[-3:] == [("thief", "access-refused", conversation, "refused")] * 3, refused
    assert "CANARY" not in server.logged()


async def storm(server):
    """A13."""
    server.run("user", "add", "cid", "--role", "PATIENT", typed=PASSWORD + "\n")
    stop, waits, echoes = asyncio.Event(), [], []
    token = server.token("PATIENT", "canary")

    async def health():
        async with client(server) as canary:
            while not stop.is_set():
                began = time.perf_counter()
                assert (await canary.get("/health")).status_code == 200
                waits.append(time.perf_counter() - began)
                await asyncio.sleep(0.1)

    async def echo():
        async with websockets.connect(
            f"ws://127.0.0.1:{server.port}/v1/ws", subprotocols=["orchestrator.v1", f"bearer.{token}"]
        ) as socket:
            while not stop.is_set():
                began = time.perf_counter()
                await socket.send('{"type":"ping"}')
                assert json.loads(await socket.recv())["type"] == "pong"
                echoes.append(time.perf_counter() - began)
                await asyncio.sleep(0.1)

    canaries = [asyncio.create_task(health()), asyncio.create_task(echo())]
    askers = [client(server, f"127.0.{2 + number // 200}.{1 + number % 200}") for number in range(200)]
    began = time.perf_counter()
    answers = await asyncio.gather(*(login(asker, "cid") for asker in askers))
    took = time.perf_counter() - began
    stop.set()
    await asyncio.gather(*canaries, *(asker.aclose() for asker in askers))
    codes = [answer.status_code for answer in answers]
    assert set(codes) <= {200, 503} and codes.count(200) >= 64, codes
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)
    worst = [max(values) for values in (waits, echoes)]
    assert max(worst) < 0.5, worst
    p99 = [statistics.quantiles(values, n=100)[98] for values in (waits, echoes)]
    return (
        f"{codes.count(200)} in, {codes.count(503)} told to come again in {took:.1f} s; canary p99 "
        f"{p99[0] * 1000:.0f} and {p99[1] * 1000:.0f} ms, worst {max(worst) * 1000:.0f} ms")


async def taken_back(server):
    """W18."""
    server.run("user", "add", "dan", "--role", "PATIENT", typed=PASSWORD + "\n")
    server.run("user", "add", "eve", "--role", "PATIENT", typed=PASSWORD + "\n")
    key = server.run("key", "add", "portal", "--role", "DOCTOR")
    async with client(server) as asker:
        dan, eve = [(await login(asker, name)).json()["token"] for name in ("dan", "eve")]
    short = server.sign({"userId": "u", "exp": int(time.time()) + 5})
    settings = server.folder / "bots" / "server.yaml"
    good = settings.read_text()

    ways = {
        "expires": (short, lambda: None, 4401),
        "disabled": (dan, lambda: server.run("user", "disable", "dan"), 4401),
        "password": (eve, lambda: server.run("user", "password", "eve", typed="another long one\n"), 4401),
        "revoked": (key, lambda: server.run("key", "revoke", key[:12]), 4401),
        "role": (
            server.sign({"userId": "d", "role": "AUDITOR", "exp": int(time.time()) + 600}),
            lambda: settings.write_text(good), 4403),
    }
    settings.write_text(good.replace("roles:\n", "roles:\n  AUDITOR: {}\n", 1))

    async def declared():
        async with client(server, token=ways["role"][0]) as asker:
            return (await asker.get("/v1/auth/me")).status_code == 200

    await eventually(declared, "the role is there")
    seen = []
    for name, (token, take, code) in ways.items():
        async with websockets.connect(
            f"ws://127.0.0.1:{server.port}/v1/ws", subprotocols=["orchestrator.v1", f"bearer.{token}"]
        ) as socket:
            await socket.send('{"type":"ping"}')
            assert json.loads(await socket.recv())["type"] == "pong", name
            await asyncio.to_thread(take)
            began = time.perf_counter()
            with contextlib.suppress(websockets.ConnectionClosed):
                async with asyncio.timeout(5):
                    while True:
                        await socket.recv()
            assert socket.close_code == code, (name, socket.close_code, socket.close_reason)
            seen.append(f"{name} {time.perf_counter() - began:.2f} s")
    return ", ".join(seen)


async def main():
    binary = sys.argv[1]
    relaxed = "logins: { per_account: 100000, per_address: 100000 }"
    for limits, cases in (("", [brute_force]), (relaxed, [matrix, frames, others, taken_back, storm, enumeration])):
        server = Guarded(binary, limits)
        try:
            for case in cases:
                figures = await case(server)
                print(f"{case.__doc__.rstrip('.')}{': ' + figures if figures else ''}", flush=True)
                assert server.process.poll() is None, "the server has ended"
        except BaseException:
            print(server.logged()[-2000:], file=sys.stderr)
            raise
        finally:
            _, code = server.stop()
        assert code == 0, code


asyncio.run(main())
