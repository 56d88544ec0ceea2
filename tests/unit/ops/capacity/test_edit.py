"""Another size in a TOML: comments stay, and the file is whole whatever happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cufit_ops.capacity.edit import edited, resized, size_of, text_of
from cufit_ops.cli.output import Interrupted
from stacks.config_files import ConfigurationFault, load_environment

SHIPPED = Path(__file__).parents[4] / "config"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """prod.toml of a folder like config/; nothing else is left in it."""
    folder = tmp_path / "config"
    folder.mkdir()
    for found in SHIPPED.glob("*.toml"):
        (folder / found.name).write_bytes(found.read_bytes())
    names = sorted(found.name for found in folder.iterdir())
    yield folder / "prod.toml"
    assert sorted(found.name for found in folder.iterdir()) == names


def other(file: Path) -> str:
    fargate = load_environment(file).fargate
    return resized(text_of(file), 256 if fargate.cpu != 256 else 512, 2048)


@pytest.mark.parametrize("name", ["dev", "prod", "local"])
def test_two_lines_change_and_keep_their_comments(name: str) -> None:
    text = (SHIPPED / f"{name}.toml").read_text()
    lines = resized(text, 2048, 5120).splitlines()
    changed = [(old, new) for old, new in zip(text.splitlines(), lines, strict=True) if old != new]
    assert [new.partition("#")[0].strip() for _, new in changed] == ["cpu = 2048", "memory = 5120"]
    assert all(old.partition("#")[2] == new.partition("#")[2] != "" for old, new in changed)


def test_line_ends_of_windows_stay() -> None:
    text = "[fargate] # x\r\ncpu = 256 # a\r\nmemory = 512\r\n"
    assert resized(text, 512, 1024) == "[fargate] # x\r\ncpu = 512 # a\r\nmemory = 1024\r\n"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("1024/1024", "1024 goes with 2048–8192 MiB in steps of 1024"),
        ("300/512", "256 goes with 512, 1024 or 2048"),
        ("512", "CPU units and MiB are wanted, such as 512/1024"),
        ("0.25/512", "such as 512/1024"),
        ("", "such as 512/1024"),
    ],
)
def test_what_is_no_size_is_refused_with_what_is(wish: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        size_of(wish)
    assert f"--set {wish}" in str(refused.value)


def test_inside_and_afterwards_the_file_has_the_other_size(file: Path) -> None:
    text = other(file)
    with edited(file, text):
        assert text_of(file) == text
    assert text_of(file) == text


def test_a_dry_run_leaves_it_as_it_was(file: Path) -> None:
    before = file.read_bytes()
    with edited(file, other(file), kept=False):
        assert file.read_bytes() != before
    assert file.read_bytes() == before


@pytest.mark.parametrize("ending", [Interrupted, ValueError])
def test_what_goes_wrong_inside_puts_it_back(file: Path, ending: type[BaseException]) -> None:
    before = file.read_bytes()
    with pytest.raises(ending), edited(file, other(file)):
        raise ending
    assert file.read_bytes() == before


def test_a_full_disk_leaves_it_whole(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, text = file.read_bytes(), other(file)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space"), edited(file, text):
            pytest.fail("nothing was written")
    assert file.read_bytes() == before


def test_what_config_would_refuse_is_not_written(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(ConfigurationFault), edited(file, text_of(file) + "\nwrong = 1\n"):
        pytest.fail("config/ refuses it")
    assert file.read_bytes() == before
