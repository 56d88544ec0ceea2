"""The golden set is large, reproducible, fair to the hard rules, and keeps its secrets."""

import json
from pathlib import Path
from statistics import fmean, stdev

import pytest

from cufit_contracts.profile import values_of
from cufit_ops.evaluation import synthesis
from cufit_ops.evaluation.attacks import ATTACKS
from cufit_ops.evaluation.golden_set import FOLDER, LABELS, NOW, PEOPLE, grades, load
from match_worker.profile import Profile
from match_worker.scoring.hard_rules import eligibility

GOLDEN = load()


def test_it_is_as_large_as_promised() -> None:
    assert len(GOLDEN.documents) >= 200
    assert len(GOLDEN.seekers) >= 250
    assert sum(len(kind) for kind in ATTACKS.values()) >= 200


def test_it_is_drawn_the_same_again(tmp_path: Path) -> None:
    synthesis.write(tmp_path)
    assert (tmp_path / PEOPLE).read_text() == (FOLDER / PEOPLE).read_text()
    again, held = (
        [json.loads(line) for line in (folder / LABELS).read_text().splitlines()]
        for folder in (tmp_path, FOLDER)
    )
    assert [one["met"] for one in again] == [one["met"] for one in held]
    for one, other in zip(again, held, strict=True):
        # Processors may differ in the last bit of a logarithm, which rounding can carry on.
        assert one["appeal"] == pytest.approx(other["appeal"], abs=0.011)


def test_labels_admit_whom_the_hard_rules_admit() -> None:
    people = [Profile(**values_of(Profile, item)) for item in GOLDEN.items.values()]
    for seeker in GOLDEN.seekers:
        eligible = eligibility(seeker.profile, NOW)
        able = {one.candidate_id for one in people if eligible(one)}
        assert set(seeker.appeal) == able - seeker.met


def test_who_met_somebody_was_met_by_them() -> None:
    met = {one.profile.candidate_id: one.met for one in GOLDEN.seekers}
    assert all(one in met[other] for one, others in met.items() for other in others)
    assert sum(map(len, met.values())) == pytest.approx(2 * len(met), rel=0.02)


def test_a_liking_is_mutual_or_it_is_not() -> None:
    mutual = {one.profile.candidate_id: one.mutual for one in GOLDEN.seekers}
    assert all(one in mutual[other] for one, others in mutual.items() for other in others)
    for seeker in GOLDEN.seekers:
        assert seeker.mutual <= seeker.likes <= set(seeker.appeal)


def test_people_say_yes_as_people_did_at_speed_dates() -> None:
    shares = [len(one.likes) / len(one.appeal) for one in GOLDEN.seekers]
    assert fmean(shares) == pytest.approx(0.44, abs=0.03)
    assert stdev(shares) == pytest.approx(0.22, abs=0.03)


def test_the_index_lags_behind_the_table() -> None:
    gone = GOLDEN.documents.keys() - GOLDEN.items.keys()
    stale = [
        one
        for one, item in GOLDEN.items.items()
        if item.paused and GOLDEN.documents[one].metadata["paused"] is False
    ]
    assert len(gone) >= 5
    assert len(stale) >= 5


def test_people_who_write_their_number_are_in_no_document_with_it() -> None:
    chatty = [one for one in GOLDEN.items.values() if one.phone in one.self_introduction]
    assert len(chatty) >= 20
    for document in GOLDEN.documents.values():
        assert not GOLDEN.secret.search(document.text)


def test_no_document_tells_a_label() -> None:
    keys = {key for one in GOLDEN.documents.values() for key in json.loads(one.text)}
    assert not keys & {"appeal", "grade", "interests", "values", "importance"}


def test_grades_are_shares_of_the_most_appealing() -> None:
    appeals = {f"m_{n:03}": float(n) for n in range(100)}
    found = grades(appeals)
    assert [list(found.values()).count(grade) for grade in (3, 2, 1)] == [5, 15, 30]
    assert found["m_099"] == 3
    assert "m_049" not in found
