"""Edits a running server's files a hundred times, half of them badly, while people talk.

One client keeps a booking open over a WebSocket from the first edit to the last and then finishes it; another asks
for something all the time; a third checks after each edit that the next answer is the new one, or, after a bad edit,
still the old one. No request may fail and no socket may close. Run as: edit_while_talking.py SERVER [ROUNDS]
"""

import asyncio
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import httpx
import websockets

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What authors do to a file by mistake; each must be refused with a place.
MISTAKES = [
    lambda text: text.replace("\nroles:", "\nrolse:", 1),
    lambda text: text[: len(text) // 3],
    lambda text: text.replace("intents:", "intents: [", 1),
    lambda text: text.replace("\n  greeting:", "\n\tgreeting:", 1),
    lambda text: text + '\nname: "not closed',
    lambda text: "",
    lambda text: text.replace("say: greeting", "say: greting"),
    lambda text: text + "\nid: twice\n",
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The product on a copy of the shipped files, on free ports."""

    def __init__(self, binary):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="orchestrator-"))
        shutil.copytree(ROOT / "bots", self.folder / "bots")
        (self.folder / ".env").write_text(
            "".join(f"{name}={os.urandom(32).hex()}\n" for name in ("JWT_SECRET", "JWT_SECRET_KEY")))
        self.binary = str(pathlib.Path(binary).resolve())
        self.port = free_port()
        environment = dict(
            os.environ, PORT=str(self.port), CLINIC_API_PORT=str(free_port()), SWIFT_BACKTRACE="enable=no")
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            [self.binary, "serve"], cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=self.log)
        self.environment = environment
        line = self.process.stdout.readline().decode()
        assert line.startswith("ready:"), line + (self.folder / "log").read_text()
        self.url = f"http://127.0.0.1:{self.port}"

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


class Talker:
    """A person over the WebSocket."""

    def __init__(self, server, token):
        self.url = f"ws://127.0.0.1:{server.port}/v1/ws"
        self.protocols = ["orchestrator.v1", f"bearer.{token}"]

    async def open(self, assistant):
        self.socket = await websockets.connect(self.url, subprotocols=self.protocols)
        await self.send({"type": "open", "assistant": assistant})
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


def with_greeting(text, wording):
    """The patient file with another answer to a greeting."""
    head, responses, rest = text.partition("\nresponses:\n")
    changed, count = re.subn(r"(?m)^  greeting:(?:.*\n)(?:    .*\n)*", f'  greeting: "{wording}"\n', rest)
    assert count == 1, "the patient file has one response called greeting"
    return head + responses + changed


async def edits(server, asker, rounds):
    path = server.folder / "bots" / "patient.yaml"
    original = path.read_text()
    slowest = 0
    for number in range(rounds):
        wording = f"Good day number {number - number % 2}."
        good = with_greeting(original, wording)
        if number % 2 == 0:
            began = time.monotonic()
            path.write_text(good)
            async def greeted():
                return wording in await asker.ask("hello")
            await eventually(greeted, f"edit {number} is served")
            slowest = max(slowest, time.monotonic() - began)
        else:
            broken = MISTAKES[number // 2 % len(MISTAKES)](good)
            assert broken != good, f"mistake {number // 2 % len(MISTAKES)} changes the file"
            path.write_text(broken)
            async def refused():
                return (await asker.health())["config"] == "stale"
            await eventually(refused, f"mistake {number // 2 % len(MISTAKES)} is refused")
            assert wording in await asker.ask("hello"), "the last good one goes on serving"
    path.write_text(original)
    return slowest


async def streamed(server, token):
    """The same turn as server-sent events."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=10) as client:
        created = await client.post("/v1/conversations", json={"assistant": "patient"})
        path = f"/v1/conversations/{created.json()['id']}/messages"
        async with client.stream("POST", path, json={"text": "What are my current medications?"}) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            events = [line async for line in answer.aiter_lines() if line.startswith("event:")]
    assert "event: message" in [event.replace("event:message", "event: message") for event in events], events


async def main(binary, rounds):
    server = Server(binary)
    patient = server.token("PATIENT", "patient_1")
    doctor = server.token("DOCTOR", "doctor_1")
    booking = Talker(server, patient)
    await booking.open("patient")
    first = await booking.say("I need to see a cardiologist next week")
    assert first["type"] == "doctor_selection", first
    asker, other = Asker(server, server.token("PATIENT", "patient_2")), Asker(server, patient)
    await asker.begin()
    await other.begin()
    stop = asyncio.Event()
    load = asyncio.create_task(other.keep_asking(stop))
    slowest = await edits(server, asker, rounds)
    stop.set()
    await load
    await streamed(server, patient)
    schedule = Talker(server, doctor)
    await schedule.open("doctor")
    assert "Today's Appointments:" in (await schedule.say("Show me today's schedule"))["text"]
    assert (await booking.say("the first one"))["type"] == "datetime_selection"
    assert (await booking.say("1"))["type"] == "booking_start"
    booked = await booking.say("yes, please")
    assert booked["type"] == "appointment_booked", booked
    took, code = server.stop()
    try:
        while True:
            await booking.socket.recv()
    except websockets.ConnectionClosed as closed:
        assert closed.rcvd is not None and closed.rcvd.code in (1001, 1012), closed
    assert code == 0, f"exit code {code}"
    assert took < 10, f"stopping took {took:.1f} s"
    print(
        f"{rounds} edits, half of them bad: slowest good one served after {1000 * slowest:.0f} ms, "
        f"{asker.asked + other.asked} requests, none failed, no socket dropped, stopped in {took:.1f} s")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100))
