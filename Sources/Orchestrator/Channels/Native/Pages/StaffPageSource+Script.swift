// SPDX-License-Identifier: Apache-2.0

extension StaffPageSource {
    static let script = #"""
        "use strict";
        const at = (id) => document.getElementById(id);
        const controls = ["text", "send", "note", "keep", "queue", "transfer", "release", "close"];
        let token = "", me = null, socket = null, current = null, last = 0, tries = 0, timer = 0, typing = 0, sound = null;
        const online = new Map(), alarms = new Map();

        function problem(text) { at("problem").hidden = !text; at("problem").textContent = text || ""; }
        function status(text) { at("status").textContent = text; }
        function make(name, text, type) {
          const element = document.createElement(name);
          if (text !== undefined) element.textContent = text;
          if (type) element.className = type;
          return element;
        }
        function button(text, action) {
          const element = make("button", text);
          element.type = "button";
          element.onclick = action;
          return element;
        }
        async function call(method, path, body) {
          const options = { method, headers: { Authorization: "Bearer " + token } };
          if (body) { options.headers["Content-Type"] = "application/json"; options.body = JSON.stringify(body); }
          const answer = await fetch(path, options);
          const data = await answer.json().catch(() => ({}));
          if (!answer.ok) throw new Error(data.error ? data.error.message : "The server answered " + answer.status);
          return data;
        }
        async function attempt(action) { try { problem(""); await action(); } catch (error) { problem(error.message); } }
        const path = (rest) => "/v1/conversations/" + encodeURIComponent(current) + rest;

        async function signIn() {
          token = at("token").value.trim();
          me = await call("GET", "/v1/auth/me");
          if (!me.staff) throw new Error("This token's role does not answer people");
          at("token").value = "";
          at("signin").hidden = true;
          at("desk").hidden = false;
          if (at("sound").checked) sound = new AudioContext();
          connect();
        }

        function connect() {
          const address = (location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/v1/ws";
          socket = new WebSocket(address, ["orchestrator.v1", "bearer." + token]);
          socket.onopen = () => {
            tries = 0;
            status("Signed in as " + (me.name || me.user) + ", " + me.role);
            if (current) say({ type: "open", conversation: current });
            attempt(refresh);
          };
          socket.onmessage = (event) => attempt(() => frame(JSON.parse(event.data)));
          socket.onclose = (event) => {
            socket = null;
            if (event.code === 4401 || event.code === 4403) { problem("Please sign in again: " + event.reason); return; }
            tries += 1;
            status("Connection lost, trying again");
            timer = setTimeout(connect, Math.min(250 * 2 ** Math.min(tries, 5), 5000));
          };
        }
        function say(frame) { if (socket && socket.readyState === 1) socket.send(JSON.stringify(frame)); }

        async function frame(data) {
          switch (data.type) {
          case "message": if (data.message.conversation === current) show(data.message); break;
          case "typing":
            if (data.conversation === current) at("typing").textContent = data.on ? "The person is typing" : "";
            break;
          case "queue": await refresh(); break;
          case "state":
            if (data.conversation === current && data.staff !== me.user) leave();
            await refresh();
            break;
          case "presence":
            if (data.online) online.set(data.user, data.name || data.user); else online.delete(data.user);
            at("presence").textContent = online.size ? "Here: " + [...online.values()].join(", ") : "";
            break;
          case "alert": alarm(data); break;
          case "error": problem(data.message); break;
          }
        }

        async function refresh() {
          const data = await call("GET", "/v1/queues");
          at("waiting").replaceChildren(...data.queues.flatMap((queue) => queue.waiting.map((one) => {
            const item = make("li");
            item.append(make("strong", queue.name), make("pre", one.summary.text),
              button("Claim", () => attempt(() => claim(one.conversation))));
            return item;
          })));
          at("mine").replaceChildren(...data.claimed.map((one) => {
            const item = make("li");
            item.append(button(one.assistant + ", since " + one.updated_at.slice(11, 16),
              () => attempt(() => claim(one.id))));
            return item;
          }));
          const names = data.queues.filter((queue) => queue.open).map((queue) => queue.name);
          at("queue").replaceChildren(...names.map((name) => make("option", name)));
        }

        async function claim(id) {
          const taken = await call("POST", "/v1/conversations/" + encodeURIComponent(id) + "/claim");
          current = id; last = 0;
          at("log").replaceChildren();
          at("title").textContent = taken.summary.person + ", " + taken.summary.assistant;
          at("summary").textContent = taken.summary.text;
          at("summary").hidden = false;
          silence(id);
          // At once: whoever closes by a key before the rest is there means it.
          for (const name of controls) at(name).disabled = false;
          let more = true;
          while (more) {
            const page = await call("GET", path("/messages?limit=200&after=" + last));
            if (current !== id) return;
            page.messages.forEach(show);
            more = page.more && page.messages.length > 0;
          }
          say({ type: "open", conversation: id });
          at("text").focus();
          await notes();
          await refresh();
        }

        function leave() {
          current = null;
          at("title").textContent = "No conversation";
          at("summary").hidden = true;
          at("typing").textContent = "";
          at("log").replaceChildren();
          at("notes").replaceChildren();
          for (const name of controls) at(name).disabled = true;
        }

        function show(message) {
          if (message.sequence <= last) return;
          last = message.sequence;
          const element = make("p", undefined, "message " + message.author);
          element.append(make("span", message.name || message.author, "author"), make("span", message.text));
          at("log").append(element);
          at("log").scrollTop = at("log").scrollHeight;
          if (message.author === "user") say({ type: "read", conversation: current, sequence: message.sequence });
        }

        function alarm(data) {
          beep();
          if (alarms.has(data.conversation)) return;
          const element = make("p", "Emergency" + (data.safety ? ": " + data.safety.family : "") + " ");
          const id = data.conversation;
          element.append(
            button("Claim", () => attempt(() => claim(id))),
            button("Acknowledge", () => attempt(async () => {
              await call("POST", "/v1/conversations/" + encodeURIComponent(id) + "/acknowledge");
              silence(id);
            })));
          alarms.set(id, element);
          at("alarms").append(element);
        }
        function silence(id) { const element = alarms.get(id); if (element) element.remove(); alarms.delete(id); }
        function beep() {
          if (!sound) return;
          const tone = sound.createOscillator(), volume = sound.createGain();
          volume.gain.value = 0.2;
          tone.frequency.value = 880;
          tone.connect(volume).connect(sound.destination);
          tone.start();
          tone.stop(sound.currentTime + 0.4);
          document.body.dataset.beeps = Number(document.body.dataset.beeps || 0) + 1;
        }

        async function notes() {
          const id = current, data = await call("GET", path("/notes"));
          if (current !== id) return;
          at("notes").replaceChildren(...data.notes.map((one) => make("li", (one.name || one.author) + ": " + one.text)));
        }
        async function move(name, body) {
          await call("POST", path("/" + name), body);
          leave();
          await refresh();
        }

        at("signin").onsubmit = (event) => { event.preventDefault(); attempt(signIn); };
        at("composer").onsubmit = (event) => {
          event.preventDefault();
          const text = at("text").value.trim();
          if (!text || !current) return;
          at("text").value = "";
          say({ type: "message", conversation: current, text, client_message_id: crypto.randomUUID() });
        };
        at("text").onkeydown = (event) => {
          if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); at("composer").requestSubmit(); return; }
          if (current && Date.now() - typing > 3000) { typing = Date.now(); say({ type: "typing", conversation: current, on: true }); }
        };
        at("noter").onsubmit = (event) => {
          event.preventDefault();
          attempt(async () => {
            await call("POST", path("/notes"), { text: at("note").value });
            at("note").value = "";
            await notes();
          });
        };
        at("finder").onsubmit = (event) => {
          event.preventDefault();
          attempt(async () => {
            const data = await call("GET", "/v1/search?q=" + encodeURIComponent(at("query").value));
            at("found").replaceChildren(...data.messages.map((one) => make("li", one.text)));
          });
        };
        at("transfer").onclick = () => attempt(() => move("transfer", { queue: at("queue").value }));
        at("release").onclick = () => attempt(() => move("release"));
        at("close").onclick = () => attempt(() => move("close"));
        document.onkeydown = (event) => {
          if (!event.altKey) return;
          const target = { n: () => at("waiting").querySelector("button"), r: () => at("text"), x: () => at("close") }[event.key];
          const element = target && target();
          if (!element) return;
          event.preventDefault();
          if (event.key === "r") element.focus(); else element.click();
        };
        """#
}
