"""Bundles: the same inputs give the same bytes, and a damaged cache is no trap."""

import os
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stacks.components.bundle import Bundle, BundleError, Target
from stacks.components.bundle_cache import forget_unused

ARM = Target("arm64", "3.14")
HOST = Target.of("host", "host")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small repository with one function that needs no package."""
    return _checkout(tmp_path / "one")


def _checkout(root: Path) -> Path:
    function = root / "lambdas" / "small"
    contracts = root / "contracts" / "cufit_contracts"
    for folder in (function, contracts):
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
    (function / "handler.py").write_text("def handler(event, context): ...\n")
    (function / "requirements.txt").write_text("")
    (contracts / "messages.py").write_text("KIND = 1\n")
    return root


def _names(file: Path) -> list[str]:
    with zipfile.ZipFile(file) as archive:
        return archive.namelist()


def test_a_bundle_holds_the_function_and_the_contracts(checkout: Path) -> None:
    assert _names(Bundle("small", HOST, checkout).zip_file()) == [
        "cufit_contracts/__init__.py",
        "cufit_contracts/messages.py",
        "small/__init__.py",
        "small/handler.py",
    ]


def test_another_checkout_gives_the_same_digest_and_bytes(checkout: Path, tmp_path: Path) -> None:
    other = _checkout(tmp_path / "elsewhere" / "two")
    cache = other / "lambdas" / "small" / "__pycache__"
    cache.mkdir()
    (cache / "handler.cpython-311.pyc").write_bytes(b"stray")
    handler = other / "lambdas" / "small" / "handler.py"
    os.utime(handler, (0, 0))
    handler.chmod(0o777)

    one, two = Bundle("small", HOST, checkout), Bundle("small", HOST, other)

    assert one.digest() == two.digest()
    assert one.zip_file().read_bytes() == two.zip_file().read_bytes()


@pytest.mark.parametrize(
    "changed",
    [
        "lambdas/small/handler.py",
        "lambdas/small/requirements.txt",
        "contracts/cufit_contracts/messages.py",
    ],
)
def test_every_input_decides_the_digest(checkout: Path, changed: str) -> None:
    before = Bundle("small", HOST, checkout).digest()

    with (checkout / changed).open("a") as file:
        file.write("# changed\n")

    assert Bundle("small", HOST, checkout).digest() != before


def test_the_target_decides_the_digest(checkout: Path) -> None:
    targets = [ARM, Target("x86_64", "3.14"), Target("arm64", "3.13")]

    assert len({Bundle("small", target, checkout).digest() for target in targets}) == 3


def test_the_worker_carries_its_prompts() -> None:
    sources = Bundle("match_worker", ARM).sources()

    assert "prompts/match/v1/template.txt" in sources
    assert "match_worker/handler.py" in sources
    assert not [name for name in Bundle("heartbeat", ARM).sources() if "prompts" in name]


def test_a_bundle_is_built_once(checkout: Path) -> None:
    first = Bundle("small", HOST, checkout).zip_file()
    built = first.stat().st_ino

    assert Bundle("small", HOST, checkout).zip_file().stat().st_ino == built


def _build_edited(checkout: Path, content: str) -> Path:
    (checkout / "lambdas/small/handler.py").write_text(content)
    return Bundle("small", HOST, checkout).zip_file()


def test_bundles_of_before_an_edit_go_once_nobody_uses_them(checkout: Path) -> None:
    old = _build_edited(checkout, "1")
    for file in (checkout / ".cache/bundles").iterdir():
        os.utime(file, (0, 0))
    recent = _build_edited(checkout, "2")
    current = _build_edited(checkout, "3")

    assert not old.exists()
    kept = {file.stem for file in (checkout / ".cache/bundles").iterdir()}
    assert kept == {recent.stem, current.stem}


def test_what_is_current_stays_however_old(checkout: Path) -> None:
    file = Bundle("small", ARM, checkout).zip_file()
    os.utime(file, (0, 0))
    Bundle("small", HOST, checkout).zip_file()
    assert file.exists()


def test_a_bundle_in_use_is_not_taken_away(checkout: Path) -> None:
    used = _build_edited(checkout, "1")
    os.utime(used, (0, 0))
    assert Bundle("small", HOST, checkout).zip_file() == used  # another command, about to read it
    _build_edited(checkout, "2")
    assert used.exists()


def test_several_commands_may_clean_at_once(tmp_path: Path) -> None:
    for number in range(200):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        (folder / "module.py").write_text("")
        os.utime(folder, (0, 0))
    with ThreadPoolExecutor(8) as pool:
        for job in [pool.submit(forget_unused, tmp_path, {"7"}) for _ in range(8)]:
            job.result()
    assert [path.name for path in tmp_path.iterdir()] == ["7"]


@pytest.mark.parametrize("damage", [b"", b"not a zip", None])
def test_a_damaged_bundle_is_built_again(checkout: Path, damage: bytes | None) -> None:
    file = Bundle("small", HOST, checkout).zip_file()
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] if damage is None else damage)

    assert Bundle("small", HOST, checkout).zip_file().read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_named(checkout: Path) -> None:
    (checkout / ".cache").write_text("a file where a folder is needed")

    with pytest.raises(BundleError, match=r"cannot write the bundle cache .*bundles: .*directory"):
        Bundle("small", HOST, checkout).zip_file()


def test_nothing_half_made_stays_in_the_cache(checkout: Path) -> None:
    (checkout / "lambdas/small/requirements.txt").write_text("not-there==1 --hash=sha256:00\n")

    with pytest.raises(BundleError, match="small: uv could not install its lock"):
        Bundle("small", HOST, checkout).zip_file()

    assert list((checkout / ".cache" / "bundles").iterdir()) == []


def test_a_function_without_a_lock_or_handler_is_refused(checkout: Path) -> None:
    with pytest.raises(BundleError, match=r"lambdas/none/requirements\.txt is missing"):
        Bundle("none", HOST, checkout).digest()
    (checkout / "lambdas/small/handler.py").unlink()
    with pytest.raises(BundleError, match=r"lambdas/small/handler\.py is missing"):
        Bundle("small", HOST, checkout).zip_file()


def test_entries_carry_no_time_or_mode_of_this_machine(checkout: Path) -> None:
    with zipfile.ZipFile(Bundle("small", HOST, checkout).zip_file()) as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.external_attr >> 16 == 0o644


def test_host_is_this_machine() -> None:
    assert HOST.is_this_machine
    assert not Target(HOST.architecture, "2.7").is_this_machine
    assert ARM.uv_platform == "aarch64-manylinux_2_28"


def test_the_cache_can_be_moved_with_the_checkout(checkout: Path, tmp_path: Path) -> None:
    file = Bundle("small", HOST, checkout).zip_file()
    moved = Path(shutil.move(checkout, tmp_path / "moved"))

    found = Bundle("small", HOST, moved).zip_file()

    assert found.read_bytes() == (moved / ".cache" / "bundles" / file.name).read_bytes()
