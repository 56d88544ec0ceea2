"""Build the image from service/Dockerfile."""

import platform
from typing import Final

from cufit_image.builder import Builder, extra_options
from cufit_ops.workspace import ROOT

DOCKERFILE: Final = ROOT / "service/Dockerfile"
STAND_IN: Final = ROOT / "service/cufit_image/stand-in-base"

_PROCESSORS: Final = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def host_platform() -> str:
    """This machine's, so that the image can be run here; deployments build linux/arm64."""
    return f"linux/{_PROCESSORS[platform.machine().lower()]}"


def build(builder: Builder, tag: str, target: str, base: str | None) -> None:
    """Raises BuilderError; what the builder says is shown as it comes."""
    arguments = [] if base is None else ["--build-arg", f"BASE={base}"]
    if builder.name != "docker":
        # Docker knows where it builds; buildah before 1.33 has to be told.
        arguments += ["--build-arg", f"BUILDPLATFORM={host_platform()}"]
    builder.show(
        "build",
        *extra_options(),
        *arguments,
        "--platform",
        target,
        "--file",
        str(DOCKERFILE),
        "--tag",
        tag,
        str(ROOT),
    )
