"""REST and event streams with httpx: a booking, the doctor's schedule, an emergency, and what is refused."""

import json

import httpx

from support import PATIENT_DIALOGUE, base_url, bearer, expect, token

client = httpx.Client(base_url=base_url(), timeout=20)


def begin(headers: dict[str, str], assistant: str) -> str:
    answer = client.post("/v1/conversations", json={"assistant": assistant}, headers=headers)
    expect(answer.status_code == 201, "a conversation begins", answer.text)
    return answer.json()["id"]


def say(headers: dict[str, str], conversation: str, text: str, **more: str) -> httpx.Response:
    return client.post(f"/v1/conversations/{conversation}/messages", json={"text": text, **more}, headers=headers)


def texts(answer: httpx.Response) -> str:
    expect(answer.status_code == 200, "an answer", answer.text)
    return "\n".join(reply["text"] for reply in answer.json()["replies"])


def service() -> None:
    health = client.get("/health")
    expect(health.json()["status"] == "ok", "health is ok", health.text)
    expect(len(health.headers["x-request-id"]) >= 16, "a request id", health.headers)
    expect(client.get("/ready").status_code == 200, "the server is ready")
    document = client.get("/openapi.json").json()
    expect(document["openapi"] == "3.1.0", "an OpenAPI document", document.get("openapi"))
    expect("orchestrator_turns_total" in client.get("/metrics").text, "metrics for this machine")
    expect(client.get("/docs").headers["content-type"].startswith("text/html"), "a page to read")


def booking() -> None:
    headers = bearer(token("PATIENT", "patient_1"))
    offered = client.get("/v1/assistants", headers=headers).json()["assistants"]
    expect("patient" in [one["id"] for one in offered], "the patient assistant is offered", offered)
    conversation = begin(headers, "patient")
    for text, part in PATIENT_DIALOGUE:
        said = texts(say(headers, conversation, text))
        expect(part.lower() in said.lower(), f"{part!r} in the answer to {text!r}", said)
    history = client.get(f"/v1/conversations/{conversation}/messages", headers=headers).json()
    numbers = [message["sequence"] for message in history["messages"]]
    expect(numbers == list(range(1, len(numbers) + 1)), "a history without gaps", numbers)
    stranger = bearer(token("PATIENT", "patient_2"))
    hidden = client.get(f"/v1/conversations/{conversation}", headers=stranger)
    expect(hidden.status_code == 404, "nobody else sees it", hidden.text)


def schedule() -> None:
    headers = bearer(token("DOCTOR", "doctor_1"))
    said = texts(say(headers, begin(headers, "doctor"), "show me today's schedule"))
    expect("09:00" in said or "9:00" in said, "today's appointments", said)


def retry() -> None:
    headers = bearer(token("PATIENT", "patient_1"))
    conversation = begin(headers, "patient")
    first = say(headers, conversation, "hello", client_message_id="m-1")
    again = say(headers, conversation, "hello", client_message_id="m-1")
    expect(first.json() == again.json(), "the same answer", again.text)
    history = client.get(f"/v1/conversations/{conversation}/messages", headers=headers).json()["messages"]
    expect(len(history) == 1 + len(first.json()["replies"]), "stored once", history)


def stream() -> None:
    headers = bearer(token("PATIENT", "patient_1")) | {"Accept": "text/event-stream"}
    path = f"/v1/conversations/{begin(headers, 'patient')}/messages"
    frames = []
    with client.stream("POST", path, json={"text": "I have severe chest pain"}, headers=headers) as answer:
        expect(answer.headers["content-type"] == "text/event-stream", "an event stream", answer.headers)
        for line in answer.iter_lines():
            if line.startswith("data: "):
                frames.append(json.loads(line[6:]))
    messages = [frame["message"] for frame in frames if frame["type"] == "message"]
    expect(messages[0]["author"] == "user", "the message itself", messages)
    emergency = [one for one in messages if one.get("type") == "emergency"]
    expect(bool(emergency) and "911" in emergency[0]["text"], "the emergency answer", messages)


def refusals() -> None:
    headers = bearer(token("PATIENT", "patient_1"))
    path = f"/v1/conversations/{begin(headers, 'patient')}/messages"
    cases = [
        (client.post(path, json={"text": "hello"}), 401),
        (client.post(path, json={"text": "hello"}, headers=bearer("a.b.c")), 401),
        (client.post(path, content=b"{", headers=headers | {"Content-Type": "application/json"}), 400),
        (client.post(path, data={"text": "hello"}, headers=headers), 415),
        (client.post(path, json={"text": 7}, headers=headers), 422),
        (client.post(path, json={"text": "a", "colour": "red"}, headers=headers), 422),
        (client.delete(path, headers=headers), 405),
        (client.get("/nothing"), 404),
        (client.get("/v1/admin/status", headers=headers), 403),
        (client.get("/v1/admin/status", headers=bearer(token("ADMIN", "root"))), 200),
    ]
    for number, (answer, status) in enumerate(cases):
        expect(answer.status_code == status, f"status {status} for case {number}", answer.text)
        if status >= 400:
            expect(answer.json()["error"]["request_id"] == answer.headers["x-request-id"], "its id", answer.text)


for check in (service, booking, schedule, retry, stream, refusals):
    check()
