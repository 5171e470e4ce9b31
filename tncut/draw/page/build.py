"""An architecture as one HTML page that computes minimum cuts itself: no request, no library, no server."""

import json
import re
from html import escape
from importlib.resources import files

from ...network import Subject
from ...partition import Split
from .data import page_data

# In this order: the arithmetic, the cuts of networks or of circuits, what is seen, the page that joins them.
SYMMETRIC = ("labelling", "relaxation", "symmetric", "sums", "terms", "pairing", "circuit")
CUTS = {"network": ("exact", "flow", "tree", "model", "cut"), "circuit": ("exact", "flow", "model", *SYMMETRIC)}
VIEWS = ("dom", "paint", "sites", "picture", "bonds", "layers", "link", "answer")
UNSAFE = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}  # text must not end its script


def explore(architecture: Subject, *, partition: Split = "odd-even") -> str:
    """A self-contained interactive page, as HTML text: choose sites, change dimensions, see the minimum cut move.

    The page opens with `partition`. Its bound is an exact integer, by the same search as `bound`: the minimum cut of
    the network; where units are re-used or vectors added, the symmetric cut of the circuit itself, or the ranks added
    at sums. Its lower end is theorem T2, T3 or T4. A MethodError for gates other than the product, a SizeError above
    8192 tensors, or 2000 units of a circuit that re-uses units or adds vectors.
    """
    data = page_data(architecture, partition)
    script = "\n".join(_read("script", f"{name}.js") for name in (*CUTS[data["kind"]], *VIEWS, "main"))
    parts = {
        "title": escape(data["name"]),
        "style": _read("page.css"),
        "script": f'(() => {{\n"use strict";\n{script}}})();',
        "data": json.dumps(data, separators=(",", ":")).translate(UNSAFE),
    }
    # One pass, so that a name that looks like a part stays text.
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _read("page.html"))


def _read(*path: str) -> str:
    return files("tncut").joinpath("draw", "page", *path).read_text("utf-8")
