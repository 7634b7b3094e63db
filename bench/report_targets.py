"""What is aimed at: for each target the cells that it speaks of, how many hold it, and those that do not yet."""
import collections

from report_data import mean
from report_tables import number, table, times

Target = collections.namedtuple("Target", "title applies value bound")
PLAIN = ("contiguous", "shared")
LINEAR = ("identity", "relu", "leaky_relu", "prelu")


def _at(elements, layouts=PLAIN, dtypes=None, threads=None):
    def applies(cell):
        return (cell.elements == elements and cell.layout in layouts and (not dtypes or cell.dtype in dtypes) and
                (not threads or cell.threads == threads) and cell.function != "maxout")
    return applies


def _small(linear):
    here = _at(16, threads=1)
    return lambda cell: here(cell) and cell.direction == "forward" and (cell.function in LINEAR) == linear


def _strided(layout):
    return lambda cell: cell.layout == layout


def _limit(cell):
    return cell.over_limit


def _peer(cell):
    return cell.over_peer


def _nanoseconds(cell):
    return cell.own


HALVES = ("float16", "bfloat16")
TARGETS = (
    Target("4 Mi elements: within 1.10 of the limit", _at(1 << 22), _limit, 1.10),
    Target("64 Mi elements: within 1.10 of the limit", _at(1 << 26), _limit, 1.10),
    Target("256 Ki float32, one thread: within 1.3 of the limit", _at(1 << 18, dtypes=("float32",), threads=1), _limit, 1.3),
    Target("256 Ki float16 and bfloat16, one thread: within 1.6", _at(1 << 18, dtypes=HALVES, threads=1), _limit, 1.6),
    Target("256 Ki float64, one thread: within 2.5", _at(1 << 18, dtypes=("float64",), threads=1), _limit, 2.5),
    Target("4 Ki, one thread: no slower than the best peer", _at(1 << 12, threads=1), _peer, 1.0),
    Target("16 elements, identity, relu, leaky_relu, prelu: 12 ns a call", _small(True), _nanoseconds, 12),
    Target("16 elements, others: 25 ns a call", _small(False), _nanoseconds, 25),
    Target("transposed: within 1.3 of the best blocked copy", _strided("transposed"), _limit, 1.3),
    Target("every second element: within 1.3 of the best copy", _strided("sliced"), _limit, 1.3),
    Target("no peer faster in any cell", lambda cell: True, _peer, 1.0),
)


def _measured(target, cells):
    return [(target.value(cell), cell) for cell in cells if target.applies(cell) and target.value(cell)]


def _where(cell):
    return f"{cell.function} {cell.direction} {cell.dtype}, {cell.threads} thread{'s' if cell.threads > 1 else ''}"


def table_of(cells):
    rows = []
    for target in TARGETS:
        found = _measured(target, cells)
        if not found:
            continue
        held = sum(value <= target.bound for value, _ in found)
        worst, cell = max(found, key=lambda pair: pair[0])
        rows.append([target.title, str(len(found)), str(held), times(mean(value for value, _ in found)),
                     f"{times(worst)} ({_where(cell)})"])
    return table(["target", "cells", "hold", "geometric mean", "worst"], rows)


def not_yet(cells):
    """For each target, direction and type: functions and their worst figure, worst first."""
    text = ""
    for target in TARGETS[:-1]:
        groups = collections.defaultdict(dict)
        for value, cell in _measured(target, cells):
            if value > target.bound:
                group = groups[(cell.direction, cell.dtype)]
                group[cell.function] = max(value, group.get(cell.function, 0))
        rows = [[direction, dtype, ", ".join(f"{name} {times(value)}" for name, value in
                                             sorted(group.items(), key=lambda pair: -pair[1]))]
                for (direction, dtype), group in sorted(groups.items())]
        if rows:
            text += f"**{target.title}**\n\n" + table(["direction", "dtype", "not yet"], rows) + "\n"
    return text


def every_function(cells):
    """One row a function and direction, a table a type: contiguous, one thread."""
    columns = ((16, "16"), (1 << 12, "4 Ki"), (1 << 18, "256 Ki"), (1 << 22, "4 Mi"))
    text = ""
    plain = [cell for cell in cells if cell.layout in PLAIN and cell.threads == 1]
    for dtype in dict.fromkeys(cell.dtype for cell in plain):
        rows = collections.defaultdict(dict)
        for cell in plain:
            if cell.dtype == dtype:
                rows[(cell.function, cell.direction)][cell.elements] = cell
        body = [[*key] + [_figures(row.get(elements)) for elements, _ in columns] for key, row in rows.items()]
        text += f"\n## {dtype}\n\n" + table(["function", "direction"] + [name for _, name in columns], body)
    return text


def _figures(cell):
    if not cell:
        return ""
    return " / ".join([number(cell.per_element(cell.own)), times(cell.over_limit) or "-", times(cell.over_peer) or "-"])
