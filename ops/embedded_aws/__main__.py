"""`python -m embedded_aws --port PORT --state-dir DIR [--runtime-python PATH]`."""

import argparse
import sys
from pathlib import Path

from embedded_aws import environment, exclusive
from embedded_aws.lambda_runtime import launcher


def main() -> None:
    arguments = _parser().parse_args()
    state_dir = arguments.state_dir.resolve()
    if not environment.has_entered():
        environment.enter(
            environment.ministack_environment(arguments.port, state_dir), sys.argv[1:]
        )
    try:
        launcher.check_installed()
        with exclusive.only_user_of(state_dir):
            listener = exclusive.listening(arguments.port)
            # Here, because MiniStack reads its environment on import.
            from embedded_aws import server  # noqa: PLC0415

            server.run(listener, state_dir, arguments.runtime_python)
    except exclusive.CannotStart as error:
        sys.exit(f"embedded AWS: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="embedded_aws", description="The embedded AWS of cufit.")
    parser.add_argument("--port", type=int, default=4577)
    parser.add_argument("--state-dir", type=Path, required=True, help="kept across restarts")
    parser.add_argument(
        "--runtime-python",
        type=Path,
        default=Path(sys.executable),
        help="interpreter that runs the functions (default: this one)",
    )
    return parser


if __name__ == "__main__":
    main()
