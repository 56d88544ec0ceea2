"""The page of what people are told about a photo shows the list that is told."""

from cufit_ops.photo_problems import PAGE, written


def test_the_page_is_the_list() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page), "run `.venv/bin/python -m cufit_ops.photo_problems`"
