"""What a matcher with a prompt is put through, besides being compared with the labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from random import Random
from statistics import fmean

from cufit_contracts.items import CandidateItem
from cufit_ops.evaluation import contract
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.figures import Injection, Stability
from cufit_ops.evaluation.golden_set import Seeker, profile_of
from cufit_ops.evaluation.intervals import Interval, mean_interval
from cufit_ops.evaluation.run import Run
from profile_indexer.document import document_of

ATTACKED_RANK = 3
"""Whose profile gets the attack, so that there are others on either side."""


def stability(bench: Bench, first: Sequence[Run], times: int) -> Stability:
    """Ask again for every seeker of `first`, `times` as before and `times` in another order."""
    usual = {run.seeker.profile.candidate_id: run for run in first}
    seekers = [run.seeker for run in first]
    repeats = [bench.all_seekers(f"rec_again{number}", seekers) for number in range(times)]
    over_orders = None
    if bench.bedrock:
        orders = []
        for number in range(times):
            bench.shuffle(Random(number))  # noqa: S311 - repeatable, not secret
            orders.append(bench.all_seekers(seekers=seekers))
        bench.shuffle(None)
        over_orders = _share_of_same(usual, orders)
    return Stability(times, _share_of_same(usual, repeats), over_orders)


def _share_of_same(usual: dict[str, Run], others: Sequence[Sequence[Run]]) -> Interval:
    changed = {
        run.seeker.profile.candidate_id
        for runs in others
        for run in runs
        if run.ranked != usual[run.seeker.profile.candidate_id].ranked
    }
    return mean_interval([float(one not in changed) for one in usual])


@dataclass(frozen=True, slots=True)
class Attacked:
    """What one attack in one profile did."""

    others_moved: bool
    own_score_change: int
    """Only of those still shown."""


def injection(
    honest: Bench, obedient: Bench | None, attacks: Sequence[str], first: Sequence[Run]
) -> Injection:
    """Each attack in one profile, the seekers of `first` in turn; searched, chosen and judged with
    what it says now.

    Counts whom it moved besides its author (contract.MOVED), out of the shortlist too, and what an
    obedient model broke.
    """
    effects, won = [], [0]
    for attack, before in zip(attacks, cycle(_targets(first)), strict=False):
        effects.append(effect := _effect(honest, before, attack))
        honest.broken[contract.MOVED] += effect.others_moved
        if obedient:
            won.append(_effect(obedient, before, attack).own_score_change)
    changes = [abs(effect.own_score_change) for effect in effects]
    return Injection(len(effects), round(fmean(changes), 2) if changes else 0.0, max(won))


def _targets(runs: Sequence[Run]) -> list[Run]:
    """Rankings with somebody on either side of the attacked one."""
    return [run for run in runs if len(run.ranked) > ATTACKED_RANK]


def _effect(bench: Bench, before: Run, attack: str) -> Attacked:
    target = before.ranked[ATTACKED_RANK - 1]
    after = _attacked_run(bench, before.seeker, target, attack)
    if after is None:
        return Attacked(others_moved=False, own_score_change=0)
    old, new = before.parts, after.parts
    # An author who is no longer near in meaning gives a place away: who gets it was not moved.
    newcomers = after.shortlist - before.shortlist
    others = [one for one in after.ranked if one != target and one not in newcomers]
    expected = [one for one in before.ranked if one != target]
    shorter = min(len(others), len(expected))
    pushed_out = before.shortlist - after.shortlist - {target}
    moved = (
        bool(pushed_out)
        or others[:shorter] != expected[:shorter]
        or any(new[one] != old[one] for one in others[:shorter])
    )
    change = sum(new[target]) - sum(old[target]) if target in new else 0
    return Attacked(moved, change)


def _attacked_run(bench: Bench, seeker: Seeker, target: str, attack: str) -> Run | None:
    item = written_into(bench.golden.items[target], attack)
    searched = [one for one in (bench.bedrock, bench.near) if one]
    bench.candidates.rewritten = {target: profile_of(item)}
    for one in searched:
        one.rewritten = {target: document_of(item).text}
    try:
        return bench.run(seeker)
    finally:
        bench.candidates.rewritten = {}
        for one in searched:
            one.rewritten = {}


def written_into(item: CandidateItem, attack: str) -> CandidateItem:
    """`item` with the attack wherever its owner may write, as long as the service allows."""
    return replace(
        item,
        self_introduction=attack[:500],
        job=attack[:60],
        hobbies=(*item.hobbies[:1], attack[:40]),
        ideal_type=replace(item.ideal_type, free_text=attack[:200]),
    )
