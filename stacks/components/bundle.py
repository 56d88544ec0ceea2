"""Builds the zip of one function: its package, the contracts, its dependencies, its prompts.

    python -m stacks.components.bundle match_worker --architecture arm64 --python 3.14

prints the path of the zip, built if the cache has none. The CDK CLI runs this when it publishes an
asset, so synthesis needs neither uv nor a network. The same inputs give the same bytes in any
checkout. Compiled .pyc files are left out: only the interpreter that runs them can compile them,
and dev and prod are built on machines that have another one than Lambda.
"""

import argparse
import fnmatch
import hashlib
import io
import platform
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stacks.components.bundle_cache import forget_unused, is_whole, note_use, publish
from stacks.settings import LAMBDA_PYTHON

RECIPE = 1
"""Part of every digest: raise it when the same inputs shall give other bytes."""

ROOT = Path(__file__).resolve().parents[2]
EXTRA_FOLDERS = {"match_worker": ("prompts",)}
"""Folders of the repository a function carries besides its package and the contracts."""

UNUSED = (
    "*.pyi",
    "*.dist-info/sboms/*",
    "aws_lambda_powertools/*/swagger-ui*.min.*",  # no function serves an API's description
    "PIL/_imagingft.*", "pillow.libs/libfreetype-*", "pillow.libs/libharfbuzz-*",  # no text drawn
    "pillow.libs/libbrotli*",  # of freetype
)  # fmt: skip
"""Files of dependencies that no function loads."""

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT_FOLDERS = {"__pycache__", "bin", "tests"}
_LEFT_OUT_FILES = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", ".lock"}


class BundleError(RuntimeError):
    """The bundle cannot be built; the message says what is missing or refused."""


@dataclass(frozen=True)
class Target:
    """What a bundle is built for."""

    architecture: str
    """arm64 or x86_64, as Lambda calls them."""
    python: str
    """Minor version: "3.14"."""

    @classmethod
    def of(cls, architecture: str, python: str) -> "Target":
        """Resolve the configuration's `host` to this machine."""
        machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
        minor = f"{sys.version_info.major}.{sys.version_info.minor}"
        return cls(
            architecture=machine if architecture == "host" else architecture,
            python=minor if python == "host" else python,
        )

    @property
    def is_this_machine(self) -> bool:
        return sys.platform == "linux" and self == Target.of("host", "host")

    @property
    def uv_platform(self) -> str:
        """Lambda's Amazon Linux 2023 has glibc 2.34; wheels for 2.28 are what projects publish."""
        processor = "aarch64" if self.architecture == "arm64" else "x86_64"
        return f"{processor}-manylinux_2_28"


@dataclass(frozen=True)
class Bundle:
    """The code of function `name` for `target`, from the checkout at `root`."""

    name: str
    target: Target
    root: Path = ROOT

    @property
    def lock(self) -> Path:
        return self.root / "lambdas" / self.name / "requirements.txt"

    def sources(self) -> dict[str, Path]:
        """Path inside the zip to the project's file that goes there."""
        folders = {
            self.name: self.root / "lambdas" / self.name,
            "cufit_contracts": self.root / "contracts" / "cufit_contracts",
            "cufit_text": self.root / "contracts" / "cufit_text",
            **{extra: self.root / extra for extra in EXTRA_FOLDERS.get(self.name, ())},
        }
        return {
            f"{prefix}/{inside}": file
            for prefix, folder in folders.items()
            for inside, file in _files(folder)
            if file != self.lock
        }

    def digest(self) -> str:
        """Of everything that decides the zip's bytes; does not read or build the zip.

        Raises:
            BundleError: the function has no lock.
        """
        if not self.lock.is_file():
            raise BundleError(
                f"lambdas/{self.name}/requirements.txt is missing: give the function a dependency "
                f"group {self.name} in pyproject.toml and run `make lock`"
            )
        digest = hashlib.sha256(
            f"{RECIPE} {self.target.architecture} {self.target.python}".encode()
        )
        inputs = {**self.sources(), "requirements.txt": self.lock}
        for name in sorted(inputs):
            content = inputs[name].read_bytes()
            digest.update(f"\n{name} {len(content)}\n".encode() + content)
        return digest.hexdigest()

    def zip_file(self, cache: Path | None = None) -> Path:
        """The zip in `cache` (default: .cache/bundles of the checkout), built unless it is whole.
        Building one removes what is no function's any more and was not used for a while.

        Raises:
            BundleError: an input is missing, uv fails, or the cache cannot be written.
        """
        folder = cache or self.root / ".cache" / "bundles"
        file = folder / f"{self.digest()}.zip"
        if is_whole(file):
            note_use(file)
            return file
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=f".{self.name}-") as scratch:
                installed = Path(scratch, "installed")
                self._install(installed)
                publish(_zipped(self._members(installed)), file)
            forget_unused(folder, self._current())
        except OSError as error:
            raise BundleError(
                f"cannot write the bundle cache {folder}: {error.strerror or error}; "
                "make the folder writable or remove it"
            ) from error
        return file

    def _current(self) -> set[str]:
        """Digests of every function, for this machine and for Lambda."""
        targets = {self.target, Target.of("host", "host"), Target.of("arm64", LAMBDA_PYTHON)}
        names = [handler.parent.name for handler in (self.root / "lambdas").glob("*/handler.py")]
        bundles = [Bundle(name, target, self.root) for name in names for target in targets]
        return {bundle.digest() for bundle in bundles if bundle.lock.is_file()}

    def _members(self, installed: Path) -> dict[str, Path]:
        sources = self.sources()
        if f"{self.name}/handler.py" not in sources:
            raise BundleError(f"lambdas/{self.name}/handler.py is missing: nothing to run")
        needed = {
            name: file
            for name, file in _files(installed)
            if not any(fnmatch.fnmatchcase(name, pattern) for pattern in UNUSED)
        }
        return {**needed, **sources}

    def _install(self, target: Path) -> None:
        command = [
            sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config", "--no-deps",
            "--require-hashes", "--only-binary", ":all:", "--link-mode", "copy",
            "--target", str(target), "--requirements", str(self.lock),
        ]  # fmt: skip
        if self.target.is_this_machine:
            command += ["--python", sys.executable]
        else:
            command += ["--python-platform", self.target.uv_platform]
            command += ["--python-version", self.target.python]
        run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words and our own paths
        if run.returncode:
            raise BundleError(f"{self.name}: uv could not install its lock:\n{run.stderr.strip()}")


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files below `folder` that belong into a bundle, by their path inside it."""
    for file in folder.rglob("*"):
        inside = file.relative_to(folder)
        if (
            file.is_file()
            and not _LEFT_OUT_FOLDERS & set(inside.parts[:-1])
            and inside.name not in _LEFT_OUT_FILES
            and inside.suffix != ".pyc"
        ):
            yield inside.as_posix(), file


def _zipped(members: dict[str, Path]) -> bytes:
    """A zip whose bytes depend on names and contents alone: no times, modes or file order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # Unix, also when built on Windows
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, members[name].read_bytes())
    return buffer.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m stacks.components.bundle")
    parser.add_argument("name", help="folder below lambdas/")
    parser.add_argument("--architecture", required=True, choices=["arm64", "x86_64", "host"])
    parser.add_argument("--python", required=True, help='minor version, such as 3.14, or "host"')
    wish = parser.parse_args()
    try:
        file = Bundle(wish.name, Target.of(wish.architecture, wish.python)).zip_file()
    except BundleError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
