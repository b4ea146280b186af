"""Kills the server again and again under load; what was acknowledged is there once, and a flow goes on.

Twenty people talk, each message with an id of its own. The server is killed and
started again; each client sends again what it had no answer to. In the end every message is stored exactly once, in
order and as it was acknowledged, and a message sent once more gets the same answer, an emergency too. A booking that was open when the
server was killed goes on with the steps it began with, though its file was edited meanwhile.
Run as: kill_and_resume.py SERVER [ROUNDS]
"""

import asyncio
import random
import sys
import uuid

import httpx
from product import Server, Talker, eventually

TEXTS = [
    "hello", "What are my current medications?", "which doctors do you have", "where can I park",
    "I need to see a cardiologist next week", "cancel",
]


class Client:
    """One person who never gives up on a message."""

    def __init__(self, server, number):
        self.server, self.conversation = server, None
        self.headers = {"Authorization": f"Bearer {server.token('PATIENT', f'patient_{number}')}"}
        self.unanswered, self.answers = {}, {}

    def connect(self):
        return httpx.AsyncClient(base_url=self.server.url, headers=self.headers, timeout=10)

    async def begin(self, http):
        created = await http.post("/v1/conversations", json={"assistant": "patient"})
        assert created.status_code == 201, created.text
        self.conversation = created.json()["id"]

    async def report(self, text):
        """Says something and waits until it is stored: an emergency is answered before."""
        async with self.connect() as http:
            await self.begin(http)
            self.answers["report"] = await self.send(http, "report", text)
            async def stored():
                page = await http.get(f"/v1/conversations/{self.conversation}/messages")
                return len(page.json()["messages"]) == 2
            await eventually(stored, "an emergency is stored")

    async def send(self, http, name, text):
        path = f"/v1/conversations/{self.conversation}/messages"
        answer = await http.post(path, json={"text": text, "client_message_id": name})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def talk(self, stop):
        """Ends when the server is gone, or when told to."""
        async with self.connect() as http:
            try:
                if self.conversation is None:
                    await self.begin(http)
                while self.unanswered or not stop.is_set():
                    if not self.unanswered:
                        self.unanswered[str(uuid.uuid4())] = random.choice(TEXTS)
                    name, text = next(iter(self.unanswered.items()))
                    self.answers[name] = await self.send(http, name, text)
                    del self.unanswered[name]
            except httpx.TransportError:
                return

    async def check(self):
        async with self.connect() as http:
            stored, more = [], True
            while more:
                after = stored[-1]["sequence"] if stored else 0
                path = f"/v1/conversations/{self.conversation}/messages?after={after}&limit=100"
                page = (await http.get(path)).json()
                stored, more = stored + page["messages"], page["more"]
            assert [m["sequence"] for m in stored] == list(range(1, len(stored) + 1)), "numbered without a gap"
            by_id = {message["id"]: message for message in stored}
            for answer in self.answers.values():
                for message in [answer["message"], *answer["replies"]]:
                    assert by_id.get(message["id"]) == message, f"stored as acknowledged: {message['sequence']}"
            own = [message for message in stored if message["author"] == "user"]
            assert len(own) == len(self.answers), "each message is stored once"
            for name, answer in list(self.answers.items())[-5:]:
                assert await self.send(http, name, answer["message"]["text"]) == answer, "the same answer again"
        return len(stored)


async def main(binary, rounds):
    server = Server(binary)
    path = server.folder / "bots" / "patient.yaml"
    original = path.read_text()
    talker = Talker(server, server.token("PATIENT", "patient_99"))
    await talker.open("patient")
    assert (await talker.say("I need to see a cardiologist next week"))["type"] == "doctor_selection"
    hurt = Client(server, 98)
    await hurt.report("I have severe chest pain")
    clients = [Client(server, number) for number in range(20)]
    for number in range(rounds + 1):
        stop = asyncio.Event()
        running = [asyncio.create_task(client.talk(stop)) for client in clients]
        if number < rounds:
            await asyncio.sleep(random.uniform(0.3, 1))
            server.kill()
        stop.set()
        await asyncio.gather(*running)
        if number < rounds:
            edited = original.replace("- confirm: booking_confirmation", f'- confirm: "Really, number {number}?"', 1)
            assert edited != original, "the booking flow asks for a confirmation"
            path.write_text(edited)
            server.start()
    stored = sum([await client.check() for client in clients])
    await hurt.check()
    await talker.open(conversation=talker.conversation)
    assert (await talker.say("the first one"))["type"] == "datetime_selection"
    asked = await talker.say("1")
    assert asked["type"] == "booking_start" and asked["text"].startswith("Shall I book"), asked
    booked = await talker.say("yes, please")
    assert booked["type"] == "appointment_booked", booked
    await talker.socket.close()
    _, code = server.stop()
    assert code == 0, f"exit code {code}"
    print(f"killed {rounds} times: {stored} messages, each once, in order; the open booking went on as it began")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5))
