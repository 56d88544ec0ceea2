"""Phones' photos through the page that uploads: every origin, preflight and signature in between.

Nothing is intercepted: Playwright would answer the preflights itself then.
"""

import os
from collections.abc import Iterator

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat
from playwright.sync_api import Browser, Locator, Page, expect

from cufit_contracts.photo_sentences import OF_REJECTION
from cufit_contracts.photos import RejectionReason
from tests.e2e.browser import PROGRAMS, program
from tests.e2e.conftest import Running
from tests.e2e.photos_page import (
    choose,
    choose_made_there,
    chromium,
    of_address,
    on_screen,
    opened,
    pictures,
    sign_in,
    watch,
)
from tests.photos.accepted import mpo
from tests.photos.photo import exif, turned
from tests.photos.scene import SIZE, saved, scene

pytestmark = pytest.mark.skipif(
    program() is None and "CI" not in os.environ,
    reason=f"NO BROWSER TEST: none of {', '.join(PROGRAMS)} is installed",
)

SIDEWAYS = 6
"""How phones held upright store what they see."""
PAINTED = """async (image) => {
  await image.decode();
  for (const _ of "12") await new Promise(requestAnimationFrame);
}"""
"""Visible is what has its place, and on a busy machine that is long before it can be seen."""

LIKE, BLURRED = 6, 30
"""Mean distance of two pictures' colours, of 255; a placeholder is a few waves of light."""

NO_ANSWER_FOR_A_MINUTE = """async () => {
  const {settled} = await import("/_local/photos/upload.js");
  const pending = JSON.stringify({photos: [{photoId: "pho_1", state: "PENDING"}]});
  let now = 0, asked = 0;
  Date.now = () => now;
  window.setTimeout = (next, wait) => { now += wait; queueMicrotask(next); };
  window.fetch = async () => {
    asked += 1;
    if (asked === 1) throw new TypeError("Failed to fetch");
    return asked === 2 ? new Response("no JSON", {status: 503}) : new Response(pending);
  };
  const photo = await settled("", {}, "pho_1");
  return {state: photo.state, asked, seconds: now / 1000};
}"""

NO_API = """{
  const real = window.fetch;
  window.fetch = (url, ...more) =>
    url.includes("/v1/") ? Promise.reject(new TypeError()) : real(url, ...more);
}"""

MISSING_WORDS = """async () => {
  const {ko, en} = (await import("/_local/photos/words.js")).WORDS;
  return [...Object.keys(ko), ...Object.keys(en)].filter((key) => !(ko[key] && en[key]));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def distance(one: Image.Image, other: Image.Image) -> float:
    difference = ImageChops.difference(one, other.resize(one.size))
    return sum(ImageStat.Stat(difference).mean) / 3


def upright(size: tuple[int, int]) -> Image.Image:
    return ImageOps.exif_transpose(turned(scene("RGB", size), SIDEWAYS))


def becomes_ready(card: Locator) -> None:
    expect(card).to_have_attribute("data-state", "READY")
    image = card.locator("img[src*='/1280.jpg']")
    expect(image).to_be_visible()
    image.evaluate(PAINTED)


def test_a_phones_photo_is_seen_at_once_and_upright(browser: Browser, running: Running) -> None:
    name, size = "<b>KakaoTalk</b>_1.jpg", (1600, 1200)
    photo = saved(scene("RGB", size), "JPEG", quality=90, exif=exif(SIDEWAYS))
    with opened(browser, running.workspace) as page:
        sign_in(page, "candidate-31")
        watch(page)
        card = choose(page, name, photo, "image/jpeg")
        becomes_ready(card)
        expect(page.locator("#news[role=status]")).to_have_text("사진이 준비되었습니다.")
        (pending, own), *ready = pictures(page, name)
        assert pending in ("UPLOADING", "PENDING")
        assert {state for state, _ in ready} == {"READY"}
        stored, *sharp = [source for _, source in ready]
        for placeholder in map(of_address, (own, stored)):
            assert distance(placeholder, upright(size)) < BLURRED
        assert ["/320.jpg?" in sharp[0], "/1280.jpg?" in sharp[1]] == [True, True]
        assert distance(on_screen(card), upright(size)) < LIKE
        too_large_for_what_the_api_told(page)
        page.set_viewport_size({"width": 320, "height": 640})
        told = card.locator(".told").bounding_box()
        assert told is not None
        assert told["width"] > 320 / 2, "words have their place on the narrowest phone"


def test_a_photo_is_asked_for_less_and_less_often(browser: Browser, running: Running) -> None:
    """The API takes 20 requests a second from everybody together, and refuses more without CORS
    headers, so that a page sees no answer at all."""
    with opened(browser, running.workspace) as page:
        found = page.evaluate(NO_ANSWER_FOR_A_MINUTE)
    assert found["state"] == "PENDING"
    assert 60 <= found["seconds"] <= 65
    assert found["asked"] <= 20


def test_no_answer_on_reloading_is_said(browser: Browser, running: Running) -> None:
    with opened(browser, running.workspace, "en-US") as page:
        sign_in(page, "candidate-35")
        page.add_init_script(NO_API)
        page.reload()
        expect(page.locator("#status")).to_contain_text("There is no connection.")
        expect(page.get_by_label("Sign in as")).to_have_value("candidate-35")


def too_large_for_what_the_api_told(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    card = choose_made_there(page, "enormous.jpg", "image/jpeg", zeros=10_000_001)
    expect(card.locator(".sentence")).to_contain_text("10 MB까지")
    assert asked == []


def test_mpo_and_heic_of_no_known_type(browser: Browser, running: Running) -> None:
    pillow_heif.register_heif_opener()
    heic = saved(scene(), "HEIF", exif=exif(SIDEWAYS), enc_params={"preset": "ultrafast"})
    with opened(browser, running.workspace, "en-US") as page:
        sign_in(page, "candidate-32")
        for card in (
            choose(page, "IMG_0001.JPG", mpo(SIDEWAYS), "image/jpeg"),
            choose_made_there(page, "IMG_0002.HEIC", "", heic),
        ):
            becomes_ready(card)
            assert distance(on_screen(card), upright(SIZE)) < LIKE


def test_what_is_refused_says_why_in_the_language_chosen(
    browser: Browser, running: Running
) -> None:
    told = OF_REJECTION[RejectionReason.TYPE_UNSUPPORTED]
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='document.title=1'/>"
    with opened(browser, running.workspace) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.method))
        sign_in(page, "candidate-33")
        large = choose_made_there(page, "enormous.jpg", "image/jpeg", zeros=10_000_001)
        expect(large.locator(".sentence")).to_contain_text("10 MB까지")
        assert "PUT" not in asked
        card = choose(page, "drawing.jpg", svg, "image/jpeg")
        expect(card.locator(".state")).to_have_text("받지 않음")
        expect(card.locator(".sentence")).to_have_text(told.korean)
        expect(page.locator("#news[role=status]")).to_have_text(told.korean)
        page.get_by_role("button", name="English").click()
        expect(card.locator(".sentence")).to_have_text(told.english)
        film = choose(page, "film.mp4", b"\0\0\0\x18ftypmp42", "video/mp4")
        expect(film.locator(".sentence")).to_contain_text("This is a film.")
        signing_in_twice_is_once(page, "candidate-33")


def signing_in_twice_is_once(page: Page, name: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#sign-out").click()
    page.locator("#person").select_option(name)
    page.locator("#sign-in button").dblclick()
    expect(page.locator("#photos li")).to_have_count(1)
    assert sum(url.endswith("/_local/token") for url in asked) == 1


def test_by_keyboard_and_by_ear(browser: Browser, running: Running) -> None:
    with opened(browser, running.workspace, "en-US") as page:
        page.on("dialog", lambda dialog: dialog.accept())
        expect(page.get_by_label("Sign in as")).to_be_focused()
        page.get_by_label("Sign in as").select_option("candidate-34")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Choose photos")).to_be_focused()
        choose(page, "page.jpg", b"<html>", "image/jpeg")
        delete = page.get_by_role("button", name="Delete: page.jpg")
        expect(delete).to_be_visible()
        page.keyboard.press("Tab")
        expect(delete).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#news[role=status]")).to_have_text("The photo was deleted.")
        expect(page.get_by_label("Choose photos")).to_be_focused()
        page.reload()
        expect(page.get_by_text("No photos yet.")).to_be_visible()
        assert not page.evaluate(MISSING_WORDS)
