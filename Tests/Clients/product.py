"""The product as client tests use it: a server on a copy of the shipped files, and people who talk to it."""

import asyncio
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import httpx
import websockets

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The shipped channels on whatever ports are free.
ANY_PORTS = {f"{name}_PORT": "0" for name in ("CLINIC_API", "CLINIC", "STREAMING_CHAT", "LIVE_CHAT_AI", "WIDGET", "LIVE_CHAT")}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The product on a copy of the shipped files, on free ports."""

    def __init__(self, binary, limits=None, listen=None, prepare=None, limit=None, log=None):
        """`limits` and `listen` are put into the server file; `prepare` gets the folder before the start.

        `limit` is called in the new process; `log` is where its standard error goes.
        """
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="orchestrator-"))
        shutil.copytree(ROOT / "bots", self.folder / "bots")
        # Load tests ask more often than people do.
        settings = self.folder / "bots" / "server.yaml"
        text = settings.read_text().replace("max: 600", "max: 1000000")
        text = text.replace("\nlimits:\n", "\nlimits:\n" + "".join(f"  {key}: {value}\n" for key, value in (limits or {}).items()))
        for key, value in (listen or {}).items():
            text = text.replace("\nlisten: {", f"\nlisten: {{ {key}: {value},")
        settings.write_text(text)
        (self.folder / ".env").write_text(
            "".join(f"{name}={os.urandom(32).hex()}\n" for name in ("JWT_SECRET", "JWT_SECRET_KEY")))
        if prepare:
            prepare(self.folder)
        self.binary = str(pathlib.Path(binary).resolve())
        self.port = free_port()
        environment = dict(os.environ, PORT=str(self.port), **ANY_PORTS, SWIFT_BACKTRACE="enable=no")
        self.log = open(log or self.folder / "log", "wb")
        self.limit = limit
        self.environment = environment
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.binary, "serve"], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=self.log,
            preexec_fn=self.limit)
        line = self.process.stdout.readline().decode()
        assert line.startswith("ready:"), line + (self.folder / "log").read_text()

    def kill(self):
        """Ends it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def token(self, role, user):
        return subprocess.run(
            [self.binary, "token", "--role", role, "--user", user], cwd=self.folder, env=self.environment,
            capture_output=True, text=True, check=True).stdout.strip()

    def stop(self):
        """Ends it as an operator would; the time that took in seconds, and its exit code."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=15)
        took = time.monotonic() - began
        self.log.close()
        shutil.rmtree(self.folder)
        return took, code


def keep_open(bots):
    """Queues without hours, so that a test finds the desk open in the evening too."""
    for file in bots.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        kept = re.sub(r"(?m)^    hours: .*\n", "", text)
        if kept != text:
            file.write_text(kept, encoding="utf-8")


class Preset:
    """A preset on a copy of the shipped files, with an `.env` of its own and nothing of ours in the environment."""

    def __init__(self, binary, name, settings, prepare=lambda folder: None, starts=True):
        self.binary, self.name = str(pathlib.Path(binary).resolve()), name
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-"))
        shutil.copytree(ROOT / "bots", self.folder / "bots")
        keep_open(self.folder / "bots")
        prepare(self.folder)
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        lines = {"PORT": str(self.port)} | settings
        (self.folder / ".env").write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
        self.environment = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "LC_ALL")}
        self.environment["SWIFT_BACKTRACE"] = "enable=no"
        if starts:
            self.start()

    def run(self, *words):
        """Another command on the same files; its exit code and all it said."""
        done = subprocess.run([self.binary, *words, "--preset", self.name], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def start(self):
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen([self.binary, "serve", "--preset", self.name], cwd=self.folder, env=self.environment,
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.greeting = self.process.stdout.readline().decode()
        assert self.greeting, self.said
        # The greeting is written at once, and how open it is stands at its end.
        time.sleep(0.2)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.greeting += (self.process.stdout.read() or b"").decode()

    @property
    def said(self):
        return (self.folder / "log").read_text()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=15)
        self.process.stdout.close()
        self.log.close()
        return code

    def remove(self):
        if hasattr(self, "process") and self.process.returncode is None:
            self.stop()
        shutil.rmtree(self.folder)


class Talker:
    """A person over the WebSocket."""

    def __init__(self, server, token):
        self.url = f"ws://127.0.0.1:{server.port}/v1/ws"
        self.protocols = ["orchestrator.v1", f"bearer.{token}"]

    async def open(self, assistant=None, conversation=None):
        self.socket = await websockets.connect(self.url, subprotocols=self.protocols)
        await self.send({"type": "open"} | ({"conversation": conversation} if conversation else {"assistant": assistant}))
        self.conversation = (await self.until("opened"))["conversation"]

    async def send(self, frame):
        await self.socket.send(json.dumps(frame))

    async def until(self, kind, author=None):
        async with asyncio.timeout(10):
            while True:
                frame = json.loads(await self.socket.recv())
                assert frame["type"] != "error", frame
                if frame["type"] == kind and author in (None, frame.get("message", frame).get("author")):
                    return frame.get("message", frame) if kind == "message" else frame

    async def say(self, text):
        await self.send({"type": "message", "conversation": self.conversation, "text": text})
        return await self.until("message", author="assistant")


class Asker:
    """Someone who asks over REST all the time; every failure counts."""

    def __init__(self, server, token):
        self.client = httpx.AsyncClient(
            base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
        self.asked = 0

    async def begin(self):
        answer = await self.client.post("/v1/conversations", json={"assistant": "patient"})
        assert answer.status_code == 201, answer.text
        self.conversation = answer.json()["id"]

    async def ask(self, text):
        answer = await self.client.post(f"/v1/conversations/{self.conversation}/messages", json={"text": text})
        assert answer.status_code == 200, answer.text
        self.asked += 1
        return " ".join(reply["text"] for reply in answer.json()["replies"])

    async def keep_asking(self, stop):
        while not stop.is_set():
            assert "Metformin" in await self.ask("What are my current medications?")
            await asyncio.sleep(0.05)

    async def health(self):
        answer = await self.client.get("/health")
        assert answer.status_code == 200, answer.text
        return answer.json()


async def eventually(check, what):
    deadline = time.monotonic() + 5
    while not await check():
        assert time.monotonic() < deadline, f"not within 5 s: {what}"
        await asyncio.sleep(0.005)
