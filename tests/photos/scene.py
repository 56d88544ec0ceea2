"""A small made-up photograph, and what a file made of it must look like to the eye."""

import io
from functools import cache

import pyvips
from PIL import Image, ImageDraw, ImageFilter

SIZE = 160, 120


@cache
def scene(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """No two corners are alike, so that no turn goes unseen."""
    width, height = size
    ramp = Image.linear_gradient("L")
    across, down = ramp.rotate(90).resize(size), ramp.resize(size)
    picture = Image.merge("RGB", (across, down, Image.radial_gradient("L").resize(size)))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width // 10, height // 8, width // 3, height // 2), fill=(230, 190, 160))
    draw.rectangle((width // 2, height // 2, width * 9 // 10, height * 3 // 4), fill=(40, 90, 60))
    picture = picture.filter(ImageFilter.GaussianBlur(2))
    if mode in ("RGBA", "LA"):
        picture.putalpha(across.point(lambda value: min(255, value * 2)))
    return picture.convert(mode)


def on_white(image: Image.Image) -> Image.Image:
    page = Image.new("RGBA", image.size, "white")
    page.alpha_composite(image.convert("RGBA"))
    return page.convert("RGB")


def from_pillow(image: Image.Image) -> pyvips.Image:
    plain = image.convert("RGB")
    return pyvips.Image.new_from_memory(plain.tobytes(), *plain.size, 3, "uchar").copy(
        interpretation="srgb"
    )


def to_pillow(image: pyvips.Image) -> Image.Image:
    return Image.frombytes("RGB", (image.width, image.height), image.write_to_memory())


def reference(data: bytes) -> pyvips.Image:
    """Decoded, turned and brought to sRGB by libvips: its own loaders for PNG, and libjpeg, libwebp
    and libheif with other code around them than Pillow's."""
    image = pyvips.Image.new_from_buffer(data, "").autorot()
    if image.get_typeof("icc-profile-data") and _meant(image):
        image = image.icc_transform(
            "srgb", embedded=True, intent="relative", black_point_compensation=True
        )
    elif image.interpretation == "cmyk":
        black = image[3]
        inks = image[0].bandjoin([image[1], image[2]])
        image = (255 - inks) * (255 - black) / 255
        image = image.cast("uchar").copy(interpretation="srgb")
    image = image.colourspace("srgb")
    if image.hasalpha():
        image = image.flatten(background=255)
    return image.cast("uchar")


def _meant(image: pyvips.Image) -> bool:
    space = image.get("icc-profile-data")[16:20]
    wanted = {"cmyk": b"CMYK", "b-w": b"GRAY", "grey16": b"GRAY"}.get(image.interpretation, b"RGB ")
    return bool(space == wanted)


def likeness(one: pyvips.Image, other: pyvips.Image) -> float:
    """SSIM of the lightness (Wang et al. 2004: Gaussian window, sigma 1.5), 1 for the same."""
    first, second = (image.colourspace("b-w").cast("double") for image in (one, other))
    mean_1, mean_2 = _blurred(first), _blurred(second)
    variance_1 = _blurred(first * first) - mean_1 * mean_1
    variance_2 = _blurred(second * second) - mean_2 * mean_2
    covariance = _blurred(first * second) - mean_1 * mean_2
    steady, contrast = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    same = (2 * (mean_1 * mean_2) + steady) * (2 * covariance + contrast)
    all_ = (mean_1 * mean_1 + mean_2 * mean_2 + steady) * (variance_1 + variance_2 + contrast)
    return float((same / all_).avg())


def _blurred(image: pyvips.Image) -> pyvips.Image:
    return image.gaussblur(1.5, precision="float")


def colour_distance(one: pyvips.Image, other: pyvips.Image) -> float:
    """Mean ΔE (CIEDE2000); 1 is what an eye just sees."""
    return float(one.colourspace("lab").dE00(other.colourspace("lab")).avg())


def encoded_alike(image: pyvips.Image, quality: int) -> tuple[pyvips.Image, pyvips.Image]:
    """What JPEG and WebP of that quality leave of it."""
    files = (image.jpegsave_buffer(Q=quality), image.webpsave_buffer(Q=quality))
    jpeg, webp = (pyvips.Image.new_from_buffer(file, "") for file in files)
    return jpeg, webp


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()
