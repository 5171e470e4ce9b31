"""An architecture as one HTML page that computes minimum cuts itself: no request, no library, no server."""

import json
import re
from html import escape
from importlib.resources import files

from ...network import Subject
from ...partition import Split
from .data import page_data

# In this order: the arithmetic and the cuts, then what is seen, then the page that joins them.
CUTS = ("exact", "tree", "flow", "cut")
VIEWS = ("dom", "paint", "sites", "picture", "bonds", "layers", "link", "answer")
UNSAFE = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}  # text must not end its script


def explore(architecture: Subject, *, partition: Split = "odd-even") -> str:
    """A self-contained interactive page, as HTML text: choose sites, change dimensions, see the minimum cut move.

    The page opens with `partition`. Its bound is that of `min_cut(unfold(circuit), partition)`, an exact integer;
    where units are re-used the report's symmetric cut may be smaller. A MethodError for networks that are no tensor
    networks (sums, other gates than the product), a SizeError above 8192 tensors.
    """
    data = page_data(architecture, partition)
    script = "\n".join(_read("script", f"{name}.js") for name in (*CUTS, *VIEWS, "main"))
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
