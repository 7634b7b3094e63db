"""The results of act_bench as cells: what was measured there, the limit, the best peer, and the ratios between them."""
import collections
import json
import math

LIMITS = ("limit", "OpenBLAS")
KEYS = ("function", "direction", "dtype", "layout", "elements", "threads")
DIRECTIONS = ("forward", "backward_from_input", "backward_from_output", "backward_from_state")
DTYPES = ("float32", "float64", "float16", "bfloat16")


class Cell(collections.namedtuple("Cell", KEYS)):
    """One cell; `times` maps who to median nanoseconds. The other attributes are set by load()."""

    times: dict
    peer: str = None
    peer_ns: float = None

    @property
    def own(self):
        return self.times["activations"]

    @property
    def limit(self):
        return next((self.times[who] for who in LIMITS if who in self.times), None)

    @property
    def over_limit(self):
        """How many times the limit's time it takes."""
        return self.own / self.limit if self.limit else None

    @property
    def over_peer(self):
        """How many times the best peer's time it takes."""
        return self.own / self.peer_ns if self.peer_ns else None

    def per_element(self, nanoseconds):
        return nanoseconds / self.elements


def load(path):
    """The first object, and all cells in which the library was measured."""
    with open(path, encoding="utf-8") as file:
        run, *results = json.load(file)
    cells = {}
    for result in results:
        key = Cell(*(result[name] for name in KEYS))
        cell = cells.setdefault(key, key)
        if not hasattr(cell, "times"):
            cell.times = {}
        cell.times[result["who"]] = result["median_ns"]
    measured = [cell for cell in cells.values() if "activations" in cell.times]
    _set_peers(measured)
    return run, measured


def peers(cell):
    return {who: time for who, time in cell.times.items() if who != "activations" and who not in LIMITS}


def _set_peers(cells):
    """No peer keeps bits in place of x: their best backward of any form is what backward_from_state is held against."""
    backward = collections.defaultdict(dict)
    for cell in cells:
        if cell.direction != "forward":
            rest = cell._replace(direction="")
            for who, time in peers(cell).items():
                backward[rest][who] = min(time, backward[rest].get(who, math.inf))
    for cell in cells:
        known = peers(cell)
        if not known and cell.direction == "backward_from_state":
            known = backward[cell._replace(direction="")]
        if known:
            cell.peer = min(known, key=known.get)
            cell.peer_ns = known[cell.peer]


def mean(ratios):
    """Geometric; None of nothing."""
    ratios = [ratio for ratio in ratios if ratio]
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else None


def size_name(elements):
    for shift, unit in ((30, " Gi"), (20, " Mi"), (10, " Ki")):
        if elements >= 1 << shift and elements % (1 << shift) == 0:
            return f"{elements >> shift}{unit}"
    return str(elements)
