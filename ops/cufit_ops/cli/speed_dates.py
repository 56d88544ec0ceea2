"""`cufit eval --dates FILE`: points against speed dates."""

import json
from collections.abc import Sequence
from pathlib import Path

from cufit_ops.cli.output import err, print_json, print_markdown
from cufit_ops.evaluation.speed_dates import report
from cufit_ops.evaluation.subject import versions
from match_worker.model.prompt import load_prompt


def show(file: Path, chosen: Sequence[str], output: Path | None, *, as_json: bool) -> None:
    """`chosen`: no version, for the newest, or one.

    Raises:
        ValueError: more than one, or the file cannot be used.
    """
    if len(chosen) > 1:
        raise ValueError(f"--dates takes one --prompt, not {len(chosen)}: {', '.join(chosen)}")
    (version,) = chosen or versions()[-1:]
    figures = report.about(file, load_prompt(version))
    text = report.written(figures)
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        (output / "speed-dates.md").write_text(text)
        document = json.dumps(figures.as_json(), ensure_ascii=False, indent=2)
        (output / "speed-dates.json").write_text(document + "\n")
        err.print(f"speed-dates.md and speed-dates.json are in {output}")
    if as_json:
        print_json(figures.as_json())
    elif output is None:
        print_markdown(text)
