"""The part of a document, such as docs/performance.md, that comes from results."""
import os
import shutil

import report_tables
import report_targets

BEGIN = "<!-- from here to the end of the results: bench/report RESULTS.json DIRECTORY --docs DOCUMENT -->"
END = "<!-- end of the results -->"
SHOWN = {
    "faster-than-peers": "Times faster than the best peer",
    "size-forward-float32": "Forward, float32",
    "size-backward-from-input-float32": "Backward from x, float32",
    "size-backward-from-output-float32": "Backward from y, float32",
    "size-forward-float64": "Forward, float64",
}


def _directory(document):
    return os.path.splitext(document)[0]


def _pictures(document, plots, directory):
    """Copies the plots beside the document; returns what shows them there."""
    target = _directory(document)
    name = os.path.basename(target)
    os.makedirs(target, exist_ok=True)
    lines = []
    for plot, title in SHOWN.items():
        if plot in plots:
            shutil.copy(os.path.join(directory, plot + ".png"), target)
            lines.append(f"![{title}]({name}/{plot}.png)\n")
    return "\n".join(lines)


FUNCTIONS = """# How fast every function is

Written by `bench/report`, from the same run as [{document}](../{document}). Contiguous, one thread; in each
field: nanoseconds an element / times the limit / times the best peer, where there is one.
"""


def update(document, run, cells, plots, directory):
    name = os.path.basename(_directory(document))
    with open(document, encoding="utf-8") as file:
        before, rest = file.read().split(BEGIN)
    after = rest.split(END)[1]
    parts = [BEGIN, "", "## The machine of these results", "", report_tables.machine(run), report_tables.differing(run),
             "## What is aimed at", "", report_targets.table_of(cells), f"Every function: [functions.md]({name}/functions.md).", "",
             "## Not yet", "", report_targets.not_yet(cells), "## Next to work on", "", report_tables.worst(cells), "## Pictures", "", _pictures(document, plots, directory), END]
    with open(document, "w", encoding="utf-8") as file:
        file.write(before + "\n".join(parts) + after)
    with open(os.path.join(_directory(document), "functions.md"), "w", encoding="utf-8") as file:
        file.write(FUNCTIONS.format(document=os.path.basename(document)) + report_targets.every_function(cells))
