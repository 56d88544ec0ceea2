"""Keys of an environment's file in their own words."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from cufit_ops.review.change import Change, Side
from cufit_ops.review.configuration import findings
from cufit_ops.review.configuration.keys import KEYS, TABLES
from cufit_ops.review.findings import Finding, Gate, Rank
from cufit_ops.template_graph import Account
from stacks.settings import Environment


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        tables = [k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)]
        if tables:
            yield from keys(tables[0], f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def test_every_key_has_words_and_no_words_are_left_over() -> None:
    assert KEYS.keys() == {*keys(Environment)} - {"name"}
    assert TABLES.keys() == {
        name for name, field in Environment.model_fields.items()
        if field.default is None and [*keys(Environment)].count(name) == 0
    }  # fmt: skip


def test_the_words_are_in_both_languages() -> None:
    for words in (*KEYS.values(), *TABLES.values()):
        assert re.search("[가-힣]", words.meaning.korean)
        assert not re.search("[가-힣]", words.meaning.english)


def found(old: dict[str, Any], new: dict[str, Any]) -> list[Finding]:
    empty = Account({}, {})
    base, head = (Side(empty, configuration=file) for file in (old, new))
    return list(findings(Change("dev", base, head, [])))


def said(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    assert all(finding.rank is Rank.NOTICE for finding in found(old, new))
    return [finding.sentence.english for finding in found(old, new)]


def test_a_changed_key_says_what_it_is_about() -> None:
    assert said({"fargate": {"memory": 1024}}, {"fargate": {"memory": 512}}) == [
        "`fargate.memory` 1024 → 512 MiB: memory of each task of the service"
    ]


def test_units_are_korean_in_korean() -> None:
    (finding,) = found({"log_retention_days": 7}, {"log_retention_days": 1})
    assert "7 → 1일: " in finding.sentence.korean


@pytest.mark.parametrize("key", ["region", "account"])
def test_an_environment_in_another_place_begins_empty(key: str) -> None:
    (finding,) = found({key: "here"}, {key: "there"})
    assert (finding.rank, finding.gate) == (Rank.DANGER, Gate.DATA_LOSS)
    assert "begins empty" in finding.sentence.english


def test_a_changed_mail_is_one_sentence() -> None:
    (sentence,) = said({"alarms": {"email": "a@one"}}, {"alarms": {"email": "b@two"}})
    assert sentence.startswith("Alarms go to b@two instead of a@one; b@two hears nothing until")


@pytest.mark.parametrize("flipped", [False, True])
def test_a_table_that_comes_or_goes_is_one_sentence(flipped: bool) -> None:
    hours = {"office_hours": {"days": ["MON"], "opens": "10:00", "closes": "22:00"}}
    sides = [hours, {}] if flipped else [{}, hours]
    (sentence,) = said(*sides)
    assert "days MON, opens 10:00, closes 22:00" in sentence
    assert "left out" in sentence


def test_a_key_nobody_described_is_said_all_the_same() -> None:
    (sentence,) = said({"brandnew": 1}, {"brandnew": 2})
    assert sentence == "`brandnew` 1 → 2: what this key does is not described here"


def test_defaults_that_are_written_out_are_told_as_left_out_before() -> None:
    (sentence,) = said({}, {"throttling": {"rate": 50}})
    assert sentence.startswith("`throttling.rate` left out → 50 /s: requests a second")
