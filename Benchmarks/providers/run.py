#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what the router adds to a call, beside an nginx hop and LiteLLM's proxy in the same run; one table at the end.

The upstream and the client are openai.c; ours is asked over /v1/chat/completions with the memory store. Options:
  --server PATH   the server (.build/release/orchestratord)   --litellm PATH   python of an environment with litellm[proxy]
"""
import argparse, json, os, pathlib, shutil, signal, subprocess, sys, tempfile, time, urllib.request

from websockets.sync.client import connect

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))
from machine import free_port, wait_for  # noqa: E402
from trees import LIBRARY  # noqa: E402

SERVER = """kind: server
version: 1
listen: { host: 127.0.0.1, port: %d }
storage: { url: "%s" }
roles: { USER: {} }
auth: { issuers: { local: { algorithm: HS256, secret: "${env.JWT_SECRET}", expires: 24h, claims: { user: userId, role: role }, default_role: USER } } }
limits: { requests: { max: 1000000, per: 1s } }
reload: { watch: false, gate: [validate], control: data/control.sock }
"""
ROUTING = """kind: routing
version: 1
providers:
  upstream: { type: openai, url: "http://127.0.0.1:%d/v1", model: bench, concurrency: 1000 }
  sometimes_slow: { type: openai, url: "http://127.0.0.1:%d/v1", model: bench, concurrency: 1000 }
routes:
  direct: { mid_stream: resume, try: [{ provider: upstream }, { reply: { text: none } }] }
  unhedged: { mid_stream: resume, try: [{ provider: sometimes_slow }, { reply: { text: none } }] }
  hedged: { mid_stream: resume, hedge_after: 50ms, try: [{ provider: sometimes_slow }, { provider: upstream }, { reply: { text: none } }] }
"""
ASSISTANT = "kind: assistant\nversion: 1\nid: %s\nuse: [shared]\nroles: [USER]\nsettings: { languages: [en] }\noutput: { screened: false }\notherwise: [{ route: %s }]\n"
NGINX = """daemon off; worker_processes 1; pid %(folder)s/pid; error_log %(folder)s/error.log;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path %(folder)s/body; proxy_temp_path %(folder)s/proxy; fastcgi_temp_path %(folder)s/f; uwsgi_temp_path %(folder)s/u; scgi_temp_path %(folder)s/s;
  upstream there { server 127.0.0.1:%(upstream)d; keepalive 256; keepalive_requests 100000000; }
  server { listen 127.0.0.1:%(port)d; location / { proxy_pass http://there; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } } }
"""


class Run:
    def __init__(self, options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="providers-bench-"))
        self.tool = self.folder / "openai"
        subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-o", self.tool, HERE / "openai.c"], check=True)
        self.options, self.children = options, []

    def start(self, *command, **more):
        child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=open(self.folder / "err", "ab"), **more)
        self.children.append(child)
        return child

    def upstream(self, tokens, gap, *slow):
        port = free_port()
        self.start(self.tool, "serve", port, tokens, gap, *slow)
        wait_for(port, self.children[-1])
        return port

    def nginx(self, upstream):
        port = free_port()
        folder = self.folder / f"nginx{port}"
        folder.mkdir()
        (folder / "conf").write_text(NGINX % {"folder": folder, "upstream": upstream, "port": port})
        self.start("/usr/sbin/nginx" if os.path.exists("/usr/sbin/nginx") else "nginx", "-c", folder / "conf", "-p", folder)
        wait_for(port, self.children[-1])
        return port

    def ours(self, upstream, slow, storage="memory:"):
        port = free_port()
        folder = self.folder / f"ours{port}"
        (folder / "bots").mkdir(parents=True)
        (folder / ".env").write_text(f"JWT_SECRET={os.urandom(32).hex()}\n")
        (folder / "bots/server.yaml").write_text(SERVER % (port, storage))
        (folder / "bots/shared.yaml").write_text(LIBRARY)
        (folder / "bots/routing.yaml").write_text(ROUTING % (upstream, slow))
        for name in ("direct", "hedged", "unhedged"):
            (folder / f"bots/{name}.yaml").write_text(ASSISTANT % (name, name))
        server = pathlib.Path(self.options.server).resolve()
        self.server = self.start(server, "serve", cwd=folder, env=dict(os.environ, SWIFT_BACKTRACE="enable=no"))
        wait_for(port, self.children[-1])
        self.token = subprocess.run(
            [server, "token", "--role", "USER", "--user", "u"], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
        return port

    def litellm(self, upstream):
        port = free_port()
        (self.folder / "lite.yaml").write_text(
            f"model_list:\n  - model_name: bench\n    litellm_params: {{ model: openai/bench, api_key: none, api_base: 'http://127.0.0.1:{upstream}/v1' }}\n")
        python = pathlib.Path(self.options.litellm)
        self.lite = self.start(
            python.parent / "litellm", "--config", self.folder / "lite.yaml", "--host", "127.0.0.1", "--port", port,
            env=dict(os.environ, LITELLM_LOCAL_MODEL_COST_MAP="True", LITELLM_MASTER_KEY="sk-bench"))
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/liveliness", timeout=2)
                return port
            except OSError:
                time.sleep(0.5)
        sys.exit("LiteLLM did not start: " + (self.folder / "err").read_text()[-2000:])

    def ask(self, port, connections, calls, kind, model="bench", token="none"):
        out = subprocess.run(
            [self.tool, "ask", str(port), str(connections), str(calls), kind, model, token], capture_output=True, text=True)
        if out.returncode:
            sys.exit(out.stderr + (self.folder / "err").read_text()[-2000:])
        seen = json.loads(out.stdout)
        if seen["failed"]:
            sys.exit(f"{seen['failed']} calls failed")
        return seen

    def asked(self, port):
        """Calls that providers have had so far."""
        text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith("orchestrator_provider_requests_total{"))

    def emergency(self, port, is_second):
        """Seconds from an emergency to its answer; as second message, another one is at a provider that says nothing."""
        with connect(f"ws://127.0.0.1:{port}/v1/ws", subprotocols=["orchestrator.v1", f"bearer.{self.token}"]) as socket:
            def until(kind):
                while (frame := json.loads(socket.recv(timeout=10)))["type"] != kind or frame.get("message", {}).get("author") == "user":
                    assert frame["type"] != "error", frame
                return frame

            socket.send(json.dumps({"type": "open", "assistant": "direct"}))
            say = {"type": "message", "conversation": until("opened")["conversation"]}
            if is_second:
                socket.send(json.dumps(say | {"text": "tell me about the weather"}))
                time.sleep(0.02)
            began = time.perf_counter()
            socket.send(json.dumps(say | {"text": "I have crushing chest pain"}))
            assert "Call 911" in until("message")["message"]["text"]
            return time.perf_counter() - began

    def stop(self):
        for child in reversed(self.children):
            child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def cpu(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", default=ROOT / ".build/release/orchestratord")
    parser.add_argument("--litellm", default=ROOT / ".venv-litellm/bin/python")
    run = Run(parser.parse_args())
    lines = []
    try:
        quick, streaming, slow = run.upstream(20, 0), run.upstream(50, 10), run.upstream(5, 0, 10, 1000)
        nginx, nginx_streaming = run.nginx(quick), run.nginx(streaming)
        ours, token = run.ours(quick, slow), None
        token = run.token
        lite = run.litellm(quick) if pathlib.Path(run.options.litellm).exists() else None

        for port, model, key in ((quick, "bench", "none"), (nginx, "bench", "none"), (ours, "direct", token)):
            run.ask(port, 1, 300, "stream", model, key)
        direct = run.ask(quick, 1, 3000, "stream")["first_p50"]
        hop = run.ask(nginx, 1, 3000, "stream")["first_p50"] - direct
        own = run.ask(ours, 1, 3000, "stream", "direct", token)["first_p50"] - direct
        lines.append(("added latency per call, first words", f"{own:.0f} µs", f"nginx hop {hop:.0f} µs", f"{own / hop:.1f}x", "2x"))
        before, seen = cpu(run.server), run.ask(ours, 16, 4000, "stream", "direct", token)
        rate = seen["calls"] / max(0.01, cpu(run.server) - before)
        if lite:
            run.ask(lite, 1, 20, "stream", "bench", "sk-bench")
            lite_added = run.ask(lite, 1, 100, "stream", "bench", "sk-bench")["first_p50"] - direct
            lines.append(("the same, LiteLLM", f"{lite_added:.0f} µs", f"ours {own:.0f} µs", f"{lite_added / own:.0f}x", "30x"))
            before, seen = cpu(run.lite), run.ask(lite, 16, 300, "stream", "bench", "sk-bench")
            lite_rate = seen["calls"] / max(0.01, cpu(run.lite) - before)
            lines.append(("calls per second of CPU", f"{rate:.0f}", f"LiteLLM {lite_rate:.0f}", f"{rate / lite_rate:.0f}x", "50x"))
        else:
            lines.append(("calls per second of CPU", f"{rate:.0f}", "LiteLLM not installed", "", ""))

        streamed = run.ours(streaming, slow)
        for connections in (20, 200):
            base = run.ask(streaming, connections, connections * 3, "stream")["delay_p50"]
            hop = run.ask(nginx_streaming, connections, connections * 3, "stream")
            own = run.ask(streamed, connections, connections * 3, "stream", "direct", run.token)
            added, hopped = own["delay_p50"] - base, max(1.0, hop["delay_p50"] - base)
            lines.append((f"added delay per token, {connections} streams", f"{added:.0f} µs (p99 {own['delay_p99']:.0f}, max {own['delay_max']:.0f})",
                          f"nginx {hopped:.0f} µs (p99 {hop['delay_p99']:.0f})", f"{added / hopped:.1f}x", "2x"))

        ours, token = run.ours(quick, slow), run.token
        plain = run.ask(ours, 4, 400, "stream", "unhedged", token)
        before = run.asked(ours)
        hedged = run.ask(ours, 4, 400, "stream", "hedged", token)
        more = (run.asked(ours) - before) / 400 - 1
        lines.append(("first words p99, one in ten slow, hedged", f"{hedged['first_p99'] / 1000:.0f} ms",
                      f"unhedged {plain['first_p99'] / 1000:.0f} ms", f"{plain['first_p99'] / hedged['first_p99']:.0f}x lower", "5x"))
        lines.append(("calls that hedging adds", f"{more:.1%}", "", "", "15 %"))

        hanging = run.upstream(1, 0, 1, 600_000)
        for storage, name in (("memory:", "memory store"), ("sqlite:data/bench.db", "SQLite")):
            port = run.ours(hanging, hanging, storage)
            for when in ("first", "second"):
                waits = sorted(run.emergency(port, when == "second") for _ in range(200))
                lines.append((f"emergency as {when} message, every provider hangs, {name}", f"{waits[197] * 1000:.1f} ms p99",
                              f"median {waits[100] * 1000:.1f} ms", "", "5 ms" if storage == "memory:" else "no disk"))
    finally:
        run.stop()
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


if __name__ == "__main__":
    main()
