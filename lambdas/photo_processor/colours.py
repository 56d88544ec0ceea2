"""Pixels of any kind that files store, as a screen shows them. Pure; with Pillow and lcms."""

import io

from PIL import Image, ImageCms, ImageMath

Key = int | tuple[int, ...] | None
"""The colour that a PNG without alpha channel calls transparent, in the values of its pixels."""

_SCALE_OF_DEPTH = {"L;2": 85, "L;4": 17}
"""Pillow spreads 2 and 4 bits of grey over 0…255, but not the value that shall be transparent."""

_SRGB = ImageCms.createProfile("sRGB")
_MODE_OF_SPACE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}


def transparent_key(image: Image.Image) -> Key:
    """Of an image that is not loaded yet: loading forgets how its pixels are stored."""
    key = image.info.get("transparency")
    tiles = getattr(image, "tile", None)
    stored = tiles[0].args if tiles else None
    if isinstance(key, tuple) and stored == "RGB;16B":
        return tuple(part >> 8 for part in key)
    if isinstance(key, int) and image.mode == "L":
        return key * _SCALE_OF_DEPTH.get(str(stored), 1)
    return key if isinstance(key, int | tuple) else None


def opaque(image: Image.Image, key: Key) -> Image.Image:
    """In mode L, RGB or CMYK; what was transparent is white, as on a page."""
    if image.mode.startswith("I"):
        return _eight_bits(image, key)
    if image.mode == "CMYK":
        return image  # inverted in the file, as Adobe's programs began it and everybody took over
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif key is not None and image.mode in ("1", "L", "RGB"):
        image.info["transparency"] = key
        image = image.convert("RGBA")
    elif image.mode in ("LA", "La", "PA", "RGBa"):
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        return _on_white(image, image.getchannel("A"))
    return (
        image if image.mode in ("L", "RGB") else image.convert("L" if image.mode == "1" else "RGB")
    )


def _eight_bits(image: Image.Image, key: Key) -> Image.Image:
    """Grey of 16 bits: convert() would cut off all above 255, and nearly everything be white."""
    grey = image.point(lambda value: value * (1 / 257) + 0.5).convert("L")
    if not isinstance(key, int):
        return grey
    shown = ImageMath.lambda_eval(lambda of: of["value"] != key, value=image.convert("I"))
    return _on_white(grey, shown.point(lambda value: value * 255).convert("L"))


def _on_white(image: Image.Image, alpha: Image.Image) -> Image.Image:
    mode = "L" if image.mode == "L" else "RGB"
    page = Image.new(mode, image.size, "white")
    page.paste(image.convert(mode), mask=alpha)
    return page


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB, in the colours of browsers. Without a profile, or with one that is broken or of other
    pixels than these, they are taken for such already, as browsers do."""
    if profile:
        try:
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = _MODE_OF_SPACE.get(meant.profile.xcolor_space.strip())
            if mode == image.mode or (mode, image.mode) == ("RGB", "L"):
                shown = ImageCms.profileToProfile(
                    image.convert(mode),
                    meant,
                    _SRGB,
                    renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                    outputMode="RGB",
                    flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
                )
                if shown is not None:
                    return shown
        except (OSError, ValueError, ImageCms.PyCMSError):
            pass  # ValueError: of a name that is no text
    return image.convert("RGB")
