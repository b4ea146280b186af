"""WebSocket with the `websockets` package: frames, resume after a gap, an emergency beside a running flow."""

import asyncio
import json

import websockets

from support import base_url, expect, token

ADDRESS = base_url().replace("http", "ws", 1) + "/v1/ws"


def connect(value: str, **options: object):
    return websockets.connect(ADDRESS, subprotocols=["orchestrator.v1", f"bearer.{value}"], **options)


async def receive(socket, kind: str) -> dict:
    while True:
        frame = json.loads(await asyncio.wait_for(socket.recv(), 20))
        if frame["type"] == kind:
            return frame
        expect(frame["type"] != "error", f"{kind} and no error", frame)


async def say(socket, conversation: str, text: str, name: str) -> list[dict]:
    frame = {"type": "message", "conversation": conversation, "text": text, "client_message_id": name}
    await socket.send(json.dumps(frame))
    accepted, messages = None, []
    # A safety answer goes out before it is stored, and so before `accepted`.
    while accepted is None or len(messages) < 2:
        frame = json.loads(await asyncio.wait_for(socket.recv(), 20))
        expect(frame["type"] != "error", "no error", frame)
        if frame["type"] == "accepted":
            accepted = frame
        elif frame["type"] == "message":
            messages.append(frame["message"])
    expect(accepted["client_message_id"] == name, "the message is accepted", accepted)
    expect(messages[0]["author"] == "user", "one's own message first", messages)
    return messages


async def resume(value: str) -> None:
    async with connect(value) as socket:
        expect(socket.subprotocol == "orchestrator.v1", "the subprotocol", socket.subprotocol)
        await socket.send(json.dumps({"type": "open", "assistant": "patient"}))
        opened = await receive(socket, "opened")
        conversation, epoch = opened["conversation"], opened["epoch"]
        seen = [m["sequence"] for m in await say(socket, conversation, "hello", "m-1")]
    async with connect(value) as other:
        await other.send(json.dumps({"type": "open", "conversation": conversation}))
        await receive(other, "opened")
        for number in range(5):
            await say(other, conversation, "thank you", f"other-{number}")
    async with connect(value) as socket:
        frame = {"type": "open", "conversation": conversation, "epoch": epoch, "after": seen[-1]}
        await socket.send(json.dumps(frame))
        opened = await receive(socket, "opened")
        expect(opened["resumed"] is True, "the conversation is resumed", opened)
        missed = [(await receive(socket, "message"))["message"]["sequence"] for _ in range(opened["sequence"] - seen[-1])]
        expect(missed == list(range(seen[-1] + 1, opened["sequence"] + 1)), "what was missed, in order", missed)
        await socket.send(json.dumps({"type": "ping"}))
        await receive(socket, "pong")


async def emergency(value: str) -> None:
    async with connect(value) as socket:
        await socket.send(json.dumps({"type": "open", "assistant": "patient"}))
        conversation = (await receive(socket, "opened"))["conversation"]
        answer = (await say(socket, conversation, "I have severe chest pain", "m-1"))[1]
        expect(answer["type"] == "emergency", "the emergency answer", answer)


async def refusals(value: str) -> None:
    for options in ({}, {"additional_headers": {"Authorization": "Bearer a.b.c"}}):
        try:
            async with websockets.connect(ADDRESS, **options):
                expect(False, "no socket without a token")
        except websockets.InvalidStatus as refused:
            expect(refused.response.status_code == 401, "401", refused.response.status_code)
    try:
        async with connect(value, origin="http://evil.example"):
            expect(False, "no socket for another origin")
    except websockets.InvalidStatus as refused:
        expect(refused.response.status_code == 403, "403", refused.response.status_code)
    async with connect(value) as socket:
        for _ in range(20):
            await socket.send("not JSON")
        try:
            while True:
                await asyncio.wait_for(socket.recv(), 20)
        except websockets.ConnectionClosed as closed:
            expect(closed.rcvd.code == 1008, "closed with 1008", closed)


async def main() -> None:
    value = token("PATIENT", "patient_1")
    await resume(value)
    await emergency(value)
    await refusals(value)


asyncio.run(main())
