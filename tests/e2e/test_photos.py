"""The shell commands of /docs upload a photo, through everything that stands in between."""

import re
import shutil
import subprocess
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from cufit_contracts.photo_sentences import OF_REJECTION
from cufit_contracts.photos import RejectionReason
from cufit_ops.laptop.platform.issuer import LocalIssuer
from tests.e2e.conftest import Running

CANDIDATE = "candidate-02"
BASH = shutil.which("bash") or ""
MISSING = [name for name in ("bash", "curl", "openssl") if shutil.which(name) is None]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"without {', '.join(MISSING)}")


def test_the_commands_of_the_document_upload_a_photo(running: Running, tmp_path: Path) -> None:
    picture = BytesIO()
    Image.new("RGB", (200, 100), "orange").save(picture, "JPEG")
    photo = _uploaded(running, tmp_path, picture.getvalue())
    assert (photo["state"], photo["message"]) == ("READY", None)


def test_what_is_no_photo_is_told_in_a_sentence(running: Running, tmp_path: Path) -> None:
    photo = _uploaded(running, tmp_path, b"<html>a page that was saved as photo.jpg</html>")
    assert photo["state"] == "REJECTED"
    assert photo["message"] == OF_REJECTION[RejectionReason(photo["reason"])].korean


def _uploaded(running: Running, folder: Path, data: bytes) -> dict[str, Any]:
    """The photo that the commands make of `data`, once it is not PENDING."""
    (folder / "photo.jpg").write_bytes(data)
    with running.api(CANDIDATE) as api:
        before = _ids(api)
        described = api.get("/openapi.json").json()["paths"]["/v1/photos"]["post"]["description"]
        (commands,) = re.findall(r"```sh\n(.+?)```", described, re.DOTALL)
        told = subprocess.run(
            [BASH, "-euc", commands], cwd=folder, timeout=30, check=False,
            capture_output=True, text=True,
            env={
                "PATH": running.env["PATH"],
                "NO_PROXY": "*",
                "API": running.workspace.url,
                "TOKEN": LocalIssuer.of(running.workspace).token(CANDIDATE),
            },
        )  # fmt: skip
        assert (told.returncode, told.stdout) == (0, ""), told.stderr
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            photos = api.get("/v1/candidates/me").json()["photos"]
            (made,) = [photo for photo in photos if photo["photoId"] not in before]
            if made["state"] != "PENDING":
                found: dict[str, Any] = made
                return found
            time.sleep(0.1)
    raise AssertionError(made)


def _ids(api: httpx.Client) -> set[str]:
    return {photo["photoId"] for photo in api.get("/v1/candidates/me").json()["photos"]}
