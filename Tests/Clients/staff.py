"""The staff page in headless Chromium: sign in, claim by keyboard, answer, note, alarm with sound, pass on, close.

Its queue must be its own, so it has a server of its own: staff.py SERVER
"""

import json
import sys
import urllib.request

from playwright.sync_api import Page, expect as see, sync_playwright

from product import Server
from support import bearer, expect

BASE = ""


def call(method: str, path: str, bearer_token: str, body: dict | None = None) -> dict:
    data = json.dumps(body).encode() if body is not None else None
    headers = bearer(bearer_token) | ({"Content-Type": "application/json"} if data else {})
    request = urllib.request.Request(BASE + path, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def begin(patient: str) -> str:
    return call("POST", "/v1/conversations", patient, {"assistant": "patient"})["id"]


def say(patient: str, conversation: str, text: str) -> dict:
    return call("POST", f"/v1/conversations/{conversation}/messages", patient, {"text": text})


def sign_in(page: Page, staff: str) -> None:
    page.goto(BASE + "/staff")
    page.get_by_label("Token").focus()
    page.keyboard.type(staff)
    page.keyboard.press("Enter")
    see(page.get_by_role("status")).to_contain_text("Signed in as")
    expect(staff not in page.content(), "the token is nowhere in the page")


def queue_to_close(page: Page, patient: str) -> None:
    conversation = begin(patient)
    call("POST", f"/v1/conversations/{conversation}/handoff", patient, {"queue": "on_call", "reason": "a question"})
    waiting = page.locator("#waiting li").first
    see(waiting).to_contain_text("asked: a question")
    page.keyboard.press("Alt+n")
    see(page.get_by_role("textbox", name="Reply")).to_be_focused()
    page.keyboard.type("<b>How</b> can I help?")
    page.keyboard.press("Enter")
    log = page.get_by_role("log")
    see(log).to_contain_text("<b>How</b> can I help?")
    expect(page.locator("#log b").count() == 0, "text from people is never markup")
    answer = say(patient, conversation, "My knee is sore")
    expect(answer["replies"] == [], "the assistant is silent", answer)
    see(log).to_contain_text("My knee is sore")
    page.get_by_label("Note, for staff only").fill("knee")
    page.keyboard.press("Enter")
    see(page.locator("#notes li")).to_contain_text("knee")
    page.get_by_label("Search your conversations").fill("sore")
    page.keyboard.press("Enter")
    see(page.locator("#found li")).to_contain_text("My knee is sore")
    page.keyboard.press("Alt+x")
    see(page.get_by_role("heading", name="No conversation")).to_be_visible()
    state = call("GET", f"/v1/conversations/{conversation}", patient)["state"]
    expect(state == "assistant", "the assistant has it again", state)


def emergency(page: Page, patient: str) -> None:
    conversation = begin(patient)
    say(patient, conversation, "I have severe chest pain")
    alarm = page.locator("#alarms p")
    see(alarm).to_contain_text("Emergency: ")
    beeps = page.evaluate("() => Number(document.body.dataset.beeps || 0)")
    expect(beeps >= 1, "an alert is heard", beeps)
    alarm.get_by_role("button", name="Acknowledge").click()
    see(alarm).to_have_count(0)
    # The alarm may be there before the queue is.
    see(page.locator("#waiting li").first).to_contain_text("why: emergency")
    page.keyboard.press("Alt+n")
    see(page.get_by_role("log")).to_contain_text("I have severe chest pain")
    page.keyboard.press("Alt+x")
    see(page.get_by_role("heading", name="No conversation")).to_be_visible()


def main() -> None:
    global BASE
    server = Server(sys.argv[1])
    BASE = server.url
    try:
        work(server.token("PATIENT", "patient_staff_page"), server.token("DOCTOR", "doctor_staff_page"))
    finally:
        _, code = server.stop()
    expect(code == 0, "a clean end", code)


def work(patient: str, doctor: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])
        page = browser.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
        sign_in(page, doctor)
        queue_to_close(page, patient)
        emergency(page, patient)
        expect(problems == [], "no script error and nothing refused by the policy", problems)
        browser.close()


main()
