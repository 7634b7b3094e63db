"""The part of docs/performance.md that comes from results."""
import os
import shutil

import report_tables

BEGIN = "<!-- from here to the end of the results: bench/report RESULTS.json DIRECTORY --docs docs/performance.md -->"
END = "<!-- end of the results -->"
SHOWN = {
    "faster-than-peers": "Times faster than the best peer",
    "size-forward-float32": "Forward, float32",
    "size-backward-from-input-float32": "Backward from x, float32",
    "size-backward-from-output-float32": "Backward from y, float32",
    "size-forward-float64": "Forward, float64",
}


def _pictures(document, plots, directory):
    """Copies the plots beside the document; returns what shows them there."""
    name = os.path.splitext(os.path.basename(document))[0]
    target = os.path.join(os.path.dirname(document), name)
    os.makedirs(target, exist_ok=True)
    lines = []
    for plot, title in SHOWN.items():
        if plot in plots:
            shutil.copy(os.path.join(directory, plot + ".png"), target)
            lines.append(f"![{title}]({name}/{plot}.png)\n")
    return "\n".join(lines)


def update(document, run, cells, plots, directory):
    with open(document, encoding="utf-8") as file:
        before, rest = file.read().split(BEGIN)
    after = rest.split(END)[1]
    parts = [BEGIN, "", "## The machine of these results", "", report_tables.machine(run), report_tables.differing(run),
             "## Next to work on", "", report_tables.worst(cells), "## Pictures", "", _pictures(document, plots, directory), END]
    with open(document, "w", encoding="utf-8") as file:
        file.write(before + "\n".join(parts) + after)
