"""Write docs/design.md and its picture, the rooms and their imports, from the code: python docs/make_design.py"""

import ast
from collections.abc import Iterator
from pathlib import Path

import networkx as nx

import tncut

PACKAGE = Path(tncut.__file__).parent
PAGE = Path(__file__).parent / "design.md"
PICTURE = Path(__file__).parent / "images" / "design.png"
EVERYWHERE = ("errors", "tools")  # every room uses them: no arrows
HEAD = """\
# The design of tncut

<!-- Written by docs/make_design.py from the code: change that, then run it again. -->

One way of data: a user writes an *architecture*; it builds a *circuit* of units or a *tensor network*; a *partition*
of its sites is cut, and what is *proven* of the rank stands in a `Report`. The *oracle* measures the same thing without
any code of the cuts, and *verification* holds one against the other. What lies above compares, tailors and draws.

![The rooms of the package, each above those that it imports](images/design.png)

An arrow goes from a room to one that it imports; those that follow from others are left out, and so are `errors` and
`tools`, which every room uses. Imports go down only, in all rooms and their sub-rooms (`tests/test_structure.py`).
"""


def imports() -> nx.DiGraph:
    """room -> room that it imports, at once or inside of a function."""
    graph = nx.DiGraph()
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).with_suffix("").parts[0]
        graph.add_node(room)
        graph.add_edges_from((room, other) for other in _imported(path) if other != room)
    graph.remove_nodes_from([name for name in ("__init__", "__main__", "api") if name in graph])
    return graph


def _imported(path: Path) -> Iterator[str]:
    """The rooms that a file imports from."""
    here = ("tncut", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*here[: len(here) - node.level + 1], *(node.module or "").split(".")]
            names = [alias.name for alias in node.names] if not node.module else [""]
            for name in names:
                parts = [part for part in (*base, name) if part]
                if len(parts) > 1:
                    yield parts[1]


def shown_arrows(graph: nx.DiGraph) -> list[tuple[str, str]]:
    """The imports that do not follow from others, but those of pictures that notebooks load."""
    rooms = graph.subgraph([room for room in graph if room not in EVERYWHERE])
    down = nx.DiGraph((a, b) for a, b in rooms.edges if b != "draw" or a == "cli")
    return sorted(nx.transitive_reduction(down).edges)


def page() -> str:
    """The text of docs/design.md."""
    graph = imports()
    heights = _heights(graph)
    lines = ["| room | what it is | modules |", "|---|---|---|"]
    for room in sorted(graph, key=lambda room: (-heights[room], room)):
        source = PACKAGE / room / "__init__.py" if (PACKAGE / room).is_dir() else PACKAGE / f"{room}.py"
        text = (ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or "").split("\n\n")[0]
        count = len(list((PACKAGE / room).rglob("*.py"))) or 1
        lines.append(f"| `{room}` | {' '.join(text.split())} | {count} |")
    return "\n".join([HEAD, *lines, ""])


def _heights(graph: nx.DiGraph) -> dict[str, int]:
    """How many rooms a room stands above, one on another."""
    down = nx.DiGraph(shown_arrows(graph))
    heights = dict.fromkeys(graph, 0)
    for room in reversed(list(nx.topological_sort(down))):
        heights[room] = max((heights[below] + 1 for below in down[room]), default=1)
    return heights


def picture() -> None:
    """Write the picture."""
    from matplotlib.figure import Figure

    graph = imports()
    arrows, heights = shown_arrows(graph), _heights(graph)
    floors: dict[int, list[str]] = {}
    for room in sorted(graph):
        if room not in EVERYWHERE:
            floors.setdefault(heights[room], []).append(room)
    place = {
        room: ((index + 0.5) / len(rooms), floor) for floor, rooms in floors.items() for index, room in enumerate(rooms)
    }
    figure = Figure(figsize=(9, 8), layout="constrained")
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0.5, max(floors) + 0.5))
    box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": "0.2"}
    words = {
        room: axes.text(x, y, room, ha="center", va="center", fontsize=12, bbox=box) for room, (x, y) in place.items()
    }
    for room, below in arrows:
        ends = {"patchA": words[room].get_bbox_patch(), "patchB": words[below].get_bbox_patch()}
        axes.annotate("", place[below], place[room], arrowprops={"arrowstyle": "-|>", "color": "0.55"} | ends)
    figure.savefig(PICTURE, dpi=110)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    picture()
