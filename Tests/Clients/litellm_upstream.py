"""LiteLLM's proxy as a real OpenAI-compatible upstream, plain and streamed, with a mocked model behind it.

It needs packages that the other scripts' packages exclude, so it has an environment of its own (litellm.txt). Run as:
litellm_upstream.py SERVER
"""

import asyncio
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import httpx

from product import free_port
from provider_faults import Tree

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-litellm" / "bin" / "python"
SAID = "You can park behind the house — for two hours 🙂."

CONFIG = f"""model_list:
  - model_name: mocked
    litellm_params: {{ model: openai/gpt-4o-mini, api_key: none, mock_response: "{SAID}" }}
  - model_name: limited
    litellm_params: {{ model: openai/gpt-4o-mini, api_key: none, mock_response: "litellm.RateLimitError" }}
general_settings: {{ master_key: sk-test }}
litellm_settings: {{ num_retries: 0 }}
"""


class LiteLLM:
    def __init__(self):
        if not PYTHON.exists():
            subprocess.run([sys.executable, "-m", "venv", PYTHON.parents[1]], check=True)
            subprocess.run([PYTHON, "-m", "pip", "install", "-q", "-r", ROOT / "Tests/Clients/litellm.txt"], check=True)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="litellm-"))
        (self.folder / "config.yaml").write_text(CONFIG)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = dict(os.environ, LITELLM_LOCAL_MODEL_COST_MAP="True", PYTHONUNBUFFERED="1")
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            [PYTHON.parent / "litellm", "--config", self.folder / "config.yaml", "--host", "127.0.0.1", "--port", str(self.port)],
            env=environment, cwd=self.folder, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 120
        while True:
            try:
                if httpx.get(self.url + "/health/liveliness").status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            assert time.monotonic() < deadline and self.process.poll() is None, (self.folder / "log").read_text()[-3000:]
            time.sleep(0.5)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        shutil.rmtree(self.folder)


async def run(binary):
    proxy = LiteLLM()
    tree = Tree(binary)
    with open(tree.folder / ".env", "a") as environment:
        environment.write("FAKE_KEY=sk-test\n")
    (tree.folder / ".env").write_text((tree.folder / ".env").read_text().replace("FAKE_KEY=sk-canary", "OTHER=sk-canary"))
    tree.provider("lite", proxy.url + "/v1")
    tree.route("a_lite", "provider: lite, model: mocked, first_token: 20s, total: 30s")
    tree.route("a_limited", "provider: lite, model: limited, first_token: 20s, total: 30s")
    tree.provider("wrong", proxy.url + "/v1", ', headers: { Authorization: "Bearer sk-wrong" }')
    tree.route("a_wrong", "provider: wrong, model: nothing, first_token: 20s, total: 30s")
    try:
        tree.start()
        seen = await tree.ask("a_lite")
        seen.check(SAID, longest=25)
        assert seen.streamed == SAID, seen.streamed
        print(f"streamed: {len([n for n, _ in seen.events if n == 'stream-token'])} pieces")
        begun = await tree.client.post("/v1/conversations", json={"assistant": "a_lite"})
        plain = await tree.client.post(f"/v1/conversations/{begun.json()['id']}/messages", json={"text": "where do I park"})
        assert plain.json()["replies"][0]["text"] == SAID, plain.text
        limited = await tree.ask("a_limited")
        assert [line["reason"] for line in tree.logged(limited.conversation) if line["cause"] == "provider-failed"] in (
            ["rate_limited"], ["server_error"]), tree.logged(limited.conversation)
        wrong = await tree.ask("a_wrong")
        assert [line["reason"] for line in tree.logged(wrong.conversation) if line["cause"] == "provider-failed"] == ["rejected"]
        checked = subprocess.run(
            [tree.binary, "providers", "check"], cwd=tree.folder, env=tree.environment, capture_output=True, text=True)
        print(checked.stdout.strip())
        await tree.client.aclose()
        tree.stop()
        shutil.rmtree(tree.folder)
        print("LiteLLM: plain, streamed, limited, refused")
    finally:
        if tree.process.poll() is None:
            tree.process.kill()
        proxy.stop()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
