"""A function as if somebody had written it a little differently. No file is touched.

The code object of the running function is replaced by one compiled from its changed source, so
that everybody who holds the function runs the change.
"""

import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any


@dataclass(frozen=True)
class Change:
    """`before`, which stands once in the function, becomes `after`.

    Both are indented as if the function stood at the margin: its body by four.
    """

    module: str
    function: str
    """Qualified name in the module: `DeliverEvent.__call__`."""
    before: str
    after: str

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Raises LookupError: the source is another by now; the change has to follow it."""
        function = _found(self.module, self.function)
        original = function.__code__
        function.__code__ = self._changed(function)
        try:
            yield
        finally:
            function.__code__ = original

    def _changed(self, function: FunctionType) -> CodeType:
        lines, first = inspect.getsourcelines(function)
        indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
        source = textwrap.dedent("".join(lines))
        if (times := source.count(self.before)) != 1:
            raise LookupError(f"{self.module}.{self.function} has {times} times:\n{self.before}")
        changed = textwrap.indent(source.replace(self.before, self.after), indent)
        module = inspect.getmodule(function)
        assert module is not None
        whole = inspect.getsource(module).splitlines(keepends=True)
        whole[first - 1 : first - 1 + len(lines)] = [changed]
        compiled = compile("".join(whole), str(module.__file__), "exec", dont_inherit=True)
        return _code(compiled, self.function)


def _found(module: str, name: str) -> FunctionType:
    held: Any = importlib.import_module(module)
    for part in name.split("."):
        held = inspect.getattr_static(held, part)
    held = inspect.unwrap(held)
    assert isinstance(held, FunctionType), f"{module}.{name} is no function"
    return held


def _code(outer: CodeType, name: str) -> CodeType:
    for constant in outer.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == name:
                return constant
            if name.startswith(f"{constant.co_qualname}."):
                return _code(constant, name)
    raise LookupError(name)
