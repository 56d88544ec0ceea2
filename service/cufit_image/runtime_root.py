"""Copy of a root file system what Python needs to run there, and nothing else.

    python runtime_root.py SOURCE TARGET [LIBRARIES…]

SOURCE is the unpacked base image; nothing in it is executed, so it may be for another processor.
TARGET receives the interpreter and the standard library of the Python that runs this (SOURCE holds
the same one), every shared object they and LIBRARIES (folders of installed packages) ask for, the
dynamic loader, the certificates and `/tmp`: no shell, no package manager, no pip. Needs `readelf`.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

UNUSED = (
    "__pycache__",  # compiled anew, the same way for everything
    "config-*",  # for embedding Python in C programs
    "dist-packages",
    "ensurepip",
    "idlelib",
    "pydoc_data",
    "site-packages",
    "sitecustomize.py",
    "test",
    "tkinter",
    "turtledemo",
    "_test*",
    # Terminals and databases, for the libraries they would bring.
    "_curses*",
    "_dbm*",
    "_gdbm*",
    "_sqlite3*",
    "_tkinter*",
    "curses",
    "dbm",
    "readline*",
    "sqlite3",
)

WITHOUT_BEING_ASKED = ("libpthread.so.0", "librt.so.1", "libdl.so.2")
"""Wheels built for manylinux name these although the C library has them inside since glibc 2.34."""

FILES = (
    "etc/ld.so.cache",
    "etc/nsswitch.conf",
    "etc/ssl/certs/ca-certificates.crt",
    "usr/lib/os-release",  # scanners of vulnerabilities read it
)

ACCOUNTS = {
    "etc/passwd": "root:x:0:0:root:/:/nonexistent\nservice:x:10001:10001::/:/nonexistent\n",
    "etc/group": "root:x:0:\nservice:x:10001:\n",
}


def copy_root(source: Path, target: Path, libraries: Iterable[Path] = ()) -> None:
    """Raises FileNotFoundError when SOURCE lacks the interpreter or a shared object."""
    _copy_links(source, target)
    interpreter = Path(os.path.realpath(sys.executable)).relative_to("/")
    stdlib = Path(sysconfig.get_path("stdlib")).relative_to("/")
    _copy(source, target, interpreter)
    _link_python(target, interpreter)
    shutil.copytree(
        source / stdlib, target / stdlib, symlinks=True, ignore=shutil.ignore_patterns(*UNUSED)
    )
    for name in FILES:
        if (source / name).exists():
            _copy(source, target, Path(name))
    for name, text in ACCOUNTS.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text)
    loaded = [target / interpreter, *_objects(target / stdlib)]
    for folder in libraries:
        loaded += _objects(folder)
    _copy_shared_objects(source, target, loaded)
    (target / "tmp").mkdir(mode=0o1777)
    (target / "tmp").chmod(0o1777)


def _copy_links(source: Path, target: Path) -> None:
    """`/lib` → `usr/lib` and its like."""
    target.mkdir(parents=True)
    for entry in source.iterdir():
        if entry.is_symlink() and entry.name.startswith("lib"):
            (target / entry.readlink()).mkdir(parents=True, exist_ok=True)
            (target / entry.name).symlink_to(entry.readlink())


def _copy(source: Path, target: Path, name: Path) -> None:
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source / name, target / name)


def _link_python(target: Path, interpreter: Path) -> None:
    for name in ("python", "python3"):
        (target / interpreter).with_name(name).symlink_to(interpreter.name)


def _objects(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*.so*") if path.is_file())


def _copy_shared_objects(source: Path, target: Path, loaded: list[Path]) -> None:
    """The libraries `loaded` need, those they need, and so on; and the loader that finds them."""
    shelves = [
        folder
        for shelf in ("usr/lib", "usr/lib64", "usr/local/lib")
        for folder in (source / shelf, *sorted((source / shelf).glob("*-linux-gnu*")))
        if folder.is_dir()
    ]
    needed, loader = _needed(loaded)
    have = {path.name for path in loaded}
    wanted = needed | set(WITHOUT_BEING_ASKED)
    if loader is not None:
        wanted.add(Path(loader).name)
    while missing := wanted - have:
        found = [_find(name, shelves) for name in sorted(missing)]
        for path in found:
            _copy(source, target, path.relative_to(source))
        have |= missing
        wanted |= _needed(found)[0]
    if loader is not None:
        _place_loader(source, target, loader)


def _find(name: str, shelves: list[Path]) -> Path:
    for shelf in shelves:
        if (shelf / name).exists():
            return shelf / name
    raise FileNotFoundError(f"no {name} in {', '.join(map(str, shelves))}")


def _needed(objects: Iterable[Path]) -> tuple[set[str], str | None]:
    """Names in NEEDED entries, and the loader an executable among `objects` asks for."""
    said = subprocess.run(
        ["readelf", "--wide", "--dynamic", "--program-headers", *map(str, objects)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    loader = re.search(r"Requesting program interpreter: (\S+)\]", said)
    needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", said))
    return needed, None if loader is None else loader.group(1)


def _place_loader(source: Path, target: Path, loader: str) -> None:
    """At the path compiled into the interpreter, e.g. /lib64/ld-linux-x86-64.so.2."""
    place = Path(loader).relative_to("/")
    if not (target / place).exists():
        (target / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / place, target / place)


if __name__ == "__main__":
    copy_root(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
