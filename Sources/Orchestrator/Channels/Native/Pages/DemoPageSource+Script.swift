// SPDX-License-Identifier: Apache-2.0

extension DemoPageSource {
    static let script = #"""
        "use strict";
        const at = (id) => document.getElementById(id);
        const code = new URLSearchParams(location.hash.slice(1)).get("k") || "";
        let token = "", socket = null, conversation = null, epoch = null, last = 0, tries = 0, timer = 0, own = 0;
        const waiting = new Map(), shown = new Set(), streams = new Map();

        function problem(text) { at("problem").hidden = !text; at("problem").textContent = text || ""; }
        function status(text) { at("status").textContent = text; }
        function ready(on) { at("text").disabled = at("send").disabled = !on; }

        async function call(path, options = {}) {
          const headers = { "Content-Type": "application/json" };
          if (token) headers.Authorization = "Bearer " + token;
          const answer = await fetch(path, { ...options, headers });
          const body = await answer.json().catch(() => ({}));
          if (!answer.ok) throw new Error(body.error ? body.error.message : "The server answered " + answer.status);
          return body;
        }

        async function pickRole() {
          drop();
          token = "";
          at("assistant").replaceChildren();
          at("assistant").disabled = at("start").disabled = true;
          try {
            const body = { code, role: at("role").value };
            if (at("user").value.trim()) body.user = at("user").value.trim();
            const made = await call("/demo/token", { method: "POST", body: JSON.stringify(body) });
            token = made.token;
            const offered = await call("/v1/assistants");
            for (const one of offered.assistants) {
              const option = document.createElement("option");
              option.value = one.id;
              option.textContent = one.name || one.id;
              option.title = one.description || "";
              at("assistant").append(option);
            }
            at("assistant").disabled = at("start").disabled = offered.assistants.length === 0;
            status("Signed in as " + made.user + ", " + made.role);
            problem("");
          } catch (error) { problem(error.message); }
        }

        async function begin() {
          drop();
          problem("");
          try {
            const body = JSON.stringify({ assistant: at("assistant").value });
            const made = await call("/v1/conversations", { method: "POST", body });
            conversation = made.id; epoch = made.epoch; last = 0;
            waiting.clear(); shown.clear(); streams.clear();
            at("log").replaceChildren();
            connect();
          } catch (error) { problem(error.message); }
        }

        function drop() {
          clearTimeout(timer);
          conversation = null;
          if (socket) { socket.onclose = null; socket.close(); socket = null; }
          ready(false);
        }

        function connect() {
          const address = (location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/v1/ws";
          socket = new WebSocket(address, ["orchestrator.v1", "bearer." + token]);
          socket.onopen = () => { socket.send(JSON.stringify({ type: "open", conversation, epoch, after: last })); };
          socket.onmessage = (event) => frame(JSON.parse(event.data));
          socket.onclose = (event) => {
            ready(false);
            socket = null;
            if (event.code === 4401 || event.code === 4403) { problem("Please start again: " + event.reason); return; }
            tries += 1;
            status("Connection lost, trying again");
            timer = setTimeout(connect, Math.min(250 * 2 ** Math.min(tries, 5), 5000));
          };
        }

        async function history() {
          let more = true;
          while (more) {
            const page = await call("/v1/conversations/" + conversation + "/messages?after=" + last + "&limit=200");
            for (const message of page.messages) show(message);
            more = page.more && page.messages.length > 0;
          }
        }

        async function frame(data) {
          switch (data.type) {
          case "opened":
            tries = 0;
            status("Connected");
            ready(true);
            if (!data.resumed) { epoch = data.epoch; try { await history(); } catch (error) { problem(error.message); } }
            for (const [id, text] of waiting) post(id, text);
            at("text").focus();
            break;
          case "accepted": waiting.delete(data.client_message_id); break;
          case "message": show(data.message); break;
          case "stream-start": stream(data.message_id); break;
          case "stream-token": stream(data.message_id).append(data.text); break;
          case "stream-end": at("stop").hidden = true; break;
          case "state": status(describe(data)); break;
          case "alert": problem("Alert for " + data.role + " in conversation " + data.conversation); break;
          case "error":
            if (data.client_message_id) waiting.delete(data.client_message_id);
            problem(data.message);
            break;
          }
        }

        function describe(data) {
          if (data.state === "waiting") return "Waiting for a person" + (data.queue ? " (" + data.queue + ")" : "");
          return data.state === "human" ? "A person is answering" : "Connected";
        }

        function element(author, name) {
          const item = document.createElement("div");
          item.className = "message " + author;
          const who = document.createElement("span");
          who.className = "author";
          who.textContent = author === "user" ? "You" : name || (author === "assistant" ? "Assistant" : author);
          item.append(who);
          return item;
        }

        function stream(id) {
          let entry = streams.get(id);
          if (!entry) {
            const item = element("assistant", "");
            // Read out once, when it is whole.
            item.setAttribute("aria-hidden", "true");
            const text = document.createElement("span");
            item.append(text);
            entry = { item, append(piece) { text.textContent += piece; down(); } };
            streams.set(id, entry);
            at("log").append(item);
            at("stop").hidden = false;
            down();
          }
          return entry;
        }

        function show(message) {
          last = Math.max(last, message.sequence);
          if (shown.has(message.id)) return;
          shown.add(message.id);
          const item = element(message.author, message.name);
          item.dataset.sequence = message.sequence;
          if (message.type) item.classList.add(message.type.replace(/[^a-z0-9_-]/gi, ""));
          const text = document.createElement("span");
          text.className = "text";
          text.textContent = message.text;
          item.append(text);
          if (Array.isArray(message.sources) && message.sources.length) item.append(sources(message.sources));
          if (Array.isArray(message.buttons) && message.buttons.length) item.append(choices(message.buttons));
          const entry = streams.get(message.id);
          streams.delete(message.id);
          if (entry) entry.item.remove();
          at("stop").hidden = streams.size === 0;
          at("log").append(item);
          down();
        }

        function sources(list) {
          const items = document.createElement("ul");
          items.className = "sources";
          items.setAttribute("aria-label", "Sources");
          for (const source of list) {
            const line = document.createElement("li");
            line.textContent = source.source || source.id;
            items.append(line);
          }
          return items;
        }

        function choices(list) {
          const row = document.createElement("div");
          row.className = "choices";
          for (const one of list) {
            if (one.type === "call_emergency") {
              const link = document.createElement("a");
              link.href = "tel:" + String(one.value || "").replace(/[^0-9+]/g, "");
              link.textContent = one.label;
              row.append(link);
              continue;
            }
            const button = document.createElement("button");
            button.type = "button";
            button.textContent = one.label;
            button.addEventListener("click", () => {
              say(typeof one.value === "string" ? one.value : one.label);
              at("text").focus();
            });
            row.append(button);
          }
          return row;
        }

        function down() { const log = at("log"); log.scrollTop = log.scrollHeight; }

        function say(text) {
          if (!text.trim() || !conversation) return;
          own += 1;
          const id = "page-" + Date.now().toString(36) + "-" + own;
          waiting.set(id, text);
          problem("");
          post(id, text);
        }

        function post(id, text) {
          if (!socket || socket.readyState !== WebSocket.OPEN) return;
          socket.send(JSON.stringify({ type: "message", conversation, text, client_message_id: id }));
        }

        at("setup").addEventListener("submit", (event) => { event.preventDefault(); begin(); });
        at("role").addEventListener("change", pickRole);
        at("user").addEventListener("change", pickRole);
        at("composer").addEventListener("submit", (event) => {
          event.preventDefault();
          say(at("text").value);
          at("text").value = "";
        });
        at("text").addEventListener("keydown", (event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            at("composer").requestSubmit();
          }
        });
        at("stop").addEventListener("click", () => {
          if (socket) socket.send(JSON.stringify({ type: "stop", conversation }));
        });
        if (code) pickRole();
        else problem("Open this page at the address that the server printed at its start.");
        """#
}
