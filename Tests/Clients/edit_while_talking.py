"""Edits a running server's files a hundred times, half of them badly, while people talk.

One client keeps a booking open over a WebSocket from the first edit to the last and then finishes it; another asks
for something all the time; a third checks after each edit that the next answer is the new one, or, after a bad edit,
still the old one. No request may fail and no socket may close. Run as: edit_while_talking.py SERVER [ROUNDS]
"""

import asyncio
import re
import sys
import time

import httpx
import websockets

from product import Asker, Server, Talker, eventually

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
    # In a thread, so that the sockets here can answer the close.
    took, code = await asyncio.to_thread(server.stop)
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
