"""All benchmarks of many partitions, as markdown: python -m benchmarks [partitions] [reuse] [scaling] [-o FILE]

The benchmarks of single large networks are programs of their own: large_networks.py, symmetric.py.
"""

import argparse
from pathlib import Path

from benchmarks import partitions, reuse, scaling
from benchmarks.machine import describe

SECTIONS = {"partitions": partitions.main, "reuse": reuse.main, "scaling": scaling.main}


def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmarks of tncut, as markdown.")
    parser.add_argument("sections", nargs="*", help=f"{', '.join(SECTIONS)}; all if none is given")
    parser.add_argument("-o", "--output", type=Path, help="write them to this file too")
    chosen = parser.parse_args()
    if unknown := set(chosen.sections) - SECTIONS.keys():
        parser.error(f"unknown section {', '.join(sorted(unknown))}; choose from {', '.join(SECTIONS)}")
    parts = [f"Measured on {describe()}, medians of rounds side by side."]
    parts += [SECTIONS[name]() for name in chosen.sections or SECTIONS]
    text = "\n\n".join(parts)
    print(text)
    if chosen.output is not None:
        chosen.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
