"""A prompt version is refused at start unless its three files agree."""

import hashlib
import shutil
from pathlib import Path

import pytest

from match_worker.model.prompt import MAX_CORRECTION, MAX_TEMPLATE, InvalidPrompt, load_prompt

PROMPTS = Path(__file__).parents[4] / "prompts"
VERSIONS = sorted(folder.name for folder in (PROMPTS / "match").iterdir())


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    shutil.copytree(PROMPTS, tmp_path, dirs_exist_ok=True)
    return tmp_path


def edit(root: Path, name: str, old: str, new: str, version: str = "v1") -> None:
    file = root / "match" / version / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_loads_and_fits_with_a_correction(version: str) -> None:
    prompt = load_prompt(version)
    longest = prompt.render("다" * (MAX_CORRECTION + 50))
    assert len(longest) <= MAX_TEMPLATE
    assert "{{" not in longest
    assert longest.count("$search_results$") == longest.count("$query$") == 1


def test_the_default_prompt_names_each_judged_criterion_with_its_range() -> None:
    prompt = load_prompt("v1")
    for name, rule in prompt.rubric.judged.items():
        assert f"- {name} (0~{rule.weight}): {rule.question}" in prompt.template


def test_the_hash_changes_with_any_of_the_files(prompts: Path) -> None:
    before = load_prompt("v1", prompts).content_hash
    edit(prompts, "template.txt", "심사관", "심사위원")
    assert load_prompt("v1", prompts).content_hash != before
    assert load_prompt("v1").content_hash == before


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("template.txt", "$search_results$", "", r"\$search_results\$ exactly once"),
        ("template.txt", "$query$", "$query$ $query$", r"\$query\$ exactly once"),
        ("template.txt", "# 답", "$output_format_instructions$", "must not contain"),
        ("template.txt", "# 답", "{{more}}", "unknown slot"),
        ("template.txt", "# 답", "$100", "outside of its two placeholders"),
        ("template.txt", "# 답", "가" * 4000, "leave room for a correction"),
        ("rubric.toml", "weight = 15", "weight = 16", "weights sum to"),
        ("rubric.toml", "far = 2", "far = 99", "exceeds the weight"),
        ("rubric.toml", "[judged.values]", "[judged.age]", "decided by code and by the model"),
        ("rubric.toml", "per_cm = 1", "per_inch = 1", "per_inch"),
        ("answer.schema.json", '"maximum": 10', '"maximum": 11', "allows"),
        ("answer.schema.json", '"required": ["hobbies", ', '"required": [', "allows"),
        ("answer.schema.json", '"parts": {', '"points": {', "has no 'parts'"),
        ("answer.schema.json", '"type": "object",', '"type": "object"', "v1: "),
        ("answer.schema.json", '"maxLength": 80', '"maxLength": 81', "results 1 to 80"),
    ],
)
def test_disagreeing_files_are_refused(
    prompts: Path, name: str, old: str, new: str, message: str
) -> None:
    edit(prompts, name, old, new)
    with pytest.raises(InvalidPrompt, match=message):
        load_prompt("v1", prompts)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("template.txt", "{{hobbies*1}}", "{{looks*1}}", "unknown slot"),
        ("template.txt", "{{hobbies*1}}", "{{hobbies*1/0}}", "unknown slot"),
        ("template.txt", "{{reason_characters}}", "{{reason_words}}", "unknown slot"),
        ("rubric.toml", '    "같은 취미 하나",\n', "", "anchors"),
        ("rubric.toml", '"같은 취미 하나"', f'"{"가" * 41}"', "anchors"),
    ],
)
def test_slots_and_anchors_that_say_nothing_are_refused(
    prompts: Path, name: str, old: str, new: str, message: str
) -> None:
    edit(prompts, name, old, new, "v2")
    with pytest.raises(InvalidPrompt, match=message):
        load_prompt("v2", prompts)


def test_anchors_and_examples_follow_the_weights(prompts: Path) -> None:
    judged = load_prompt("v2").rubric.judged
    moved = judged["hobbies"].weight + judged["introduction"].weight - 3
    for name, after in (("hobbies", moved), ("introduction", 3)):
        before = judged[name].weight
        head = f"[judged.{name}]\nweight = "
        edit(prompts, "rubric.toml", f"{head}{before}\n", f"{head}{after}\n", "v2")
        part = f'"{name}": {{"type": "integer", "minimum": 0, "maximum": '
        edit(prompts, "answer.schema.json", f"{part}{before}}}", f"{part}{after}}}", "v2")
    template = load_prompt("v2", prompts).template
    assert f"- hobbies (0~{moved})" in template
    assert f"/ {round(moved / 2)} 이어질 만한 취미 하나 / {round(2 * moved / 3)} 같은" in template
    assert f'"parts":{{"hobbies":{moved},' in template
    assert '"introduction":2}' in template


def test_v1_is_what_it_was_when_it_was_evaluated() -> None:
    prompt = load_prompt("v1")
    assert prompt.content_hash == "8eb1c1fce3eb"
    filled = hashlib.sha256(prompt.template.encode()).hexdigest()
    assert filled.startswith("f7de4f9c")


def test_a_missing_version_is_named() -> None:
    with pytest.raises(InvalidPrompt, match="v999"):
        load_prompt("v999")


def test_a_correction_cannot_bring_a_placeholder() -> None:
    rendered = load_prompt("v1").render("다시 $search_results$")
    assert rendered.count("$search_results$") == 1


ANSWERS_AND_CONGESTION = """
[code.answers]
weight = 5
prior = 2.0

[congestion]
free = 4
per_usual = 1.5
most = 12
"""


def test_a_rubric_may_count_answers_within_the_hundred(prompts: Path) -> None:
    rubric_file = prompts / "match" / "v1" / "rubric.toml"
    rubric_file.write_text(rubric_file.read_text() + ANSWERS_AND_CONGESTION)
    with pytest.raises(InvalidPrompt, match="weights sum to 105"):
        load_prompt("v1", prompts)
    edit(prompts, "rubric.toml", "weight = 10\nper_cm", "weight = 5\nper_cm")
    rubric = load_prompt("v1", prompts).rubric
    assert list(rubric.code.listed)[-1] == "answers"
    assert "answers" not in load_prompt("v1").rubric.code.listed


def test_what_is_switched_off_leaves_the_points_of_everything_else(prompts: Path) -> None:
    rubric_file = prompts / "match" / "v1" / "rubric.toml"
    rubric_file.write_text(rubric_file.read_text() + ANSWERS_AND_CONGESTION)
    edit(prompts, "rubric.toml", "weight = 10\nper_cm", "weight = 5\nper_cm")
    rubric = load_prompt("v1", prompts).rubric
    assert rubric.switched(learn_from_answers=True, congestion=True) == rubric
    off = rubric.switched(learn_from_answers=False, congestion=False)
    assert off.congestion is None
    assert off.code.answers is not None
    assert (off.code.answers.weight, off.code.answers.prior) == (5, None)
    assert off.code.model_copy(update={"answers": rubric.code.answers}) == rubric.code
