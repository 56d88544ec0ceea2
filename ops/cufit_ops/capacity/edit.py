"""Another size in an environment's TOML, with its comments kept; the file is whole at any time."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tomlkit
from tomlkit.items import AbstractTable

from stacks.config_files import CONFIG_FOLDER, load_environments
from stacks.fargate_sizes import size_fault

_SIZE = re.compile(r"(\d+)/(\d+)")


def text_of(file: Path) -> str:
    """With its line ends as they are, without Notepad's mark."""
    return file.read_bytes().decode("utf-8-sig")


def size_of(wish: str) -> tuple[int, int]:
    """CPU units and MiB of `512/1024`.

    Raises:
        ValueError: no such words, or not a Fargate size; names the legal ones.
    """
    if not (said := _SIZE.fullmatch(wish.strip())):
        raise ValueError(f"--set {wish}: CPU units and MiB are wanted, such as 512/1024")
    cpu, memory = int(said[1]), int(said[2])
    if fault := size_fault(cpu, memory):
        raise ValueError(f"--set {wish}: {fault}")
    return cpu, memory


def resized(text: str, cpu: int, memory: int) -> str:
    """The TOML `text` with another [fargate]; everything else, comments too, as it is."""
    document = tomlkit.parse(text)
    table = document.setdefault("fargate", tomlkit.table())
    if not isinstance(table, AbstractTable):
        raise ValueError(f"fargate = {table!r} is no table; write it as [fargate]")  # noqa: TRY004 - the file is wrong, not the code
    table["cpu"], table["memory"] = cpu, memory
    return tomlkit.dumps(document)


@contextmanager
def edited(file: Path, text: str, *, kept: bool = True) -> Iterator[None]:
    """`file` holds `text` inside, and afterwards if `kept` and nothing was raised, Ctrl-C neither.

    Raises:
        ConfigurationFault: with it config/ would not be legal; nothing was written.
    """
    _check(file, text)
    before = file.read_bytes()
    _replace(file, text.encode())
    done = False
    try:
        yield
        done = kept
    finally:
        if not done:
            _replace(file, before)


def _check(file: Path, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / CONFIG_FOLDER.name
        config.mkdir()
        for other in file.parent.glob("*.toml"):
            (config / other.name).write_bytes(other.read_bytes())
        (config / file.name).write_text(text, encoding="utf-8", newline="")
        load_environments(config)


def _replace(file: Path, content: bytes) -> None:
    """As a whole or not at all: a rename within the folder."""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as new:
        beside = Path(new.name)
        try:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
            beside.chmod(file.stat().st_mode)
            beside.replace(file)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
