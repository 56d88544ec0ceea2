"""Where things are in this checkout, and what the environment may move."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV_BIN = ROOT / ".venv/bin"

STATE_VARIABLE = "CUFIT_LOCAL_STATE"
PORT_VARIABLE = "CUFIT_LOCAL_PORT"
AWS_PORT_VARIABLE = "CUFIT_LOCAL_AWS_PORT"


class WorkspaceError(Exception):
    """A setting of the shell is wrong; the message names it and what would be legal."""


@dataclass(frozen=True)
class Workspace:
    """One local system: its state folder and its ports, all on 127.0.0.1."""

    state: Path
    port: int
    """Front door: what the HTTP API is on AWS."""
    aws_port: int
    """Embedded AWS."""

    @classmethod
    def from_environment(cls) -> "Workspace":
        """Raises: WorkspaceError for a port that is none."""
        port, aws_port = _port(PORT_VARIABLE, 8080), _port(AWS_PORT_VARIABLE, 4577)
        if port == aws_port:
            raise WorkspaceError(
                f"{PORT_VARIABLE} and {AWS_PORT_VARIABLE} are both {port}; they must be two ports"
            )
        return cls(
            state=Path(os.environ.get(STATE_VARIABLE) or ROOT / ".local").resolve(),
            port=port,
            aws_port=aws_port,
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def page_origin(self) -> str:
        """Of the laptop's own pages: the front door's other name, so that browsers see the API as
        another origin, as they do on AWS."""
        return f"http://localhost:{self.port}"

    @property
    def aws_url(self) -> str:
        # `localhost`, because presigned URLs and the CDK CLI's path style expect a name.
        return f"http://localhost:{self.aws_port}"

    @property
    def run(self) -> Path:
        return self.state / "run"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    def make_folders(self) -> None:
        """Raises: WorkspaceError when the state folder cannot be written."""
        try:
            for folder in (self.state, self.run, self.logs):
                folder.mkdir(parents=True, exist_ok=True)
            # A key lies in it, and it may lie anywhere in a checkout.
            ignored = self.state / ".gitignore"
            if not ignored.exists():
                ignored.write_text("*\n")
            probe = self.state / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise WorkspaceError(
                f"cannot write {self.state}: {error.strerror}; make it writable or set "
                f"{STATE_VARIABLE} to another folder"
            ) from error


def _port(variable: str, default: int) -> int:
    given = os.environ.get(variable) or str(default)
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise WorkspaceError(f"{variable}={given!r} is not a port; legal is 1 to 65535")
    return int(given)
