# SPDX-License-Identifier: Apache-2.0
"""The configurations that are measured: a generated one of any number of assistants, and a copy of the shipped one."""
import os, shutil

from machine import ROOT

SERVER = """\
kind: server
version: 1
environment: development
listen: {{ host: 127.0.0.1, port: {port} }}
storage: {{ url: "memory:" }}
roles:
  PATIENT: {{ safety: required }}
  MEMBER: {{}}
auth:
  issuers:
    local: {{ algorithm: HS256, secret: "${{env.JWT_SECRET}}", expires: 24h, claims: {{ user: userId, role: role, name: username }}, default_role: PATIENT }}
limits:
  requests: {{ max: 1000000, per: 1s }}
  ping_interval: 10m
reload: {{ watch: true, gate: [validate], settle: 20ms, control: control.sock }}
"""
LIBRARY = """\
kind: library
version: 1
id: shared
safety:
  - id: cardiac
    level: emergency
    phrases:
      - chest pain
      - crushing feeling in my chest
      - heart attack
    say: emergency
  - id: breathing
    level: emergency
    phrases:
      - cannot breathe
      - can't breathe
    say: emergency
responses:
  emergency: This sounds like an emergency. Call 911 now.
"""
# The variables of the shipped channels' ports.
PORTS = [f"{name}_PORT" for name in ("CLINIC_API", "CLINIC", "STREAMING_CHAT", "LIVE_CHAT_AI", "WIDGET", "LIVE_CHAT")]
TOPICS = ("appointment", "prescription", "report", "doctor", "opening hours", "parking", "invoice", "insurance")
FORMS = ("I need help with the {0}", "what about my {0}", "tell me about the {0}", "{0} please", "where is my {0}",
         "I have a question about the {0}", "can you show me the {0}", "I lost my {0}")


def assistant(number, greeting):
    text = f"kind: assistant\nversion: 1\nid: a{number}\nname: Assistant {number}\nuse: [shared]\nroles: [PATIENT]\nintents:\n"
    text += "  greeting:\n    examples:\n      - hello\n      - good morning\n      - good morning to you\n    say: greeting\n"
    for topic in TOPICS:
        name = topic.replace(" ", "_")
        text += f"  {name}:\n    examples:\n" + "".join(f"      - {form.format(topic)}\n" for form in FORMS)
        text += f"    say: {name}\n"
    text += "otherwise:\n  - say: sorry\n"
    text += f"responses:\n  greeting: {greeting}\n  sorry: I did not understand that.\n"
    return text + "".join(f"  {topic.replace(' ', '_')}: Here is the {topic} of assistant {number}.\n" for topic in TOPICS)


def write(path, text):
    """As careful editors save: a new file takes the old one's place."""
    draft = path.with_name("." + path.name + ".draft")
    draft.write_text(text)
    draft.rename(path)


def generated(folder, count, port):
    """`count` assistants, each with 9 intents of up to 8 examples."""
    bots = folder / "bots"
    bots.mkdir(parents=True)
    (bots / "server.yaml").write_text(SERVER.format(port=port))
    (bots / "shared.yaml").write_text(LIBRARY)
    for number in range(count):
        (bots / f"a{number}.yaml").write_text(assistant(number, "Hello! How can I help you today?"))
    return bots


def shipped(folder):
    """The tree of the repository, with secrets of its own."""
    shutil.copytree(ROOT / "bots", folder / "bots")
    (folder / ".env").write_text("".join(f"{name}={os.urandom(32).hex()}\n" for name in ("JWT_SECRET", "JWT_SECRET_KEY")))
    return folder / "bots"
