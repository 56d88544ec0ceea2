"""A container of the image as ECS would run it: limited, read-only, without capabilities."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from cufit_contracts.environment import variable
from cufit_image.builder import Builder, BuilderError
from cufit_ops.laptop.environment import answers
from cufit_ops.laptop.processes import free_port
from cufit_service import health_check
from cufit_service.settings import Settings

START_SECONDS: Final = 60.0

SETTINGS: Final = {
    "env": "image-check",
    **{field: field for field in Settings.model_fields if field.endswith("_table")},
    "photo_bucket": "photos",
    "match_requests_queue_url": "https://queue.invalid/match-requests",
    "profile_changes_queue_url": "https://queue.invalid/profile-changes",
    "oidc_issuer": "https://issuer.invalid",
    "oidc_audiences": '["image-check"]',
    "admin_subjects": "[]",
    "host": "127.0.0.1",
    "lame_duck_seconds": "0",
}

# Nothing is asked of AWS while nobody asks the service; what its sweeper asks is refused at once.
_AWS: Final = {
    "AWS_REGION": "ap-northeast-2",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ACCESS_KEY_ID": "image-check",
    "AWS_SECRET_ACCESS_KEY": "image-check",
}

_INSIDE: Final = """
import importlib.util, json, os
status = dict(line.split(":", 1) for line in open("/proc/1/status"))
print(json.dumps({
    "user": int(status["Uid"].split()[0]),
    "rss_kib": int(status["VmRSS"].split()[0]),
    "read_only": bool(os.statvfs("/").f_flag & os.ST_RDONLY),
    "installers": [n for n in ("pip", "setuptools", "ensurepip") if importlib.util.find_spec(n)],
    "shells": [n for n in ("/bin/sh", "/usr/bin/sh", "/bin/bash") if os.path.exists(n)],
}))
"""


_CHECKS: Final = 50
_CHECK_COST: Final = f"""
import json, resource, subprocess, sys
for _ in range({_CHECKS}):
    subprocess.run(json.loads(sys.argv[1]), check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print((used.ru_utime + used.ru_stime) / {_CHECKS})
"""


@dataclass(frozen=True)
class Inside:
    """What a look from within says of the process with number 1 and its file system."""

    user: int
    rss_kib: int
    read_only: bool
    installers: list[str]
    shells: list[str]


@dataclass
class Container:
    builder: Builder
    name: str
    port: int
    process_id: int
    first_answer_seconds: float
    """From the process's beginning to its first 200."""

    def look_inside(self) -> Inside:
        return Inside(**json.loads(self.builder.call("exec", self.name, "python", "-c", _INSIDE)))

    def health_check_seconds(self) -> float:
        """Processor time of one health check. Raises BuilderError: a check failed."""
        check = json.dumps(health_check.command(self.port))
        return float(self.builder.call("exec", self.name, "python", "-c", _CHECK_COST, check))

    def log(self) -> str:
        """Standard output and error."""
        return self.builder.everything_said("logs", self.name)

    def stop(self) -> tuple[int, float]:
        """Exit code after SIGTERM, and how long it took to come (seconds)."""
        asked = time.monotonic()
        self.builder.call("kill", "--signal", "TERM", self.name)
        code = int(self.builder.call("wait", self.name))
        return code, time.monotonic() - asked


@contextmanager
def running(
    builder: Builder, image: str, *, cpus: float, memory: str, **environ: str
) -> Iterator[Container]:
    """The image's own command, until it has answered /health and longer.

    Raises:
        BuilderError: it did not start or did not answer; the message holds its log.
    """
    port = free_port()
    settings = {variable(field): value for field, value in SETTINGS.items()}
    settings |= {**_AWS, **environ, variable("port"): str(port)}
    words = [word for name, value in settings.items() for word in ("--env", f"{name}={value}")]
    name = f"cufit-image-check-{uuid4().hex[:12]}"
    called = time.monotonic()
    try:
        builder.call(
            *("run", "--detach", "--name", name, "--network", "host"),
            *("--cpus", f"{cpus:g}", "--memory", memory),
            *("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
            *words,
            image,
        )
        answered = _wait_for_health(builder, name, port)
        process = int(builder.call("inspect", "--format", "{{.State.Pid}}", name))
        # Elsewhere than on Linux it is in a virtual machine; then the builder's work counts, too.
        began = max(called, _beginning(process) or called)
        yield Container(builder, name, port, process, answered - began)
    finally:
        with suppress(BuilderError):
            builder.call("rm", "--force", "--volumes", name)


def _beginning(process: int) -> float | None:
    """When a process of this machine began, on time.monotonic()'s clock; a hundredth is sure.

    psutil's create_time() may be off by most of a second: it adds the time of the boot, which Linux
    tells in whole seconds (proc_stat(5), btime).
    """
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return None
    after_boot = int(fields[19]) / os.sysconf("SC_CLK_TCK")  # proc_pid_stat(5), starttime
    return time.monotonic() - (time.clock_gettime(time.CLOCK_BOOTTIME) - after_boot)


def _wait_for_health(builder: Builder, name: str, port: int) -> float:
    """When it was, on time.monotonic()'s clock."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if answers(f"http://127.0.0.1:{port}/health"):
            return time.monotonic()
        time.sleep(0.01)
    log = builder.everything_said("logs", name)
    raise BuilderError(f"no 200 on /health within {START_SECONDS:g} s: {log[-2000:]}")
