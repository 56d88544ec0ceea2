"""Where a matcher with a prompt is tried: it makes recommendations and counts what must not be."""

import traceback
from collections import Counter
from random import Random

from cufit_ops.evaluation import contract
from cufit_ops.evaluation.bedrock import Index, InProcessBedrock, Stopwatch
from cufit_ops.evaluation.golden_set import GoldenSet, Seeker
from cufit_ops.evaluation.run import Run, Runner, language_model
from cufit_ops.evaluation.stand_ins import StandIn
from match_worker.model.prompt import Prompt
from match_worker.ports import LanguageModel
from match_worker.settings import Settings


class Stopped(Exception):
    """The evaluation ends before its plan is done; the message says why."""


class Bench:
    """One matcher, one prompt, one source of answers."""

    def __init__(self, runner: Runner, bedrock: InProcessBedrock | None) -> None:
        self.runner = runner
        self.bedrock = bedrock
        """What the model is shown comes from here; None when AWS finds the people."""
        self.broken: Counter[str] = Counter()
        """How often each of contract.MUST_BE_ZERO happened."""
        self.crashes: list[str] = []
        """Last line and place of each crash's traceback."""

    @classmethod
    def offline(
        cls, golden: GoldenSet, index: Index, prompt: Prompt, settings: Settings, stand_in: StandIn
    ) -> "Bench":
        stopwatch = Stopwatch()
        bedrock = InProcessBedrock(index, stand_in)
        model: LanguageModel | None = None
        if settings.matchmaker != "rules":
            client = stopwatch.around(bedrock)
            model = language_model(settings, prompt, client, client)
        return cls(Runner(golden, prompt, settings, model, stopwatch), bedrock)

    def run(self, seeker: Seeker, recommendation_id: str = "rec_golden") -> Run | None:
        """None when the worker crashed.

        Raises:
            Stopped: from a model that may be asked no more.
        """
        golden = self.runner.golden
        try:
            run = self.runner.run(seeker, recommendation_id)
        except Stopped:
            raise
        except Exception as error:  # any crash at all is what is counted
            place = traceback.extract_tb(error.__traceback__)[-1]
            self.crashes.append(f"{error!r} at {place.name} in {place.filename}:{place.lineno}")
            self.broken[contract.CRASHES] += 1
            return None
        self.broken.update(contract.violations(run, golden, self.runner.prompt))
        if self.bedrock:
            self.broken[contract.LEAKS] += contract.leaks(self.bedrock.prompts, golden)
            self.bedrock.prompts.clear()
        return run

    def all_seekers(self, recommendation_id: str = "rec_golden") -> list[Run]:
        runs = (self.run(seeker, recommendation_id) for seeker in self.runner.golden.seekers)
        return [run for run in runs if run]

    def shuffle(self, order: Random | None) -> None:
        """Show the same people in another order from now on; None: in the usual one."""
        self.runner.candidates.order = order
        if self.bedrock:
            self.bedrock.order = order
