# SPDX-License-Identifier: Apache-2.0
"""The snippets of the clinic's README, unchanged but for the address, against the running server.

Usage: clinic.py BASE; the channel's address is in CLINIC_CHAT_URL, the signing secret in JWT_SECRET_KEY.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request

import websockets

BASE = os.environ["CLINIC_CHAT_URL"]
SECRET = os.environ["JWT_SECRET_KEY"].encode()


def part(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=")


def token(user, role, name):
    """A token as the clinic's own system makes it."""
    claims = {"sub": user, "username": user, "role": role, "full_name": name, "exp": int(time.time()) + 3600}
    head = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(claims).encode())
    return (head + b"." + part(hmac.new(SECRET, head, hashlib.sha256).digest())).decode()


def ask(method, path, bearer=None, body=None):
    request = urllib.request.Request(BASE + path, method=method)
    if bearer:
        request.add_header("Authorization", "Bearer " + bearer)
    data = None
    if body is not None:
        request.add_header("Content-Type", "application/json")
        data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def expect(name, is_right, shown=""):
    print(("ok      " if is_right else "FAILED  ") + name, "" if is_right else shown)
    if not is_right:
        raise SystemExit(1)


def rest():
    patient, doctor = token("patient_1", "PATIENT", "Pat"), token("doctor_1", "DOCTOR", "Dr. Smith")
    expect("S1.36 health", ask("GET", "/health")[1]["status"] == "healthy")
    body = {"message": "I want to book an appointment with a cardiologist", "conversation_id": "optional_conversation_id"}
    status, answer = ask("POST", "/chat/patient", patient, body)
    expect("S1.21 booking", status == 200 and answer["conversation_id"] == "optional_conversation_id", answer)
    for row, text, wanted in [
        ("S1.28", "Hello, I need help booking an appointment", ""),
        ("S1.22", "What are my current medications?", "📋 Your Current Prescriptions:\n1. "),
        ("S1.23", "I'm having severe chest pain", "🆘 Call Emergency Services: 911"),
    ]:
        status, answer = ask("POST", "/chat/patient", patient, {"message": text, "conversation_id": row})
        expect(f"{row} {text}", status == 200 and wanted in answer["response"], answer)
    for row, text, wanted in [
        ("S1.24", "Show me today's schedule", "🔥 Today's Appointments:"),
        ("S1.25", "Show me today's appointments", "📅 Your Appointment Schedule"),
        ("S1.27", "Show me patients with urgent flags", "🚨 Emergency Patients Alert"),
    ]:
        status, answer = ask("POST", "/chat/doctor", doctor, {"message": text, "conversation_id": row})
        expect(f"{row} {text}", status == 200 and wanted in answer["response"], answer)
    expect("S1.54 a patient is no doctor", ask("POST", "/chat/doctor", patient, {"message": "hello"})[0] == 403)
    expect("S1.50 no token", ask("POST", "/chat/patient", None, {"message": "hello"})[0] == 401)


async def sockets():
    room = "chat_doctor123_patient456"
    doctor, patient = token("doctor123", "DOCTOR", "Dr. Smith"), token("patient456", "PATIENT", "Pat")
    status, made = ask("POST", "/chat/rooms/create", doctor, {"doctor_id": "doctor123", "patient_id": "patient456"})
    expect("S1.32 a room", status == 200 and made["room_id"] == room, made)
    address = BASE.replace("http", "ws", 1)
    async with websockets.connect(f"{address}/chat/ws/doctor123?token={doctor}") as one, websockets.connect(
            f"{address}/chat/ws/patient456?token={patient}") as two:
        expect("S1.40 connected", json.loads(await one.recv())["type"] == "connection_confirmed")
        await two.recv()
        await two.send('{"type":"ping"}')
        expect("ping", json.loads(await two.recv())["type"] == "pong")
        await one.send(json.dumps({"type": "chat_message", "room_id": room, "content": "Hello, how are you feeling today?"}))
        for socket in (one, two):
            frame = json.loads(await asyncio.wait_for(socket.recv(), 5))
            expect("S1.43 a message", frame["content"] == "Hello, how are you feeling today?" and frame["sender_role"] == "DOCTOR", frame)
    history = ask("GET", f"/chat/rooms/{room}/history?limit=50", patient)[1]
    expect("S1.34 history", history["messages"][-1]["content"] == "Hello, how are you feeling today?", history)
    try:
        async with websockets.connect(f"{address}/chat/ws/user_123?token=jwt_token"):
            expect("S1.41 a bad token", False)
    except Exception as error:
        expect("S1.41 a bad token", "403" in str(error), error)


rest()
asyncio.run(sockets())
sys.exit(0)
