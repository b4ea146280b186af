"""One conversation on its way through three dialects: a patient of streaming-chat, a doctor's socket of the clinic, an
admin of live-chat-ai, and back to the assistant; each with its own protocol and tokens.

Run as: across_channels.py SERVER
"""

import asyncio
import json
import re
import subprocess
import sys

import httpx
import socketio
import websockets

from product import Server, free_port
from support import expect

EMAIL, PASSWORD = "admin@example.com", "a good long password"


class Clinic(Server):
    """The product with the three channels; who asks for people waits for a doctor first, at any hour."""

    def start(self):
        self.chat, self.ai = free_port(), free_port()
        self.environment["CLINIC_PORT"] = str(free_port())
        settings = self.folder / "bots" / "server.yaml"
        text = re.sub(r"(?m)^  (streaming-chat|live-chat-ai): .*\n", "", settings.read_text())
        settings.write_text(text.replace("channels:\n", f"""channels:
  streaming-chat: {{ type: streaming-chat, port: {self.chat}, issuer: local, assistant: patient }}
  live-chat-ai: {{ type: live-chat-ai, port: {self.ai}, issuer: local, assistant: support, serves: [front_desk] }}
""", 1))
        library = self.folder / "bots" / "lib" / "medical.yaml"
        text = library.read_text().replace("claim_within: 30s", "claim_within: 5s")
        library.write_text(re.sub(r"    hours: .*\n", "", text))
        patients = self.folder / "bots" / "patient.yaml"
        patients.write_text(re.sub(r"(?m)^    handoff: front_desk$", "    handoff: on_call", patients.read_text()))
        with open(self.folder / ".env", "a") as file:
            file.write(f"ADMIN_EMAIL={EMAIL}\nADMIN_PASSWORD={PASSWORD}\n")
        super().start()

    def doctor_token(self, user):
        words = [self.binary, "token", "--issuer", "medreserve", "--role", "DOCTOR", "--user", user]
        return subprocess.run(
            words, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True).stdout.strip()


class Frames:
    """A socket that speaks JSON, read up to what a test waits for."""

    def __init__(self, socket):
        self.socket, self.seen = socket, []

    async def say(self, **frame):
        await self.socket.send(json.dumps(frame))

    async def until(self, **wanted):
        async with asyncio.timeout(15):
            while True:
                frame = json.loads(await self.socket.recv())
                self.seen.append(frame)
                if all(frame.get(key) == value for key, value in wanted.items()):
                    return frame

    async def rest(self):
        """All that came until a ping is answered."""
        before = len(self.seen)
        await self.say(type="ping")
        await self.until(type="pong")
        return self.seen[before:-1]


class Patient:
    """Somebody with an account of streaming-chat."""

    def __init__(self, server, name):
        url = f"http://127.0.0.1:{server.chat}"
        person = {"username": name, "password": "password123"}
        httpx.post(f"{url}/api/auth/register", json=person).raise_for_status()
        token = httpx.post(f"{url}/api/auth/login", json=person).raise_for_status().json()["token"]
        self.address = f"ws://127.0.0.1:{server.chat}/ws?token={token}"

    async def open(self):
        self.frames = Frames(await websockets.connect(self.address))
        await self.frames.until(type="connection")
        return self

    async def ask(self, text):
        await self.frames.say(type="chat", content=text)
        return (await self.frames.until(type="ai-response"))["message"]

    async def say(self, text):
        """To people: no answer is due."""
        await self.frames.say(type="chat", content=text)
        await self.frames.until(type="stream-end")


class Admin:
    """Somebody at the dashboard of live-chat-ai."""

    def __init__(self, server):
        self.url = f"http://127.0.0.1:{server.ai}"
        body = {"email": EMAIL, "password": PASSWORD}
        self.token = httpx.post(f"{self.url}/api/auth/login", json=body).raise_for_status().json()["token"]
        self.events = asyncio.Queue()

    async def open(self):
        self.client = socketio.AsyncClient()
        self.client.on("*", lambda event, *arguments: self.events.put_nowait((event, *arguments)))
        await self.client.connect(self.url, auth={"token": self.token})
        return self

    async def until(self, name):
        async with asyncio.timeout(15):
            while True:
                event = await self.events.get()
                if event[0] == name:
                    return event[1]

    def chats(self):
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.get(f"{self.url}/api/chats", headers=headers).raise_for_status().json()


async def doctor(server, user):
    url = f"ws://127.0.0.1:{server.environment['CLINIC_PORT']}/chat/ws/{user}?token={server.doctor_token(user)}"
    frames = Frames(await websockets.connect(url))
    await frames.until(type="connection_confirmed")
    return frames


async def journey(server):
    patient, bystander = await Patient(server, "pat").open(), await Patient(server, "other").open()
    first, second, admin = await doctor(server, "doctor_1"), await doctor(server, "doctor_2"), await Admin(server).open()
    expect("cardiolog" in (await patient.ask("I need to see a cardiologist next week")).lower(), "the assistant answers")

    # Into the queue that the clinic's doctors serve.
    await patient.frames.say(type="human-escalation", message="I would like to talk about my results")
    await patient.frames.until(type="human-escalation-response")
    told = (await first.until(type="notification"))["notification"]
    expect(told["kind"] == "handoff" and told["queue"] == "on_call", "doctors are told", told)
    expect("talk about my results" in told["summary"], "with a summary", told)
    await second.until(type="notification")
    room = told["room_id"]

    # One of them has it: exactly one.
    await first.say(type="join_room", room_id=room)
    await second.say(type="join_room", room_id=room)
    replies = [await first.until(), await second.until()]
    expect(sorted(one["type"] for one in replies) == ["chat_history", "error"], "one claim wins", replies)
    if replies[0]["type"] == "error":
        first, second = second, first
    await first.say(type="chat_message", room_id=room, content="Dr. Smith here. Which results?")
    expect((await patient.frames.until(type="ai-response"))["message"] == "Dr. Smith here. Which results?", "the doctor's words")
    await patient.say("The blood test of Monday")
    await first.until(type="chat_message", content="The blood test of Monday")
    expect(await second.rest() == [], "nobody else hears it", second.seen)

    # The doctor leaves, nobody else comes, and the front desk's people are at another system.
    await first.say(type="leave_room", room_id=room)
    waiting = await admin.until("handoff-requested")
    expect(waiting["sessionId"] == room and "blood test" in waiting["summary"], "the desk is told", waiting)
    expect([one["sessionId"] for one in admin.chats()] == [room], "and sees it in the list", admin.chats())
    await admin.client.emit("admin-reply", {"sessionId": room, "message": "The desk here, I have your results", "timestamp": ""})
    heard = await patient.frames.until(type="ai-response", message="The desk here, I have your results")
    expect(heard["messageId"].startswith("msg_"), "as its clients know it", heard)
    await patient.say("Thank you, that is all")
    expect((await admin.until("user-message"))["message"] == "Thank you, that is all", "the desk hears the patient")
    expect(admin.chats()[0]["handedOffToAdmin"] is True, "the list says who has it", admin.chats())
    await second.say(type="join_room", room_id=room)
    await second.until(type="error")

    # And back: the same admin closes it over the native API, which has a word for that.
    done = httpx.post(
        f"{server.url}/v1/conversations/{room}/close", headers={"Authorization": f"Bearer {admin.token}"})
    expect(done.status_code == 200, "it is closed", done.text)
    # It says that it is back and where they were, then answers.
    answer = await patient.ask("What are my current medications?")
    while "prescription" not in answer.lower():
        answer = (await patient.frames.until(type="ai-response"))["message"]

    # Nobody heard what was not theirs.
    expect(await bystander.frames.rest() == [], "nothing for another patient", bystander.frames.seen)
    texts = [one.get("content") for one in first.seen + second.seen]
    expect("Thank you, that is all" not in texts, "nothing for who has given it up", texts)
    while not admin.events.empty():
        event = admin.events.get_nowait()
        expect("medications" not in json.dumps(event), "nothing for the desk after the end", event)
    await admin.client.disconnect()
    for frames in (patient.frames, bystander.frames, first, second):
        await frames.socket.close()


def main():
    server = Clinic(sys.argv[1])
    try:
        asyncio.run(journey(server))
    finally:
        _, code = server.stop()
    expect(code == 0, "a clean end", code)


main()
