// SPDX-License-Identifier: Apache-2.0

// The page as it is sent; text from people only ever becomes `textContent`.
enum StaffPageSource {
    static let html = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Staff</title>
        <style>{{style}}</style>
        </head>
        <body>
        <header>
        <h1>Staff</h1>
        <p id="status" role="status">Not signed in</p>
        <p id="presence" aria-label="Colleagues who are here"></p>
        </header>
        <form id="signin" aria-label="Sign in">
        <p><label for="token">Token</label>
        <input id="token" type="password" autocomplete="off" spellcheck="false" required></p>
        <p><button type="submit">Sign in</button></p>
        <p><label><input id="sound" type="checkbox" checked> Sound for alerts</label></p>
        </form>
        <p id="problem" role="alert" hidden></p>
        <div id="alarms" role="alert" aria-label="Emergencies"></div>
        <main id="desk" hidden>
        <nav aria-label="Queues and conversations">
        <h2>Waiting</h2><ul id="waiting"></ul>
        <h2>Yours</h2><ul id="mine"></ul>
        <form id="finder" role="search"><label for="query">Search your conversations</label>
        <input id="query" type="search" minlength="2" maxlength="200"><ul id="found"></ul></form>
        <p class="keys">Keys: <kbd>Alt+N</kbd> claims the first that waits, <kbd>Alt+R</kbd> writes,
        <kbd>Alt+X</kbd> closes.</p>
        </nav>
        <section aria-label="Conversation">
        <h2 id="title">No conversation</h2>
        <pre id="summary" hidden></pre>
        <div id="log" role="log" aria-live="polite" aria-label="Transcript" tabindex="0"></div>
        <p id="typing" aria-live="polite"></p>
        <form id="composer" aria-label="Your reply">
        <label for="text">Reply</label>
        <textarea id="text" rows="3" disabled></textarea>
        <button id="send" type="submit" disabled>Send</button>
        </form>
        <form id="noter" aria-label="Note for staff">
        <label for="note">Note, for staff only</label><input id="note" maxlength="4000" disabled>
        <button id="keep" type="submit" disabled>Keep</button>
        </form>
        <ul id="notes" aria-label="Notes"></ul>
        <p class="moves"><label for="queue">Pass on to</label><select id="queue" disabled></select>
        <button id="transfer" type="button" disabled>Pass on</button>
        <button id="release" type="button" disabled>Give back to the queue</button>
        <button id="close" type="button" disabled>Close</button></p>
        </section>
        </main>
        <script>{{script}}</script>
        </body>
        </html>
        """#

    static let style = #"""
        :root { color-scheme: light dark; --line: #767676; --mine: #0b57d0; --mine-text: #fff; --theirs: #ececec;
          --theirs-text: #111; --back: #fff; --text: #111; --alarm: #b3261e; --ring: #0b57d0; }
        @media (prefers-color-scheme: dark) { :root { --mine: #a8c7fa; --mine-text: #062e6f; --theirs: #303134;
          --theirs-text: #f1f1f1; --back: #1a1b1e; --text: #f1f1f1; --line: #9a9a9a; --alarm: #f2b8b5; --ring: #a8c7fa; } }
        * { box-sizing: border-box; }
        body { font: 1rem/1.5 system-ui, sans-serif; background: var(--back); color: var(--text); margin: 0;
          padding: 0 1rem 1rem; }
        header, #signin { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; }
        h1 { font-size: 1.25rem; margin: .75rem 0; } h2 { font-size: 1rem; margin: .75rem 0 .25rem; }
        main { display: grid; grid-template-columns: minmax(16rem, 1fr) 2fr; gap: 1rem; }
        main[hidden] { display: none; }
        @media (max-width: 45rem) { main { grid-template-columns: 1fr; } }
        select, input, textarea, button { font: inherit; color: inherit; background: var(--back); padding: .4rem .6rem;
          border: 1px solid var(--line); border-radius: .4rem; }
        button { cursor: pointer; } button:disabled { cursor: default; opacity: .6; }
        :focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
        nav ul, #notes { list-style: none; padding: 0; margin: 0; }
        nav li { border: 1px solid var(--line); border-radius: .4rem; padding: .5rem; margin-bottom: .5rem; }
        nav pre, #summary { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0 0 .5rem; }
        #summary { border: 1px solid var(--line); border-radius: .4rem; padding: .5rem; }
        #log { height: 22rem; overflow-y: auto; border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; }
        .message { margin: 0 0 .75rem; max-width: 85%; width: fit-content; padding: .5rem .75rem; border-radius: .75rem;
          background: var(--theirs); color: var(--theirs-text); white-space: pre-wrap; overflow-wrap: anywhere; }
        .message.staff { margin-left: auto; background: var(--mine); color: var(--mine-text); }
        .author { display: block; font-size: .8rem; opacity: .85; }
        #composer, #noter { display: flex; gap: .5rem; flex-wrap: wrap; align-items: end; margin-top: .5rem; }
        #composer label, #noter label { width: 100%; } #composer textarea, #noter input { flex: 1; }
        #typing { min-height: 1.5rem; margin: 0; font-size: .9rem; }
        #alarms p { border: 3px solid var(--alarm); border-radius: .4rem; padding: .5rem; font-weight: bold; }
        #problem { color: var(--alarm); } .keys { font-size: .85rem; }
        """#
}
