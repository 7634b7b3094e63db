"""The tables of the report, as Markdown."""
import collections

from report_data import DIRECTIONS, DTYPES, mean, peers, size_name

WORST = 15


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]) + "\n"


def number(value):
    if value is None:
        return ""
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def times(ratio):
    return "" if ratio is None else f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def _peer(cell):
    return f"{cell.peer} {number(cell.per_element(cell.peer_ns))}" if cell.peer else ""


def _row(cell):
    limit = cell.limit and cell.per_element(cell.limit)
    return [cell.function, cell.direction, cell.dtype, cell.layout, size_name(cell.elements), str(cell.threads),
            number(cell.per_element(cell.own)), number(limit), times(cell.over_limit), _peer(cell), times(cell.over_peer)]


HEAD = ["function", "direction", "dtype", "layout", "elements", "threads", "ns/element", "limit", "x limit", "best peer",
        "x peer"]


def _grouped(cells, ratio):
    """The worst size of each group of cells that differ in size alone, worst first."""
    groups = collections.defaultdict(list)
    for cell in cells:
        if getattr(cell, ratio):
            groups[cell._replace(elements=0)].append(cell)
    return sorted((max(group, key=lambda cell: getattr(cell, ratio)) for group in groups.values()),
                  key=lambda cell: -getattr(cell, ratio))


def worst(cells):
    """What to work on next: where somebody else is faster, then where the limit is far."""
    slower = [cell for cell in _grouped(cells, "over_peer") if cell.over_peer > 1.1]
    far = _grouped([cell for cell in cells if cell.elements >= 4096], "over_limit")
    text = "### Slower than the best peer\n\n"
    text += (f"{len(slower)} groups of cells are more than 10 % slower than the best peer in at least one size; of each the "
             f"worst size, the worst {WORST} first. For backward_from_state: the peer's best backward of any form.\n\n")
    text += table(HEAD, map(_row, slower[:WORST]))
    text += "\n### Farthest from the limit\n\n"
    text += f"From 4 Ki elements on; of each group the worst size, the worst {WORST} first.\n\n"
    return text + table(HEAD, map(_row, far[:WORST]))


def _is_plain(cell):
    return cell.layout in ("contiguous", "shared") or "x" in cell.layout


def _overview(cells):
    """One row a function, direction and dtype: contiguous, by where the data lies."""
    bands = (("up to 1 Ki", 0, 1 << 10), ("4 to 16 Ki", 1 << 12, 1 << 14), ("256 Ki", 1 << 18, 1 << 18),
             ("4 Mi", 1 << 22, 1 << 22), ("64 Mi", 1 << 26, 1 << 26))
    rows = []
    names = list(dict.fromkeys(cell.function for cell in cells))
    for name in names:
        for direction in DIRECTIONS:
            for dtype in DTYPES:
                group = [cell for cell in cells if _is_plain(cell) and cell.threads == 1 and
                         (cell.function, cell.direction, cell.dtype) == (name, direction, dtype)]
                if not group or "x" in group[0].layout and group[0].function == "maxout":
                    continue
                row = [name, direction, dtype]
                for _, low, high in bands:
                    band = [cell for cell in group if low <= cell.elements <= high]
                    row.append(" / ".join(filter(None, (times(mean(cell.over_limit for cell in band)),
                                                        times(mean(cell.over_peer for cell in band))))))
                rows.append(row)
    return table(["function", "direction", "dtype"] + [band[0] for band in bands], rows)


def _everything(cells):
    everybody = list(dict.fromkeys(who for cell in cells for who in peers(cell)))
    text = ""
    for name in dict.fromkeys(cell.function for cell in cells):
        group = sorted((cell for cell in cells if cell.function == name), key=lambda cell: -(cell.over_limit or 0))
        rows = [_row(cell)[1:9] + [number(cell.times[who] / cell.elements) if who in cell.times else "" for who in everybody]
                for cell in group]
        text += f"\n### {name}\n\n" + table(HEAD[1:9] + everybody, rows)
    return text


def machine(run):
    text = ""
    busy = max(run.get("busy_before", 0), run.get("busy_after", 0))
    if busy > 0.1:
        text = f"**Preliminary: other programs kept {100 * busy:.0f} % of the machine busy. Conclude nothing from this.**\n\n"
    return text + table(["", ""], ([key, str(value)] for key, value in run.items() if not key.startswith("differs: ")))


def differing(run):
    rows = [[key[len("differs: "):], value] for key, value in run.items() if key.startswith("differs: ")]
    if not rows:
        return "Every peer's output agreed with the library's, to the accuracy that the peer claims.\n"
    return "Not timed, since the output differs by more than the peer claims:\n\n" + table(["cell", "peer"], rows)


def report(run, cells, plots):
    parts = ["# Benchmark of libactivations\n",
             "Times are medians, in nanoseconds an element. The limit is the best copy of the same traffic "
             "(maxout: OpenBLAS's bare products), measured in the same run. x limit, x peer: the library's time over "
             "theirs; below 1 the library is faster.\n",
             "## Machine and versions\n", machine(run), "## Agreement\n", differing(run), "## Worst cells\n", worst(cells),
             "## Contiguous, one thread: x limit / x best peer\n", _overview(cells)]
    parts += [f"![{plot}]({plot}.svg)\n" for plot in plots]
    parts += ["## Everything, the farthest from the limit first\n", _everything(cells)]
    return "\n".join(parts)


def summary(cells):
    """A few lines for the terminal."""
    beaten = [cell for cell in cells if cell.over_peer]
    slower = sum(cell.over_peer > 1.1 for cell in beaten)
    held = f"faster than the best peer or within 10 % of it in {len(beaten) - slower} of {len(beaten)}"
    lines = [f"{len(cells)} cells; " + (held if beaten else "no peers")]
    for title, ratio in (("slower than the best peer", "over_peer"), ("farthest from the limit", "over_limit")):
        worst_cells = _grouped([cell for cell in cells if cell.elements >= 4096], ratio)[:8]
        lines += [f"\n{title}:"] if worst_cells else []
        for cell in worst_cells:
            name = "/".join([cell.function, cell.direction, cell.dtype, cell.layout, size_name(cell.elements).replace(" ", ""),
                             str(cell.threads)])
            lines.append(f"  {getattr(cell, ratio):7.2f}x  {name}")
    return "\n".join(lines) + "\n"
