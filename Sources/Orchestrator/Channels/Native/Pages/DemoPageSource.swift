// SPDX-License-Identifier: Apache-2.0

// The page as it is sent. In the binary, so that the server serves it from wherever it is started; text from people
// only ever becomes `textContent`.
enum DemoPageSource {
    static let html = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Orchestrator demo</title>
        <style>{{style}}</style>
        </head>
        <body>
        <header>
        <h1>Orchestrator demo</h1>
        <p id="status" role="status">Not connected</p>
        </header>
        <main>
        <form id="setup" aria-label="Who talks to whom">
        <p><label for="role">Role</label><select id="role">{{roles}}</select></p>
        <p><label for="user">User id</label><input id="user" autocomplete="off" spellcheck="false"
         placeholder="demo user" maxlength="256"></p>
        <p><label for="assistant">Assistant</label><select id="assistant" disabled></select></p>
        <p><button id="start" type="submit" disabled>New conversation</button></p>
        </form>
        <p id="problem" role="alert" hidden></p>
        <div id="log" role="log" aria-live="polite" aria-relevant="additions" aria-label="Conversation" tabindex="0"></div>
        <form id="composer" aria-label="Your message">
        <label for="text">Message</label>
        <textarea id="text" rows="2" autocomplete="off" disabled></textarea>
        <button id="send" type="submit" disabled>Send</button>
        <button id="stop" type="button" hidden>Stop the answer</button>
        </form>
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
        html, body { height: 100%; margin: 0; }
        body { font: 1rem/1.5 system-ui, sans-serif; background: var(--back); color: var(--text); display: flex;
          flex-direction: column; max-width: 50rem; margin: 0 auto; padding: 0 1rem 1rem; }
        header { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; flex-wrap: wrap; }
        h1 { font-size: 1.25rem; margin: .75rem 0; }
        main { display: flex; flex-direction: column; flex: 1; min-height: 0; gap: .75rem; }
        #setup { display: flex; gap: .75rem; flex-wrap: wrap; align-items: end; }
        #setup p { margin: 0; display: flex; flex-direction: column; }
        select, input, textarea, button { font: inherit; color: inherit; background: var(--back); padding: .4rem .6rem;
          border: 1px solid var(--line); border-radius: .4rem; min-height: 2.5rem; }
        button { cursor: pointer; } button:disabled { cursor: default; opacity: .6; }
        :focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
        #log { flex: 1; min-height: 12rem; overflow-y: auto; border: 1px solid var(--line); border-radius: .4rem;
          padding: .75rem; }
        .message { margin: 0 0 .75rem; max-width: 85%; width: fit-content; padding: .5rem .75rem; border-radius: .75rem;
          background: var(--theirs); color: var(--theirs-text); white-space: pre-wrap; overflow-wrap: anywhere; }
        .message.user { margin-left: auto; background: var(--mine); color: var(--mine-text); }
        .message.emergency { border: 3px solid var(--alarm); }
        .author { display: block; font-size: .8rem; opacity: .85; }
        .choices { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .5rem; }
        .choices button, .choices a { background: var(--back); color: var(--text); border: 1px solid var(--line);
          border-radius: .4rem; padding: .4rem .6rem; }
        .sources { font-size: .85rem; margin: .5rem 0 0; padding-left: 1.2rem; }
        #problem { color: var(--alarm); margin: 0; }
        #composer { display: flex; gap: .5rem; align-items: end; flex-wrap: wrap; }
        #composer label { width: 100%; }
        #composer textarea { flex: 1; min-width: 12rem; resize: vertical; }
        """#
}
