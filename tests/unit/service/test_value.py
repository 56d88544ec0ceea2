"""Values are compared, hashed and printed by what they hold."""

from dataclasses import replace

from cufit_service.domain.profile import Range
from cufit_service.domain.value import value


@value
class Point:
    x: int
    y: int = 0


@value
class Place(Point):
    name: str = ""


def test_what_holds_the_same_is_the_same() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert hash(Point(1, 2)) == hash(Point(1, 2))
    assert {Point(1), Point(1, 0)} == {Point(1)}
    assert Point(1, 2) != Point(2, 1)


def test_a_value_equals_none_of_another_class() -> None:
    others: list[object] = [Range(1, 2), (1, 2), Place(1, 2)]
    assert Point(1, 2) not in others


def test_inherited_fields_count() -> None:
    assert Place(1, 2, "here") != Place(2, 2, "here")
    assert repr(Place(1, 2, "here")) == "Place(x=1, y=2, name='here')"


def test_a_changed_copy_leaves_the_first_as_it_was() -> None:
    first = Point(1, 2)
    assert replace(first, y=3) == Point(1, 3)
    assert first == Point(1, 2)
