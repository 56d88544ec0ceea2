"""CloudWatch metric math as far as cufit's alarms use it: numbers, + - * /, FILL, SUM, MIN, MAX.

Source: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html. A value is of
one period; None is a period without data, and an operation with one has none either.
"""

import ast
import operator
from collections.abc import Callable, Mapping

Value = float | None

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_REDUCTIONS: dict[str, Callable[[list[float]], float]] = {"SUM": sum, "MIN": min, "MAX": max}


def evaluate(expression: str, metrics: Mapping[str, Value]) -> Value:
    """The value of `expression` for one period, given its metrics by id.

    Raises:
        ValueError: it uses what is not understood here.
    """
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError as error:
        raise ValueError(f"metric math {expression!r}: {error.msg}") from error
    return _value(tree.body, metrics)


def _value(node: ast.expr, metrics: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in metrics:
            return metrics[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _value(operand, metrics)
            return None if value is None else -value
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _combined(_OPERATORS[type(op)], _value(left, metrics), _value(right, metrics))
        case ast.Call(func=ast.Name(id="FILL"), args=[metric, filler]):
            value = _value(metric, metrics)
            return _value(filler, metrics) if value is None else value
        case ast.Call(func=ast.Name(id=name), args=[ast.List(elts=members)]) if name in _REDUCTIONS:
            values = [_value(member, metrics) for member in members]
            held = [value for value in values if value is not None]
            return _REDUCTIONS[name](held) if held else None
    raise ValueError(f"metric math {ast.unparse(node)!r} is not understood by the embedded AWS")


def _combined(operation: Callable[[float, float], float], left: Value, right: Value) -> Value:
    if left is None or right is None or (operation is operator.truediv and right == 0):
        return None
    return operation(left, right)
