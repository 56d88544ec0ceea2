"""What is said about a size that does not exist, word for word."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from stacks.fargate_sizes import FARGATE_MEMORY_MIB, size_fault, wish_fault


@pytest.mark.parametrize(
    ("cpu", "memory", "fault"),
    [
        (
            1024,
            1024,
            "1024 CPU units with 1024 MiB is not a Fargate size; "
            "1024 goes with 2048–8192 MiB in steps of 1024; 512 goes with 1024–4096",
        ),
        (
            256,
            4096,
            "256 CPU units with 4096 MiB is not a Fargate size; "
            "256 goes with 512, 1024 or 2048 MiB; 512 goes with 1024–4096",
        ),
        (
            300,
            1024,
            "300 CPU units with 1024 MiB is not a Fargate size; "
            "256 goes with 512, 1024 or 2048 MiB; 512 goes with 1024–4096",
        ),
        (
            512,
            1000,
            "512 CPU units with 1000 MiB is not a Fargate size; "
            "512 goes with 1024–4096 MiB in steps of 1024",
        ),
        (
            99999,
            512,
            "99999 CPU units with 512 MiB is not a Fargate size; "
            "16384 goes with 32768–122880 MiB in steps of 8192; 256 goes with 512, 1024 or 2048",
        ),
        (
            -1,
            0,
            "-1 CPU units with 0 MiB is not a Fargate size; 256 goes with 512, 1024 or 2048 MiB",
        ),
    ],
)
def test_the_fault_names_the_pairs_near_the_wish(cpu: int, memory: int, fault: str) -> None:
    assert size_fault(cpu, memory) == fault


@pytest.mark.parametrize(
    ("cpu", "memory"), [(256, 512), (512, 1024), (1024, 2048), (4096, 30720), (8192, 20480)]
)
def test_sizes_that_exist_are_fine(cpu: int, memory: int) -> None:
    assert size_fault(cpu, memory) is None


def test_the_table_is_cloudformations() -> None:
    """As cfn-lint bundles it, so that a new size is noticed. 32 vCPU is left out on purpose."""
    found = find_spec("cfnlint")  # importing it takes a second
    assert found is not None
    assert found.origin is not None
    extensions = Path(found.origin).parent / "data/schemas/extensions"
    schema = extensions / "aws_ecs_taskdefinition/fargate_cpu_memory.json"
    rows = json.loads(schema.read_text())["then"]["anyOf"]
    theirs = {
        int(row["properties"]["Cpu"]["then"]["enum"][0]): row["properties"]["Memory"]["then"]
        for row in rows
    }

    del theirs[32768]
    assert theirs.keys() == FARGATE_MEMORY_MIB.keys()
    for cpu, memory in theirs.items():
        ours = FARGATE_MEMORY_MIB[cpu]
        if "enum" in memory:
            assert list(ours) == memory["enum"]
        else:
            step = memory["multipleOf"]
            assert list(ours) == list(range(memory["minimum"], memory["maximum"] + 1, step))


@pytest.mark.parametrize(
    ("cpu", "memory", "meant"),
    [
        (0.5, 1, "you may have meant cpu = 512, memory = 1024"),
        ("0.5", "1", "you may have meant cpu = 512, memory = 1024"),
        (".25 vCPU", "512 MB", "you may have meant cpu = 256, memory = 512"),
        (512, "1 GB", "you may have meant cpu = 512, memory = 1024"),
        ("512", "1024", "you may have meant cpu = 512, memory = 1024"),
        (0.25, 2048, "you may have meant cpu = 256, memory = 2048"),
        (
            1,
            1,
            "you may have meant cpu = 1024, memory = 1024, but 1024 CPU units with 1024 MiB is not "
            "a Fargate size; 1024 goes with 2048–8192 MiB in steps of 1024; 512 goes with "
            "1024–4096",
        ),
    ],
    ids=repr,
)
def test_a_wish_in_vcpu_and_gb_is_answered_in_units(
    cpu: object, memory: object, meant: str
) -> None:
    fault = wish_fault(cpu, memory)

    assert fault == (
        f"cpu = {cpu!r}, memory = {memory!r}: cpu is in CPU units (1024 are 1 vCPU) and memory in "
        f"MiB (1024 are 1 GB), both without quotes; {meant}"
    )


@pytest.mark.parametrize(
    ("cpu", "memory"),
    [(512, 1024), (512, 1000), (True, 1024), ("much", 1024), (None, 1), (0, 0), (-1, 1), ([1], 1),
     (float("inf"), 1), (float("nan"), 1), (512, "1 TB"), ("", ""), ("9" * 400, "1")],
)  # fmt: skip
def test_what_is_no_wish_is_left_to_the_other_rules(cpu: object, memory: object) -> None:
    assert wish_fault(cpu, memory) is None
