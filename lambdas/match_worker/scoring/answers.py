"""Points for what people answered: how often somebody is wanted, and how often they say yes.

A meeting takes two, so it is the geometric mean of the two shares. Each share is the mean of a Beta
distribution that starts in the middle: without answers it is a half, and a few move it little.
"""

from math import sqrt

from cufit_contracts.items import History
from match_worker.scoring.rubric import AnswersRule


def answers_points(rule: AnswersRule, history: History) -> int:
    """0 to the weight; half of it for who has no history, and for everybody when nothing is
    learned."""
    share = 0.5
    if rule.prior is not None:
        wanted = _share(history.wanted, history.asked, rule.prior)
        agrees = _share(history.said_yes, history.answered, rule.prior)
        share = sqrt(wanted * agrees)
    return round(rule.weight * share / rule.step) * rule.step


def _share(yes: int, all_answers: int, prior: float) -> float:
    return (yes + prior) / (all_answers + 2 * prior)
