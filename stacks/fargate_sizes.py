"""Which CPU and memory go together on Fargate, and what to say when a wish does not.

Source: CloudFormation schema of AWS::ECS::TaskDefinition as bundled with cfn-lint 1.58
(extension `fargate_cpu_memory`, 2026-10). The 32 vCPU row of that schema is left out on purpose:
one hour of it costs more than a month of this service.
"""

import re
from collections.abc import Mapping

FARGATE_MEMORY_MIB: dict[int, range | tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}
"""CPU units (1024 = one vCPU) to the memory sizes (MiB) they may be given."""


def size_fault(cpu: int, memory: int) -> str | None:
    """Why `cpu` units with `memory` MiB cannot run, with the legal pairs near the wish; or None."""
    if memory in FARGATE_MEMORY_MIB.get(cpu, ()):
        return None
    return f"{cpu} CPU units with {memory} MiB is not a Fargate size; " + "; ".join(
        _goes_with(near, in_full=position == 0)
        for position, near in enumerate(_nearby(cpu, memory))
    )


def wish_fault(cpu: object, memory: object) -> str | None:
    """What to write instead of a wish in vCPU and GB, or in quotes; None where nothing is guessed.

    The smallest size is 256 units and 512 MiB, the largest 120 GB: below, a number is no unit.
    """
    units, mib = _in_units(cpu, _CPU_WORDS), _in_units(memory, _MEMORY_WORDS)
    if units is None or mib is None or (units, mib) == (cpu, memory):
        return None
    meant = f"cpu = {units}, memory = {mib}"
    fault = size_fault(units, mib)
    return (
        f"cpu = {cpu!r}, memory = {memory!r}: cpu is in CPU units (1024 are 1 vCPU) and memory in "
        "MiB (1024 are 1 GB), both without quotes; "
    ) + (f"you may have meant {meant}, but {fault}" if fault else f"you may have meant {meant}")


def _in_units(wish: object, words: Mapping[str, int]) -> int | None:
    """`wish` in CPU units or MiB; None if it is no amount. `words` say how many units one is."""
    amount, word = wish, ""
    if isinstance(wish, str) and (said := _AMOUNT.fullmatch(wish.lower())):
        amount, word = float(said["amount"]), said["word"]
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 < amount < _MOST:
        return None
    if not word:
        word = "" if amount > _LARGEST_WISH else next(iter(words))
    return round(amount * words[word]) if word in words else None


_AMOUNT = re.compile(r"\s*(?P<amount>\d+(\.\d*)?|\.\d+)\s*(?P<word>[a-z]*)\s*")
_CPU_WORDS = {"vcpu": 1024, "vcpus": 1024, "cpu": 1024, "": 1, "units": 1}
_MEMORY_WORDS = {"gb": 1024, "gib": 1024, "g": 1024, "": 1, "mib": 1, "mb": 1, "m": 1}
"""The first is meant where a small number has no word."""
_LARGEST_WISH = 120
_MOST = 10**9


def _nearby(cpu: int, memory: int) -> list[int]:
    """The wished CPU if it exists, else its neighbours; then the nearest that takes `memory`."""
    if cpu in FARGATE_MEMORY_MIB:
        near = [cpu]
    else:
        smaller = [size for size in FARGATE_MEMORY_MIB if size < cpu]
        larger = [size for size in FARGATE_MEMORY_MIB if size > cpu]
        near = smaller[-1:] + larger[:1]
    takers = [size for size, sizes in FARGATE_MEMORY_MIB.items() if memory in sizes]
    nearest = sorted(takers, key=lambda size: abs(size - cpu))[:1]
    return near + [size for size in nearest if size not in near]


def _goes_with(cpu: int, *, in_full: bool) -> str:
    sizes = FARGATE_MEMORY_MIB[cpu]
    if isinstance(sizes, tuple):
        listed = ", ".join(str(size) for size in sizes[:-1])
        return f"{cpu} goes with {listed} or {sizes[-1]}" + (" MiB" if in_full else "")
    text = f"{cpu} goes with {sizes[0]}–{sizes[-1]}"
    return f"{text} MiB in steps of {sizes.step}" if in_full else text
