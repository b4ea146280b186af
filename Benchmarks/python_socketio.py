# SPDX-License-Identifier: Apache-2.0
"""The baseline: what live-chat does, on python-socketio, in memory. python_socketio.py PORT"""
import datetime, sys, uuid

import socketio
from aiohttp import web

server = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins="*")
application = web.Application()
server.attach(application)
sessions = {}


@server.on("init_session")
async def init_session(sid, asked):
    session = (asked or {}).get("sessionId") or str(uuid.uuid4())
    sessions.setdefault(session, {"id": uuid.uuid4().hex, "messages": []})
    await server.enter_room(sid, session)
    return {"sessionId": session}


@server.on("user_message")
async def user_message(sid, said):
    session = sessions.get(said["sessionId"])
    if session is None:
        return
    message = {"id": uuid.uuid4().hex, "sender": "user", "content": said["content"], "isAI": False,
               "createdAt": datetime.datetime.now(datetime.timezone.utc).isoformat(), "chatSessionId": session["id"]}
    session["messages"].append(message)
    await server.emit("message", message, room=said["sessionId"])


web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), print=None)
