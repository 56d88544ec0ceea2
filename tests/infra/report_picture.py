"""Draws the guides' pictures of a pull request's comment anew:

    .venv/bin/python -m tests.infra.report_picture

of config/ as it is and of test_review.py's edit, in the Chromium of this machine, with its fonts.
"""

import io
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from cufit_ops.cdk import node
from cufit_ops.review.language import LANGUAGES
from cufit_ops.review.markdown import render
from cufit_ops.review.report import review
from cufit_ops.review.synthesis import build
from cufit_ops.workspace import ROOT
from tests.infra.test_review import all_at_once, edited

PICTURES = ROOT / "docs/pictures"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SIZE = (804, 3000)
_COLOURS = 128


def main() -> None:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        raise SystemExit(f"no browser: one of {', '.join(_BROWSERS)} is needed")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base"
        build(ROOT, base, validate=False)
        report = review(base, edited(base, all_at_once))
        for language in LANGUAGES:
            page = Path(folder) / "page.html"
            page.write_bytes(_page(render(report, language)))
            file = PICTURES / f"pull-request.{language}.png"
            file.write_bytes(_picture(browser, page))
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes")  # noqa: T201


def _page(markdown: str) -> bytes:
    program = [str(node()), str(Path(__file__).with_name("report_page.cjs"))]
    return subprocess.run(
        program, input=markdown.encode(), cwd=ROOT, check=True, capture_output=True
    ).stdout


def _picture(browser: str, page: Path) -> bytes:
    shot = page.with_suffix(".png")
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         f"--window-size={_SIZE[0]},{_SIZE[1]}", f"--screenshot={shot}", page.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    whole = Image.open(shot).convert("RGB")
    blank = Image.new("RGB", whole.size, whole.getpixel((0, 0)))
    _, _, _, bottom = ImageChops.difference(whole, blank).getbbox() or (0, 0, *_SIZE)
    small = whole.crop((0, 0, whole.width, min(bottom + 12, whole.height))).quantize(_COLOURS)
    content = io.BytesIO()
    small.save(content, "PNG", optimize=True)
    return content.getvalue()


if __name__ == "__main__":
    main()
