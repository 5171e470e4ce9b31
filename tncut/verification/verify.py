"""A bound held against measurements: contraction, Schmidt values, and the exact rank of weights."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..circuit import Circuit
from ..errors import SizeError
from ..network import Subject
from ..oracle import ENGINES, ExactRank, Spectrum, Weights, coefficient_tensor, matricization
from ..oracle.contract import MOST_TERMINALS
from ..oracle.entanglement import entropy, geometric_measure
from ..oracle.networks import contract_by_opt_einsum, network_matrix
from ..oracle.rank import QUICK_WORK
from ..partition import Split
from ..proven import LowerBound, Report, bound
from ..proven.prepared import prepare
from ..tools.numbers import show_integer
from .certificates import CertificateCheck, check_certificates
from .cut_subject import CUT, SMALL, CutSubject, measured_rank
from .drawn import Drawn, Given


@dataclass(frozen=True, eq=False)
class Contraction:
    """The coefficient tensor of one draw of weights in floats: how far engines differ, and its entanglement."""

    disagreement: dict[str, float]  # engine -> largest difference from the reference, of the largest entry
    schmidt_values: NDArray[np.float64]
    reference: str = "forward evaluation"

    @property
    def entropy_bits(self) -> float:
        return entropy(self.schmidt_values)

    @property
    def geometric_measure(self) -> float:
        return geometric_measure(self.schmidt_values)


@dataclass(frozen=True, eq=False, repr=False)
class Verification:
    """A report, whose lower end the exact rank may have raised, beside what was measured."""

    report: Report
    weights: str
    exact: ExactRank
    contraction: Contraction | None  # of the full tensor; None: not asked for, or too large
    certificates: tuple[CertificateCheck, ...]  # of the lower end
    spectrum: Spectrum | None = None  # by the cut, at any size; None: not asked for, or too large
    unmeasured: str = ""  # why there are no Schmidt values, if they were asked for

    @property
    def schmidt_values(self) -> NDArray[np.float64] | None:
        """Normalised, so that their squares add up to 1; None if they were not asked for."""
        if self.contraction is not None:
            return _normalised(self.contraction.schmidt_values)
        return None if self.spectrum is None else self.spectrum.values

    @property
    def holds(self) -> bool:
        """Whether the measurements respect both ends; anything else would be an error of tncut."""
        return self.exact.rank <= self.report.rank_bound and all(found.holds for found in self.certificates)

    def __repr__(self) -> str:
        least = "" if self.exact.complete else "at least "
        bound = f"bound {show_integer(self.report.rank_bound)} {'holds' if self.holds else 'is violated'}"
        return f"<Verification: exact rank {least}{self.exact.rank} of {self.weights} weights, {bound}>"

    def to_dict(self) -> dict[str, Any]:
        """The report and all that was measured, as plain data, integers exact."""
        measured: dict[str, Any] = {
            "weights": self.weights,
            "exact_rank": vars(self.exact) | {"shape": list(self.exact.shape)},
            "bound_holds": self.holds,
        }
        if self.unmeasured:
            measured["unmeasured"] = self.unmeasured
        if self.certificates:
            measured["certificates"] = [found.to_dict() for found in self.certificates]
        if self.schmidt_values is not None:
            measured |= {
                "entropy_bits": entropy(self.schmidt_values),
                "geometric_measure": geometric_measure(self.schmidt_values),
                "schmidt_values": self.schmidt_values.tolist(),
            }
        if self.contraction is not None:
            measured["disagreement"] = self.contraction.disagreement
        return self.report.to_dict() | {"measured": measured}

    def __str__(self) -> str:
        exact = self.exact
        least = "" if exact.complete else "at least "
        lines = [
            str(self.report),
            f"measured   exact rank {least}{exact.rank} of {self.weights} weights modulo {exact.prime}, "
            f"seed {exact.seed}, by {exact.method}, {exact.shape[0]} x {exact.shape[1]}",
        ]
        lines += [f"proof      {found}" for found in self.certificates]
        if self.schmidt_values is not None:
            lines.append(
                f"measured   entropy {entropy(self.schmidt_values):.9f} bits, geometric measure "
                f"{geometric_measure(self.schmidt_values):.9f}, {self.weights} weights in floats"
            )
        lines += self._method_lines()
        lines.append(f"bound      {'holds' if self.holds else 'IS VIOLATED: an error of tncut'}")
        return "\n".join(lines)

    def _method_lines(self) -> list[str]:
        """How the Schmidt values were found, and how far the ways differ."""
        if self.contraction is None:
            if self.spectrum is None:
                return [f"measured   no Schmidt values: {self.unmeasured}"] if self.unmeasured else []
            chi = show_integer(self.spectrum.chi)
            return [f"measured   {len(self.spectrum.values)} Schmidt values by contraction towards a cut of {chi}"]
        lines = [
            f"measured   contraction by {engine} is {self.contraction.reference} "
            f"within {difference:.0e} of the largest entry"
            for engine, difference in self.contraction.disagreement.items()
        ]
        if self.spectrum is not None:
            difference = _largest_difference(self.spectrum.values, _normalised(self.contraction.schmidt_values))
            lines.append(f"measured   Schmidt values by the cut are those of the full tensor within {difference:.0e}")
        return lines


def verify(
    architecture: Subject,
    partition: Split,
    *,
    weights: Given = None,
    seed: int = 0,
    shared: bool = False,
    contract: bool = True,
    memory_limit: int | None = None,
    work_limit: int = QUICK_WORK,
) -> Verification:
    """Hold the bound against one set of weights: their exact rank, and (`contract`) their Schmidt values, at any size.

    `weights` are as in `measure`: a kind to draw with this seed, a file, arrays, or `oracle.Weights`; those of a tensor
    network that holds arrays are these. The rank modulo a prime never exceeds the generic rank, so it is a proven lower
    end. The certificates of the report's lower end are checked by their rules, and the exact ranks of their own weights
    are measured. A full tensor of up to 2^22 entries is contracted by two engines, that of a circuit compared with
    forward evaluation; its Schmidt values, and those by the cut, give the entropies. A larger network is contracted
    towards its cut alone; `unmeasured` says so if that would not fit `memory_limit` bytes (default: a quarter of the
    free memory), and the rank is measured all the same. A rank by probes takes as many as `work_limit` multiply-adds
    allow, by default some ten seconds of them; it is said where that leaves the rank open.
    """
    prepared = prepare(architecture)
    drawn = Drawn.of(prepared.built, weights, seed=seed, shared=shared, memory_limit=memory_limit)
    report = bound(architecture, partition, shared=drawn.are_shared)
    cut = CutSubject(prepared, report.partition, report.upper)
    contraction, found, unmeasured = _schmidt(report, cut, drawn, memory_limit) if contract else (None, None, "")
    of_circuit = isinstance(prepared.built, Circuit)
    certificates = check_certificates(report, memory_limit=memory_limit) if of_circuit else ()
    exact = measured_rank(cut, drawn, memory_limit=memory_limit, work_limit=work_limit)
    if exact.rank > report.rank_lower and drawn.are_generic:
        of_seed = "" if drawn.seed is None else f", seed {drawn.seed}"
        source = f"exact rank of {drawn.kind} weights, prime {exact.prime}{of_seed}"
        report = replace(report, lower=LowerBound(exact.rank, "exact rank", source))
    return Verification(report, drawn.kind, exact, contraction, certificates, found, unmeasured)


def _schmidt(
    report: Report, cut: CutSubject, drawn: Drawn, memory_limit: int | None
) -> tuple[Contraction | None, Spectrum | None, str]:
    """The full tensor where it is small, with the values by the cut where the network has no cycles; or those alone.

    If neither fits, why.
    """
    small = len(report.partition) <= MOST_TERMINALS and math.prod(cut.dims) <= SMALL
    try:
        contraction = _contract(report, drawn, memory_limit) if small else None
        found, method = cut.spectrum(drawn.floats, memory_limit=memory_limit)
    except SizeError as error:
        return None, None, str(error)
    return contraction, found if method == CUT or not small else None, ""


def _contract(report: Report, drawn: Drawn, memory_limit: int | None) -> Contraction:
    """The full tensor of a circuit or of a tensor network, in two ways at least."""
    if isinstance(drawn.floats, Weights):
        return _contract_circuit(report, drawn.floats, memory_limit)
    network, split = report.unfolded_cut.network, report.partition
    matrix = network_matrix(network, drawn.floats, split, memory_limit=memory_limit)
    other = contract_by_opt_einsum(network, drawn.floats, split)
    apart = float(np.abs(matrix - other).max()) / (float(np.abs(matrix).max()) or 1.0)
    return Contraction({"opt_einsum": apart}, np.linalg.svd(matrix, compute_uv=False), "contraction pair by pair")


def _contract_circuit(report: Report, weights: Weights, memory_limit: int | None) -> Contraction:
    split = report.partition
    forward = matricization(weights, split, memory_limit=memory_limit)
    scale = float(np.abs(forward).max()) or 1.0
    disagreement = {}
    for engine in ENGINES if report.cut is not None else ():
        try:
            tensor = coefficient_tensor(report.unfolded_cut.network, weights, engine=engine, memory_limit=memory_limit)
        except SizeError:  # forward evaluation needs less
            continue
        matrix = tensor.transpose(*split.sites_a, *split.sites_b).reshape(forward.shape)
        disagreement[engine] = float(np.abs(matrix - forward).max()) / scale
    return Contraction(disagreement, np.linalg.svd(forward, compute_uv=False))


def _normalised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return Spectrum.of(values, chi=len(values)).values


def _largest_difference(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    length = max(len(first), len(second))
    padded = (np.pad(values, (0, length - len(values))) for values in (first, second))
    return float(np.abs(np.subtract(*padded)).max())
