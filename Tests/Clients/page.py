"""The chat page in headless Chromium: by keyboard alone, with the names a screen reader says, across a lost connection."""

import os

from playwright.sync_api import Page, expect as see, sync_playwright

from support import PATIENT_DIALOGUE, base_url, expect

ADDRESS = os.environ["DEMO_URL"]


def tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const e = document.activeElement;"
            " return e.labels && e.labels.length ? e.labels[0].textContent : e.textContent; }"
        )
        if focused.strip() == name:
            outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            expect(outline != "none", f"a visible focus on {name}", outline)
            return
    raise SystemExit(f"{name} cannot be reached with the Tab key")


def choose(page: Page, label: str, value: str) -> None:
    tab_to(page, label)
    options = page.get_by_label(label, exact=True).locator("option")
    names = [option.get_attribute("value") for option in options.all()]
    page.keyboard.press("Home")
    for _ in range(names.index(value)):
        page.keyboard.press("ArrowDown")
    see(page.get_by_label(label, exact=True)).to_have_value(value)


def say(page: Page, text: str, part: str) -> None:
    count = page.locator(".message").count()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    see(page.locator(".message").nth(count)).to_contain_text(text)
    see(page.get_by_role("log")).to_contain_text(part, ignore_case=True)


def roles(page: Page) -> None:
    for role, name in [
        ("combobox", "Role"), ("combobox", "Assistant"), ("textbox", "User id"), ("textbox", "Message"),
        ("button", "New conversation"), ("button", "Send"), ("log", "Conversation"), ("heading", "Orchestrator demo"),
    ]:
        see(page.get_by_role(role, name=name, exact=True)).to_have_count(1)
    expect(page.get_by_role("log").get_attribute("aria-live") == "polite", "a live region")
    expect(page.evaluate("() => document.documentElement.lang") == "en", "the page's language")


def begin(page: Page, role: str, assistant: str) -> None:
    choose(page, "Role", role)
    see(page.get_by_role("combobox", name="Assistant")).to_be_enabled()
    choose(page, "Assistant", assistant)
    tab_to(page, "New conversation")
    page.keyboard.press("Enter")
    see(page.get_by_role("textbox", name="Message")).to_be_focused()


def talk(page: Page) -> None:
    page.goto(ADDRESS)
    roles(page)
    begin(page, "PATIENT", "patient")
    for text, part in PATIENT_DIALOGUE:
        say(page, text, part)
    # The connection is lost, and the page goes on where it was.
    before = page.locator(".message").count()
    page.evaluate("() => socket.close()")
    see(page.get_by_role("status")).to_have_text("Connected")
    expect(page.locator(".message").count() == before, "nothing twice after a lost connection")
    say(page, "I have severe chest pain", "911")
    see(page.locator(".message.emergency")).to_have_count(1)


def doctor(page: Page) -> None:
    page.goto("about:blank")
    page.goto(ADDRESS)
    begin(page, "DOCTOR", "doctor")
    say(page, "show me today's schedule", "9:00")


def closed(page: Page) -> None:
    page.goto("about:blank")
    page.goto(base_url() + "/#k=wrong")
    see(page.get_by_role("alert")).to_contain_text("address that the server printed")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    window = browser.new_page()
    problems: list[str] = []
    window.on("pageerror", lambda error: problems.append(str(error)))
    window.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    window.on("request", lambda one: None if one.url.startswith((base_url(), "about:", ADDRESS[:20])) else problems.append(one.url))
    for check in (talk, doctor, closed):
        check(window)
    browser.close()
    expect(problems == [], "no error, no breach of the policy, nothing from elsewhere", problems)
