# SPDX-License-Identifier: Apache-2.0
"""The job of `POST /v1/conversations/{id}/messages` in FastAPI: token, safety words, intent by keyword, two rows in memory."""
import os, time, uuid

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel

app = FastAPI()
SECRET = os.environ["JWT_SECRET"]
EMERGENCY = ("chest pain", "crushing feeling in my chest", "heart attack", "cannot breathe", "can't breathe")
TOPICS = ("appointment", "prescription", "report", "doctor", "opening hours", "parking", "invoice", "insurance")
messages = {}


class Question(BaseModel):
    text: str


class Reply(BaseModel):
    id: str
    author: str
    text: str
    at: float


class Answer(BaseModel):
    conversation: str
    replies: list[Reply]


def caller(authorization: str = Header(default="")):
    try:
        return jwt.decode(authorization.removeprefix("Bearer "), SECRET, algorithms=["HS256"])["userId"]
    except jwt.PyJWTError:
        raise HTTPException(401, "invalid token") from None


def answer_to(text):
    text = text.lower()
    if any(words in text for words in EMERGENCY):
        return "This sounds like an emergency. Call 911 now."
    if "hello" in text or "good morning" in text:
        return "Hello! How can I help you today?"
    return next((f"Here is the {topic}." for topic in TOPICS if topic in text), "I did not understand that.")


@app.post("/v1/conversations/{conversation}/messages", response_model=Answer)
async def say(conversation: str, question: Question, user: str = Depends(caller)):
    kept = messages.setdefault(conversation, [])
    kept.append((str(uuid.uuid4()), user, question.text, time.time()))
    reply = Reply(id=str(uuid.uuid4()), author="assistant", text=answer_to(question.text), at=time.time())
    kept.append((reply.id, reply.author, reply.text, reply.at))
    if len(kept) > 200:
        del kept[:100]
    return Answer(conversation=conversation, replies=[reply])
