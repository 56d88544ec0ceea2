"""The laptop's page that uploads photos, in Chromium, as a person at a keyboard uses it."""

import io
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from cufit_ops.laptop.platform.pages import photos_page
from cufit_ops.workspace import Workspace
from tests.e2e.browser import ARGUMENTS, program

SECONDS = 20


@contextmanager
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser, workspace: Workspace, locale: str = "ko-KR", **options: object
) -> Iterator[Page]:
    """Raises AssertionError: the browser refused or failed at something meanwhile."""
    context = browser.new_context(locale=locale, **options)  # type: ignore[arg-type]
    context.set_default_timeout(SECONDS * 1000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if _is_fault(said) else None)
    try:
        page.goto(photos_page(workspace))
        yield page
    except (AssertionError, Error) as error:
        error.add_note("\n".join(["The browser said:", *faults]))
        raise
    finally:
        context.close()
    assert not faults


def _is_fault(said: ConsoleMessage) -> bool:
    """Answers with 4xx are the page's to tell."""
    return said.type == "error" and "responded with a status of 4" not in said.text


def sign_in(page: Page, name: str) -> None:
    page.locator("#person").select_option(name)
    page.locator("#sign-in button").click()
    expect(page.locator("#signed-in")).to_be_visible()


def choose(page: Page, name: str, data: bytes, kind: str) -> Locator:
    """The card of the file, once there is one."""
    page.locator("#file").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    return page.locator("#photos li", has_text=name)


CHOOSE = """({name, kind, bytes, zeros}) => {
  const start = Uint8Array.from(atob(bytes), (byte) => byte.charCodeAt());
  const files = new DataTransfer();
  files.items.add(new File([start, new Uint8Array(zeros)], name, {type: kind}));
  const input = document.getElementById("file");
  input.files = files.files;
  input.dispatchEvent(new Event("change"));
}"""


def choose_made_there(
    page: Page, name: str, kind: str, data: bytes = b"", zeros: int = 0
) -> Locator:
    """A file made in the page: Playwright gives every file a type, and brings large ones slowly."""
    given = {"name": name, "kind": kind, "bytes": b64encode(data).decode(), "zeros": zeros}
    page.evaluate(CHOOSE, given)
    return page.locator("#photos li", has_text=name)


WATCH = """() => {
  window.pictures = [];
  new MutationObserver((changes) => {
    for (const {target, addedNodes: [image]} of changes) {
      if (image?.localName !== "img") continue;
      const card = target.closest("li");
      pictures.push([card.querySelector(".name").textContent, card.dataset.state, image.src]);
    }
  }).observe(document.getElementById("photos"), {childList: true, subtree: true});
}"""


def watch(page: Page) -> None:
    """From now on `pictures` tells of this page."""
    page.evaluate(WATCH)


def pictures(page: Page, name: str) -> list[tuple[str, str]]:
    """What stood in the picture's place: the photo's state at that moment, the image's address."""
    return [(state, source) for of, state, source in page.evaluate("pictures") if of == name]


def of_address(source: str) -> Image.Image:
    """A picture that is its own address."""
    kind, _, content = source.partition(",")
    assert kind == "data:image/png;base64"
    return Image.open(io.BytesIO(b64decode(content))).convert("RGB")


def on_screen(card: Locator) -> Image.Image:
    """The picture as a person sees it."""
    return Image.open(io.BytesIO(card.locator(".picture").screenshot())).convert("RGB")
