"""Runs a function's worker script as Lambda would: `bootstrap.py PACKAGES_DIR BUNDLES_DIR SCRIPT`.

Executed by the launcher in the function's interpreter, which was started without site-packages.
Leaves only the variables Lambda sets (docs.aws.amazon.com/lambda/latest/dg/configuration-envvars),
refuses connections that leave the machine, and puts what the runtime provides behind the bundle on
the path. The function's own variables arrive later, with the first line on standard input.
"""

import contextlib
import hashlib
import importlib.util
import os
import runpy
import sys
import time
import zipfile
from pathlib import Path

# LAMBDA_TASK_ROOT and the names with a leading underscore are MiniStack's worker protocol as well.
PASSED = frozenset(
    {
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_ENDPOINT_URL",
        "AWS_DISABLE_HOST_PREFIX_INJECTION",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "LAMBDA_TASK_ROOT",
        "_LAMBDA_FUNCTION_ARN",
        "_LAMBDA_LAYERS_DIRS",
        "_LAMBDA_TIMEOUT",
    }
)
SET = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "LANG": "en_US.UTF-8",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "TZ": ":UTC",
}


def main(packages: str, bundles: str, script: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name in PASSED}
    os.environ.clear()
    os.environ.update(kept | SET)
    time.tzset()
    _use_kept_bundle(Path(os.environ["LAMBDA_TASK_ROOT"]), Path(bundles))
    _refuse_other_hosts()
    sys.path.append(packages)
    sys.argv = [script]
    runpy.run_path(script, run_name="__main__")


def _use_kept_bundle(task_root: Path, bundles: Path) -> None:
    """Make the empty task root a link to one folder per bundle, whose compiled modules stay.

    Unpacking and compiling a bundle takes about a second; it is done once, not for every worker.
    """
    packed = task_root.with_name("code.zip")
    kept = bundles / hashlib.sha256(packed.read_bytes()).hexdigest()
    if not kept.exists():
        unpacked = task_root.with_name("unpacked")
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(unpacked)
        with contextlib.suppress(OSError):  # another worker of the bundle was first
            unpacked.rename(kept)
    os.utime(kept)
    os.chdir(kept)
    task_root.rmdir()
    task_root.symlink_to(kept, target_is_directory=True)


def _refuse_other_hosts() -> None:
    """By its file: the server's package must not be importable from a function."""
    file = Path(__file__).parent.parent / "loopback_only.py"
    spec = importlib.util.spec_from_file_location("loopback_only", file)
    if spec is None or spec.loader is None:
        raise ImportError(str(file))
    guard = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(guard)
    guard.install()


main(*sys.argv[1:])
