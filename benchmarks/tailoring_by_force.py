"""Tailored widths against all widths: random small cases, each solved both ways.

Run: python -m benchmarks.tailoring_by_force [cases]
"""

import argparse
import time
from collections import Counter

import numpy as np

import tncut
from tests.tailored import FAMILIES, GUARANTEES, OBJECTIVES, Case

NEAR = 2e-5  # a mean is proven to some 2^-16 of a bit


def drawn(number: int) -> tuple[str, Case]:
    """Every family, objective and guarantee in turn; 3 free layers of 4 to 8 widths, or 4 of 4."""
    rng = np.random.default_rng(number)
    make = FAMILIES[number % 4]
    objective, guarantee = OBJECTIVES[number // 4 % 4], GUARANTEES[number // 16 % 2]
    four = bool(rng.random() < 0.3)
    lengths = (4, 4) if four else (4, 8)
    case = Case.drawn(rng, make, objective, guarantee, layers=4 if four else 3, lengths=lengths)
    return f"{make.__name__}, {objective}, {guarantee}", case


def verdict(case: Case) -> str:
    """How the two answers compare."""
    found, value, best, least = case.compared()
    if found is None:
        return "refused, and nothing is possible" if best in (0.0, -np.inf) else "WRONG: refused"
    if abs(value - best) > NEAR or not found.optimal:
        return f"WRONG: {value:g} found, {best:g} possible"
    if not found.cost == tncut.count_cost(found.architecture).parameters <= case.budget:
        return "WRONG: the cost"
    if case.objective in ("smallest", "share") and not (found.cheapest and found.cost == least):
        return f"WRONG: {found.cost} parameters, {least} are enough"
    return "equal"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=256)
    begun, verdicts = time.process_time(), Counter[str]()
    for number in range(parser.parse_args().cases):
        name, case = drawn(number)
        said = verdict(case)
        verdicts[said.split(":")[0]] += 1
        if said.startswith("WRONG"):
            print(f"case {number} ({name}): {said}", flush=True)
    for said, times in verdicts.most_common():
        print(f"{times} {said}")
    print(f"{time.process_time() - begun:.0f} CPU seconds")


if __name__ == "__main__":
    main()
