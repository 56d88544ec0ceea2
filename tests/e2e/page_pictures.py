"""Draws the guides' pictures of the page that uploads anew, from the laptop as `make up` left it:

    .venv/bin/python -m tests.e2e.page_pictures

In Korean and light, in English and dark. What the person on them had before is deleted.
"""

import io
import shutil
import subprocess
import sys

import httpx
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, Page, expect

from cufit_ops.laptop.platform.issuer import LocalIssuer
from cufit_ops.workspace import ROOT, Workspace
from tests.e2e.photos_page import choose, chromium, opened, sign_in
from tests.photos.scene import saved

FOLDER = ROOT / "docs/pictures"
PERSON = "candidate-38"
WINDOW = {"width": 640, "height": 640}
LOOKS = {"ko": ("ko-KR", "light"), "en": ("en-US", "dark")}
MY_PHOTOS = "**/v1/candidates/me"


def evening(size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    """Hills under a low sun; nobody's photo."""
    width, height = size
    dusk = Image.new("RGB", size, "#f4a261")
    dusk.paste(
        Image.new("RGB", size, "#3d405b"), mask=Image.linear_gradient("L").rotate(180).resize(size)
    )
    draw = ImageDraw.Draw(dusk)
    draw.ellipse((width * 0.6, height * 0.4, width * 0.75, height * 0.6), fill="#ffe8c2")
    for colour, peaks in (
        ("#6d597a", (0.7, 0.5, 0.66, 0.55, 0.72)),
        ("#40415f", (0.8, 0.74, 0.62, 0.78, 0.7)),
        ("#22253d", (0.82, 0.9, 0.84, 0.93, 0.8)),
    ):
        ridge = [(width * at / (len(peaks) - 1), height * peak) for at, peak in enumerate(peaks)]
        draw.polygon([*ridge, (width, height), (0, height)], fill=colour)
    return dusk.filter(ImageFilter.GaussianBlur(3))


def delete_photos(workspace: Workspace) -> None:
    token = LocalIssuer.of(workspace).token(PERSON)
    with httpx.Client(
        base_url=workspace.url, headers={"authorization": f"Bearer {token}"}, trust_env=False
    ) as api:
        for photo in api.get("/v1/candidates/me").raise_for_status().json()["photos"]:
            api.delete(f"/v1/candidates/me/photos/{photo['photoId']}").raise_for_status()


def draw(browser: Browser, workspace: Workspace, language: str) -> None:
    locale, scheme = LOOKS[language]
    delete_photos(workspace)
    with opened(browser, workspace, locale, color_scheme=scheme, viewport=WINDOW) as page:
        sign_in(page, PERSON)
        page.route(MY_PHOTOS, lambda _: None)  # no answer until `unroute`
        card = choose(page, "IMG_2041.jpg", saved(evening(), "JPEG", quality=90), "image/jpeg")
        expect(card.locator("img")).to_be_visible()
        expect(card).to_have_attribute("data-state", "PENDING")
        keep(page, "pending", language)
        page.unroute(MY_PHOTOS)
        expect(card.locator("img[src*='/1280.jpg']")).to_be_visible()
        keep(page, "ready", language)
        refused = choose(page, "meme.jpg", b"GIF89a" + bytes(99), "image/jpeg")
        expect(refused).to_have_attribute("data-state", "REJECTED")
        keep(page, "refused", language)
    delete_photos(workspace)


def keep(page: Page, what: str, language: str) -> None:
    seen = Image.open(io.BytesIO(page.screenshot(animations="disabled", full_page=True)))
    file = FOLDER / f"photos-{what}.{language}.png"
    seen.convert("RGB").quantize(256).save(file, optimize=True)
    sys.stdout.write(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} KB\n")


def main() -> None:
    fc_list = shutil.which("fc-list")
    if not (fc_list and subprocess.check_output([fc_list, ":lang=ko"])):
        raise SystemExit("there is no Korean font; on Debian and Ubuntu: apt install fonts-nanum")
    FOLDER.mkdir(exist_ok=True)
    with chromium() as browser:
        for language in LOOKS:
            draw(browser, Workspace.from_environment(), language)


if __name__ == "__main__":
    main()
