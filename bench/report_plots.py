"""The plots of the report, drawn by gnuplot as SVG and PNG."""
import math
import os
import subprocess

from report_data import DIRECTIONS, DTYPES, mean, size_name

# Whose line is drawn how: readable in print and to the colour-blind (Okabe and Ito).
STYLES = {
    "activations": 'lw 3 lc rgb "#000000" pt 7 ps 0.7',
    "limit": 'lw 2 lc rgb "#999999" dt 1 pt 0',
    "oneDNN": 'lw 1.5 lc rgb "#0072B2" pt 5 ps 0.6',
    "XNNPACK": 'lw 1.5 lc rgb "#009E73" pt 9 ps 0.7',
    "PyTorch": 'lw 1.5 lc rgb "#D55E00" pt 11 ps 0.7',
    "onnxruntime": 'lw 1.5 lc rgb "#CC79A7" pt 13 ps 0.7',
}
SHORT = {"forward": "forward", "backward_from_input": "backward\\nfrom x", "backward_from_output": "backward\\nfrom y",
         "backward_from_state": "backward\\nfrom state"}
COLUMNS = 4


def _draw(directory, name, width, height, script):
    """Both formats of one plot; the script sees neither."""
    both = []
    for terminal, suffix, font in (("svg dynamic background 'white'", "svg", "sans,13"), ("pngcairo", "png", "sans,11")):
        both.append(f"reset\nset terminal {terminal} size {width},{height} font '{font}'\n"
                    f"set output '{name}.{suffix}'\n{script}\nunset multiplot\nset output\n")
    result = subprocess.run(["gnuplot"], input="\n".join(both), text=True, cwd=directory, capture_output=True, check=False)
    if result.returncode:
        raise RuntimeError(f"gnuplot: {result.stderr}")


# ---- time an element against size ----

def _plain(cells, direction, dtype):
    functions = {}
    for cell in cells:
        if (cell.direction, cell.dtype, cell.threads) == (direction, dtype, 1) and cell.layout in ("contiguous", "shared"):
            functions.setdefault(cell.function, []).append(cell)
    return {name: sorted(group, key=lambda cell: cell.elements) for name, group in functions.items() if len(group) > 1}


def _panel(index, name, group, everybody, place):
    """The data and the commands of one small plot; place: its origin and size, whether it is leftmost and lowest."""
    origin, size, left, lowest = place
    data = [f"$p{index}_{i} << E\n" + "\n".join(f"{cell.elements} {cell.times[who] / cell.elements}" for cell in group
                                                 if who in cell.times) + "\nE" for i, who in enumerate(everybody)]
    drawn = [f"$p{index}_{i} with linespoints {STYLES[who]} notitle" for i, who in enumerate(everybody)
             if any(who in cell.times for cell in group)]
    title = name.replace("_", "\\_")
    return data, [f"set origin {origin[0]:.4f},{origin[1]:.4f}", f"set size {size[0]:.4f},{size[1]:.4f}",
                  f"set title '{title}' offset 0,-0.7", "set ylabel 'ns / element' offset 1.5" if left else "unset ylabel",
                  "set xlabel 'elements' offset 0,0.6" if lowest else "unset xlabel", "plot " + ", ".join(drawn)]


def _sizes(cells, directory, direction, dtype):
    functions = _plain(cells, direction, dtype)
    if not functions:
        return None
    everybody = [who for who in STYLES if any(who in cell.times for group in functions.values() for cell in group)]
    rows = -(-len(functions) // COLUMNS)
    pixels = (1240, 250 * rows + 90)
    top, strip = 1 - 40 / pixels[1], 40 / pixels[1]
    size = (1 / COLUMNS, (top - strip) / rows)
    values = [time / cell.elements for group in functions.values() for cell in group for who, time in cell.times.items()
              if who in STYLES]
    low, high = 0.7 * min(values), 1.5 * max(values)
    ticks = ", ".join(f"'{size_name(1 << shift).replace(' ', '')}' {1 << shift}" for shift in (4, 10, 14, 18, 22, 26))
    data, panels = [], []
    for index, (name, group) in enumerate(functions.items()):
        row, column = divmod(index, COLUMNS)
        place = (column * size[0], top - (row + 1) * size[1]), size, column == 0, index + COLUMNS >= len(functions)
        lines, panel = _panel(index, name, group, everybody, place)
        data += lines
        panels += panel
    words = direction.replace("_", " ")
    legend = ", ".join(f"NaN with linespoints {STYLES[who]} title '{who}'" for who in everybody)
    script = "\n".join(data + [
        f"set multiplot title '{words}, {dtype}, contiguous, one thread' font ',15'",
        "set logscale xy", "set xrange [10:1.4e8]", f"set yrange [{low:.4g}:{high:.4g}]",
        f"set xtics ({ticks}) font ',9'", "set ytics format '%g' font ',9'",
        "set grid xtics ytics back lt 1 lw 0.5 lc rgb '#cccccc'", "set tics scale 0.4",
        "set tmargin 2.2", "set bmargin 3"] + panels + [
        "unset logscale", "unset tics", "unset border", "unset title", "unset xlabel", "unset ylabel", "unset grid",
        "set xrange [0:1]", "set yrange [0:1]", "set lmargin 0", "set rmargin 0", "set tmargin 0", "set bmargin 0",
        "set origin 0,0", f"set size 1,{strip:.4f}", "set key center center horizontal Left reverse samplen 3 width 2 font ',11'",
        f"plot {legend}"])
    name = f"size-{direction.replace('_', '-')}-{dtype}"
    _draw(directory, name, *pixels, script)
    return name


# ---- times faster than the best peer ----

def _short(ratio):
    return f"{ratio:.2f}" if ratio < 1 else f"{ratio:.1f}" if ratio < 10 else f"{ratio:.0f}"


def _heat(cells, directory):
    bands = (("in the caches: 1 Ki to 256 Ki elements", 1 << 10, 1 << 18), ("from memory: 4 Mi and 64 Mi elements", 1 << 22, 1 << 26))
    plain = [cell for cell in cells if cell.threads == 1 and cell.over_peer and cell.layout in ("contiguous", "shared")]
    functions = list(dict.fromkeys(cell.function for cell in plain))
    columns = [(direction, dtype) for dtype in DTYPES for direction in DIRECTIONS
               if any((cell.direction, cell.dtype) == (direction, dtype) for cell in plain)]
    if not functions:
        return None
    data, plots = [], []
    for band, (title, low, high) in enumerate(bands):
        points, labels = [], {"black": [], "white": []}
        for y, function in enumerate(functions):
            for x, (direction, dtype) in enumerate(columns):
                ratio = mean(1 / cell.over_peer for cell in plain if low <= cell.elements <= high and
                             (cell.function, cell.direction, cell.dtype) == (function, direction, dtype))
                if ratio:
                    shade = max(-2, min(2, math.log2(ratio)))
                    points.append(f"{x} {y} {shade}")
                    labels["white" if abs(shade) > 1.3 else "black"].append(f"{x} {y} {_short(ratio)}")
        if not points:
            continue
        drawn = [f"$heat{band} using 1:2:(0.49):(0.48):3 with boxxyerror lc palette fillstyle solid noborder notitle"]
        data.append(f"$heat{band} << E\n" + "\n".join(points) + "\nE")
        for colour, texts in labels.items():
            if texts:
                data.append(f"$text{band}{colour} << E\n" + "\n".join(texts) + "\nE")
                drawn.append(f"$text{band}{colour} using 1:2:3 with labels font ',11' tc rgb '{colour}' notitle")
        plots += [f"set title '{title}' offset 0,-0.5", "plot " + ", ".join(drawn)]
    ytics = ", ".join("'{}' {}".format(function.replace("_", "\\_"), y) for y, function in enumerate(functions))
    xtics = ", ".join(f'"{SHORT[direction]}\\n{dtype}" {x}' for x, (direction, dtype) in enumerate(columns))
    script = "\n".join(data + [
        "set multiplot layout 2,1 title 'Times faster than the best peer, contiguous, one thread' font ',15'",
        f"set xrange [-0.5:{len(columns) - 0.5}]", f"set yrange [{len(functions) - 0.5}:-0.5]",
        f"set ytics ({ytics})", f"set xtics ({xtics}) font ',10'", "set tics scale 0", "set rmargin 12", "set bmargin 5",
        "set palette defined (-2 '#b2182b', -1 '#ef8a62', 0 '#f7f7f7', 1 '#67a9cf', 2 '#2166ac')", "set cbrange [-2:2]",
        "set cbtics ('4x slower' -2, '2x slower' -1, 'equal' 0, '2x faster' 1, '4x faster' 2)"] + plots)
    _draw(directory, "faster-than-peers", 200 + 100 * len(columns), 220 + 60 * len(functions), script)
    return "faster-than-peers"


def write(cells, directory):
    """Names of the plots that were drawn, without suffix."""
    drawn = [_heat(cells, directory)]
    for dtype in DTYPES:
        for direction in DIRECTIONS:
            drawn.append(_sizes(cells, directory, direction, dtype))
    return [name for name in drawn if name]
