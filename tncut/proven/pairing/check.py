"""Whether a pairing is valid: the inequalities of the theorem, and nothing of the code that finds pairings."""

import numpy as np

from ...tools.arrays import IntArray
from .plan import Pairing


def check_pairing(pairing: Pairing) -> str | None:
    """None if the pairing is valid, so that its rank is proven; else the first rule that it breaks."""
    return next((rule for rule, holds in _rules(pairing).items() if not holds), None) or _broken_sum(pairing)


def _rules(pairing: Pairing) -> dict[str, bool]:
    circuit, a, b, met = pairing.circuit, pairing.carried_a, pairing.carried_b, pairing.met
    sites, used, at_output = circuit.sites, pairing.used, pairing.met_at_output
    shapes = [values.shape for values in (a, b, used, met, pairing.partition.sides)]
    if shapes != [(len(circuit.factor_child),)] * 3 + [(circuit.units,), (len(circuit.terminal_dims),)]:
        return {"each factor, unit and site has one entry": False}
    if any(values.dtype.kind != "i" for values in (a, b, met)):
        return {"all are whole numbers": False}
    in_a, in_b = _total(a, circuit.factor_unit, circuit.units), _total(b, circuit.factor_unit, circuit.units)
    out_a, out_b = (
        _total(a, circuit.factor_child, sites + circuit.units),
        _total(b, circuit.factor_child, len(in_a) + sites),
    )
    left_a, left_b = in_a - met - out_a[sites:], in_b - met - out_b[sites:]
    site_on_a = pairing.partition.sides[:sites]
    label_partners = left_b[-1] if pairing.partition.sides[-1] else left_a[-1]
    reached = _reached(pairing)
    return {
        "the base is 2 or more": pairing.base >= 2,
        "no number is negative, or more than any digits": min(a.min(), b.min(), met.min(), at_output) >= 0
        and max(a.max(), b.max(), met.max(), at_output) < 64,
        "factors that are not used carry nothing": not (a[~used].any() or b[~used].any()),
        "units that the output does not depend on pair nothing": not met[~reached].any(),
        "sites of A give digits of A only, sites of B of B": not (
            out_b[:sites][site_on_a].any() or out_a[:sites][~site_on_a].any()
        ),
        "sites give each digit once": bool((out_a + out_b <= _digits(circuit.vertex_dims, pairing.base))[:sites].all()),
        "units have a digit for each item": bool((in_a + in_b - met <= _digits(circuit.unit_dims, pairing.base)).all()),
        "units carry on only what arrived and did not meet": min(left_a.min(), left_b.min()) >= 0,
        "the label pairs only what is left at the output": at_output == 0 or bool(label_partners >= at_output),
        "the label gives each digit once": at_output
        <= int(_digits(np.array([circuit.open_output or 1]), pairing.base)[0]),
    }


def _broken_sum(pairing: Pairing) -> str | None:
    """Of each sum one term is used; a factor that is no sum is its only term."""
    chosen = np.add.reduceat(pairing.used.astype(np.int64), pairing.circuit.factor_pairs[:-1])
    return None if (chosen == 1).all() else "of each sum one term is used"


def _reached(pairing: Pairing) -> IntArray:
    """(units,) whether the output depends on a unit through factors that are used."""
    circuit = pairing.circuit
    reached = np.zeros(circuit.sites + circuit.units, dtype=bool)
    reached[-1] = True
    for level in reversed(circuit.levels):
        factors = circuit.factors_of(level)
        on = pairing.used[factors] & reached[circuit.sites + circuit.factor_unit[factors]]
        reached[circuit.factor_child[factors[on]]] = True
    return reached[circuit.sites :]


def _total(values: IntArray, group: IntArray, groups: int) -> IntArray:
    total = np.zeros(groups, dtype=np.int64)
    np.add.at(total, group, values)
    return total


def _digits(dims: IntArray, base: int) -> IntArray:
    """floor(log_base dim)"""
    distinct, which = np.unique(dims, return_inverse=True)
    digits = [max(k for k in range(int(dim).bit_length()) if base**k <= dim) for dim in distinct.tolist()]
    return np.array(digits, dtype=np.int64)[which]
