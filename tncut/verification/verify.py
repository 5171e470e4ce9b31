"""A bound held against measurements: contraction, Schmidt values, and the exact rank of drawn weights."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import SizeError
from ..network import Subject, TensorNetwork, build
from ..oracle import ENGINES, ExactRank, Floats, Weights, coefficient_tensor, draw_weights, exact_rank, matricization
from ..oracle.entanglement import entropy, geometric_measure
from ..oracle.networks import GIVEN, RANDOM, SHARED, contract_by_opt_einsum, default_kind, draw_tensors, network_matrix
from ..partition import Split
from ..proven import LowerBound, Report, bound
from ..tools.numbers import show_integer
from .certificates import CertificateCheck, check_certificates

RANK_ONLY = "contract=False, or --rank-only, measures the rank without the full tensor"


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
    contraction: Contraction | None  # None: not asked for
    certificates: tuple[CertificateCheck, ...]  # of the lower end

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
        if self.certificates:
            measured["certificates"] = [found.to_dict() for found in self.certificates]
        if self.contraction is not None:
            measured |= {
                "entropy_bits": self.contraction.entropy_bits,
                "geometric_measure": self.contraction.geometric_measure,
                "schmidt_values": self.contraction.schmidt_values.tolist(),
                "disagreement": self.contraction.disagreement,
            }
        return self.report.to_dict() | {"measured": measured}

    def __str__(self) -> str:
        exact, contraction = self.exact, self.contraction
        least = "" if exact.complete else "at least "
        lines = [
            str(self.report),
            f"measured   exact rank {least}{exact.rank} of {self.weights} weights modulo {exact.prime}, "
            f"seed {exact.seed}, by {exact.method}, {exact.shape[0]} x {exact.shape[1]}",
        ]
        lines += [f"proof      {found}" for found in self.certificates]
        if contraction is not None:
            lines.append(
                f"measured   entropy {contraction.entropy_bits:.9f} bits, geometric measure "
                f"{contraction.geometric_measure:.9f}, {self.weights} weights in floats"
            )
            lines += [
                f"measured   contraction by {engine} is {contraction.reference} "
                f"within {difference:.0e} of the largest entry"
                for engine, difference in contraction.disagreement.items()
            ]
        lines.append(f"bound      {'holds' if self.holds else 'IS VIOLATED: an error of tncut'}")
        return "\n".join(lines)


def verify(
    architecture: Subject,
    partition: Split,
    *,
    weights: str | None = None,
    seed: int = 0,
    contract: bool = True,
    memory_limit: int | None = None,
) -> Verification:
    """Hold the bound against one draw of weights: its exact rank, and (`contract`) its full coefficient tensor.

    The rank modulo a prime never exceeds the generic rank, so it is a proven lower end. The certificates of the
    report's lower end are checked by their rules, and the exact ranks of their own weights are measured. The tensor is
    contracted by two engines and compared with forward evaluation; its Schmidt values give the entropies. `weights` are
    random if not given; those of a tensor network that holds arrays are these. A SizeError if either would not fit
    `memory_limit` bytes (default: a quarter of the free memory).
    """
    built = build(architecture)
    kind = weights or (default_kind(built) if isinstance(built, TensorNetwork) else RANDOM)
    report = bound(architecture, partition, shared=kind == "shared")
    if isinstance(built, TensorNetwork):
        return _verify_network(built, report, kind, seed, contract, memory_limit)
    circuit, split = built, report.partition
    contraction = None
    if contract:
        drawn = draw_weights(circuit, kind, field=Floats(), seed=seed, memory_limit=memory_limit)
        try:
            contraction = _contract(report, drawn, memory_limit)
        except SizeError as error:
            raise SizeError(f"{error}; {RANK_ONLY}") from None
    certificates = check_certificates(report, memory_limit=memory_limit)
    exact = exact_rank(circuit, split, seed=seed, weights=kind, memory_limit=memory_limit)
    return Verification(_raised(report, exact, kind), kind, exact, contraction, certificates)


def _raised(report: Report, exact: ExactRank, kind: str) -> Report:
    """The report with the lower end that an exact rank proves, if it is more."""
    if exact.rank <= report.rank_lower:
        return report
    source = f"exact rank of {kind} weights, prime {exact.prime}, seed {exact.seed}"
    return replace(report, lower=LowerBound(exact.rank, "exact rank", source))


def _verify_network(
    network: TensorNetwork, report: Report, kind: str, seed: int, contract: bool, memory_limit: int | None
) -> Verification:
    """A tensor network: its matrix contracted pair by pair and by opt_einsum, and its exact rank."""
    split, contraction = report.partition, None
    if contract:
        drawn = draw_tensors(network, kind, field=Floats(), seed=seed, memory_limit=memory_limit)
        try:
            matrix = network_matrix(network, drawn, split, memory_limit=memory_limit)
            other = contract_by_opt_einsum(network, drawn, split)
        except SizeError as error:
            raise SizeError(f"{error}; {RANK_ONLY}") from None
        apart = float(np.abs(matrix - other).max()) / (float(np.abs(matrix).max()) or 1.0)
        values = np.linalg.svd(matrix, compute_uv=False)
        contraction = Contraction({"opt_einsum": apart}, values, "contraction pair by pair")
    exact = exact_rank(network, split, seed=seed, weights=kind, memory_limit=memory_limit)
    # Random tensors say nothing of tensors that are given, and independent ones nothing of those that are the same.
    is_generic = network.arrays is None and (network.free or (kind == SHARED and network.shares_tensors))
    proves = kind == GIVEN or is_generic
    return Verification(_raised(report, exact, kind) if proves else report, kind, exact, contraction, ())


def _contract(report: Report, drawn: Weights, memory_limit: int | None) -> Contraction:
    split = report.partition
    forward = matricization(drawn, split, memory_limit=memory_limit)
    scale = float(np.abs(forward).max()) or 1.0
    disagreement = {}
    for engine in ENGINES if report.cut is not None else ():
        tensor = coefficient_tensor(report.unfolded_cut.network, drawn, engine=engine, memory_limit=memory_limit)
        matrix = tensor.transpose(*split.sites_a, *split.sites_b).reshape(forward.shape)
        disagreement[engine] = float(np.abs(matrix - forward).max()) / scale
    return Contraction(disagreement, np.linalg.svd(forward, compute_uv=False))
