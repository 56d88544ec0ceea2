"""What is said about a size that does not exist, word for word."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from stacks.fargate_sizes import FARGATE_MEMORY_MIB, size_fault


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
