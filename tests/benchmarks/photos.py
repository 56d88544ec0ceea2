"""Processor time and memory that photo_processor takes for a photo, each in its own process:

    python -m tests.benchmarks.photos

12 megapixels, which phones make, then the most that is accepted; of each format what is usual and
what takes the most memory. Beside it stands what stacks/photo_rules.py allows; a test holds the
largest to it. Promised: 12 megapixels in 1.5 s (HEIC 2.5 s) of one core and 512 MiB.
"""

import importlib
import io
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
from PIL import Image

from photo_processor.confined_image_cleaner import ConfinedImageCleaner
from photo_processor.pillow_image_cleaner import PillowImageCleaner
from photo_processor.ports import Rejected
from stacks.photo_rules import (
    BYTES_PER_PIXEL,
    DECODER_MIB,
    FIXED_BYTES,
    MIB,
    PHOTO_PROCESSOR_MEMORY,
    SHARE,
)
from tests.photos.scene import from_pillow, saved, scene

COMMON, LARGEST = (4000, 3000), (8160, 6120)
FAST_HEVC = {"quality": 60, "enc_params": {"preset": "ultrafast"}}

Size = tuple[int, int]


def textured(mode: str, size: Size) -> Image.Image:
    """Smooth pixels would be packed and unpacked quicker than any photo's."""
    grain = Image.effect_noise((size[0] // 8, size[1] // 8), 60).resize(size).convert("RGB")
    picture = Image.blend(scene("RGB", size), grain, 0.3)
    if mode == "RGBA":
        picture.putalpha(Image.linear_gradient("L").resize(size))
    return picture.convert(mode)


def _deep(size: Size, **options: object) -> bytes:
    deep = from_pillow(textured("RGB", size)).colourspace("rgb16").bandjoin(40_000)
    return bytes(deep.heifsave_buffer(compression="av1", effort=0, subsample_mode="off", **options))


def _deep_heic(size: Size) -> bytes:
    deep = from_pillow(textured("RGB", size)).colourspace("rgb16").bandjoin(40_000)
    target = io.BytesIO()
    file = pillow_heif.from_bytes("RGBA;16", size, deep.cast("ushort").write_to_memory())
    file.save(target, chroma=444, **FAST_HEVC)
    return target.getvalue()


KINDS: dict[str, tuple[str, Callable[[Size], bytes]]] = {
    "JPEG": ("JPEG", lambda size: saved(textured("RGB", size), "JPEG", quality=90)),
    "JPEG progressive CMYK": (
        "JPEG",
        lambda size: saved(textured("CMYK", size), "JPEG", quality=90, progressive=True),
    ),
    "PNG": ("PNG", lambda size: saved(textured("RGB", size), "PNG", compress_level=1)),
    "PNG with alpha": ("PNG", lambda size: saved(textured("RGBA", size), "PNG", compress_level=1)),
    "WebP": ("WEBP", lambda size: saved(textured("RGB", size), "WEBP", method=0)),
    "WebP lossless with alpha": (
        "WEBP",
        lambda size: saved(textured("RGBA", size), "WEBP", lossless=True, quality=0, method=0),
    ),
    "HEIC in tiles": (
        "HEIF",
        lambda size: saved(textured("RGB", size), "HEIF", tile_size=512, **FAST_HEVC),
    ),
    "HEIC 10 bits 4:4:4 with alpha": ("HEIF", _deep_heic),
    "AVIF": ("AVIF", lambda size: saved(textured("RGB", size), "AVIF", speed=10)),
    "AVIF 12 bits 4:4:4 with alpha": ("AVIF", lambda size: _deep(size, bitdepth=12, Q=50)),
}


@dataclass(frozen=True)
class Measured:
    seconds: float
    """Of a processor."""
    mib: float
    """At most: what parent and child share is counted twice."""
    verdict: str


def measured(kind: str, size: Size, folder: Path) -> Measured:
    file = folder / "photo"
    _in_another_process("make", kind, f"{size[0]}x{size[1]}", str(file))
    return cleaned(file)


def cleaned(file: Path) -> Measured:
    """As photo_processor does it."""
    seconds, mib, verdict = _in_another_process("clean", str(file)).split()
    return Measured(float(seconds), float(mib), verdict)


def _in_another_process(*words: str) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.photos", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def clean(file: Path) -> None:
    # The handler brings what it imports into memory, as on Lambda.
    os.environ |= {"POWERTOOLS_METRICS_NAMESPACE": "cufit", "POWERTOOLS_SERVICE_NAME": "benchmark"}
    importlib.import_module("photo_processor.handler")

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    data = file.read_bytes()
    cleaner = ConfinedImageCleaner(PillowImageCleaner(LARGEST[0] * LARGEST[1]), DECODER_MIB)
    began = sum(os.times()[:4])
    verdict = "READY"
    try:
        cleaner.clean(data)
    except Rejected as rejected:
        verdict = rejected.reason
    seconds = sum(os.times()[:4]) - began
    # Not getrusage of this process: its maximum began with its parent's.
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert peak
    kib = int(peak[1]) + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    _say(f"{seconds} {kib / 1024} {verdict}")


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def allowed_mib(kind: str, size: Size) -> float:
    return (FIXED_BYTES + BYTES_PER_PIXEL[KINDS[kind][0]] * size[0] * size[1]) / MIB


def main() -> None:
    _say(f"{'':32}{'s':>6}{'MiB':>7}{'  of':>7}  megapixels")
    with tempfile.TemporaryDirectory() as folder:
        for size in (COMMON, LARGEST):
            for kind in KINDS:
                found, most = measured(kind, size, Path(folder)), allowed_mib(kind, size)
                megapixels = size[0] * size[1] / 1e6
                _say(f"{kind:32}{found.seconds:6.2f}{found.mib:7.0f}{most:7.0f}  {megapixels:.0f}")
    _say(f"80 % of the function's memory: {SHARE * PHOTO_PROCESSOR_MEMORY:.0f} MiB")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", kind, size, file]:
            width, _, height = size.partition("x")
            pillow_heif.register_heif_opener()
            Path(file).write_bytes(KINDS[kind][1]((int(width), int(height))))
        case ["clean", file]:
            clean(Path(file))
        case _:
            main()
