"""Draws the golden set anew: `python -m cufit_ops.evaluation.synthesis` writes golden/*.jsonl.

Nobody in it exists. A person's inside (cufit_ops.evaluation.latent) is drawn first; profile and
labels both follow from it, by different ways, so a ranking can only agree with the labels as far
as a profile tells what somebody is like.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from cufit_contracts.identity import member_id_of
from cufit_contracts.vocabulary import Mbti
from cufit_ops.evaluation.golden_set import FOLDER, LABELS, NOW, PEOPLE
from cufit_ops.evaluation.latent import Being, appeal, drawn
from cufit_ops.evaluation.words import HOBBY_SENTENCES, INTERESTS, JOBS, VALUES, WISHES

SEED = 20261122
PEOPLE_DRAWN = 304
"""Whoever is neither paused nor gone seeks, and is among the others' candidates."""

PAIRS_PER_SEEKER = 1
"""People each seeker asked to meet before; with those who asked for them it is two on average."""

_YES, _NO = 1.8, 2.3
"""Of a Beta distribution: the share of the people somebody may meet to whom they would say yes.
Mean 0.44, standard deviation 0.22: as 250 people of ten evenings of speed dates said it, their
counts' own scatter taken off (Fisman, Iyengar, Kamenica and Simonson, Quarterly Journal of
Economics 121(2), 2006)."""

_PAUSED, _STALE, _GONE = 23, 29, 31
"""Every so many-th is paused; is paused, but the index does not know it yet; has left, but the
index still holds the document."""

_CHATTY = 11
"""Every so many-th person writes the own name and phone number into the introduction."""


def write(folder: Path, seed: int = SEED) -> None:
    """A golden set into `folder`, which must exist. Another seed draws other people."""
    random = Random(seed)  # noqa: S311 - the same people every time, nothing secret
    beings = [drawn(random, male=number % 2 == 1) for number in range(PEOPLE_DRAWN)]
    people = [_person(random, number, being) for number, being in enumerate(beings)]
    seekers = [number for number, one in enumerate(people) if _may_be_shown(one)]
    able = {
        seeker: [one for one in seekers if _may_meet(people[seeker], people[one])]
        for seeker in seekers
    }
    met = _met(random, able)
    labels = [
        {
            "seeker": seeker,
            "met": sorted(met[seeker]),
            "yes": round(random.betavariate(_YES, _NO), 2),
            "appeal": {
                str(one): round(appeal(beings[seeker], beings[one], random), 2)
                for one in able[seeker]
                if one not in met[seeker]
            },
        }
        for seeker in seekers
    ]
    _write(folder / PEOPLE, people)
    _write(folder / LABELS, labels)


def _met(random: Random, able: Mapping[int, list[int]]) -> dict[int, set[int]]:
    """Whom everybody met before; who met somebody was met by them."""
    met: dict[int, set[int]] = {seeker: set() for seeker in able}
    for seeker, others in able.items():
        for other in random.sample(others, PAIRS_PER_SEEKER):
            met[seeker].add(other)
            met[other].add(seeker)
    return met


def _may_be_shown(person: Mapping[str, Any]) -> bool:
    return not person["paused"] and person["state"] != "gone"


def _may_meet(seeker: Mapping[str, Any], candidate: Mapping[str, Any]) -> bool:
    """The hard rules, written here again on purpose: labels that
    asked the worker's code could not find it wrong."""
    wish = seeker["ideal_type"]["age_range"]
    return (
        seeker["gender"] != candidate["gender"]
        and _may_be_shown(candidate)
        and wish["min"] <= NOW.year - candidate["birth_year"] <= wish["max"]
    )


def _person(random: Random, number: int, being: Being) -> dict[str, Any]:
    facts, latent = being.facts, being.latent
    name, phone = f"합성{number:03}", f"010-0000-{number:04}"
    hobbies = _hobbies(random, latent.interests)
    told = _introduction(random, being, hobbies)
    if number % _CHATTY == 0:
        told += f" 저는 {name}이고 번호는 {phone}이에요."
    stale = number % _STALE == 1
    gone = number % _GONE == 2
    return {
        "candidate_id": member_id_of("golden", str(number)),
        "state": "gone" if gone else "stale" if stale else "indexed",
        "name": name,
        "phone": phone,
        "nickname": f"별명{number:03}",
        "gender": "MALE" if facts.male else "FEMALE",
        "birth_year": NOW.year - facts.age,
        "height_cm": facts.height_cm,
        "mbti": _mbti(random, latent.values),
        "city": facts.city,
        "district": facts.district,
        "job": random.choice(JOBS),
        "hobbies": hobbies,
        "smoking": facts.smoking,
        "drinking": facts.drinking,
        "self_introduction": told,
        "ideal_type": _ideal(random, being),
        "paused": stale or number % _PAUSED == 3,
    }


def _hobbies(random: Random, interests: Iterable[float]) -> list[str]:
    """Two to five hobbies, drawn from the interests by their weight."""
    found: dict[str, None] = {}
    wanted = random.randint(2, 5)
    weights = list(interests)
    while len(found) < wanted:
        found[random.choice(random.choices(list(INTERESTS.values()), weights=weights)[0])] = None
    return list(found)


def _introduction(random: Random, being: Being, hobbies: list[str]) -> str:
    """One sentence on a hobby and some on what the person values most clearly."""
    clear = sorted(
        zip(VALUES.values(), being.latent.values, strict=True), key=lambda pair: -abs(pair[1])
    )
    sentences = [random.choice(HOBBY_SENTENCES).format(random.choice(hobbies))]
    for poles, value in clear[: random.randint(1, 4)]:
        sentences.append(random.choice(poles[0] if value > 0 else poles[1]))
    random.shuffle(sentences)
    return " ".join(f"{sentence}." for sentence in sentences)


def _ideal(random: Random, being: Being) -> dict[str, Any]:
    facts, latent = being.facts, being.latent
    wished_age = facts.age + round(latent.age_gap)
    spread = random.randint(4, 7)
    ideal: dict[str, Any] = {
        "age_range": {"min": max(19, wished_age - spread), "max": max(22, wished_age + spread)},
        "smoking_max": 0 if latent.dislikes_smoke > 0.6 else 3 - round(2 * latent.dislikes_smoke),
        "drinking_max": 3 - round(2 * latent.dislikes_drink),
        "free_text": _wish(being),
    }
    if random.random() < 0.5:
        wished = facts.height_cm + round(latent.height_gap)
        ideal["height_range"] = {"min": wished - 6, "max": wished + 6}
    if random.random() < 0.4:
        # MBTI moves no label: what people wish there is no part of what they are like here.
        ideal["mbti"] = random.sample([str(one) for one in Mbti], random.randint(1, 4))
    return ideal


def _wish(being: Being) -> str:
    """What the two values that matter most to the person ask of a partner."""
    latent = being.latent
    order = sorted(
        zip(WISHES.values(), latent.values, latent.importance, strict=True),
        key=lambda triple: -triple[2],
    )
    return ", ".join(poles[0 if value > 0 else 1] for poles, value, _ in order[:2])


def _mbti(random: Random, values: tuple[float, ...]) -> str:
    """Two letters lean on the values, two on chance."""
    _, plan, sociable, _, _, _ = values
    outward = "E" if sociable + random.gauss(0, 0.4) > 0 else "I"
    ordered = "J" if plan + random.gauss(0, 0.4) > 0 else "P"
    return outward + random.choice("SN") + random.choice("TF") + ordered


def _write(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    file.write_text("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    write(FOLDER)
