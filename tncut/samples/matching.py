"""Demands of data beside the proven intervals of networks: what cannot model the data, what can, what is open."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..circuit import Circuit
from ..errors import MethodError, SpecError
from ..network import Subject, build
from ..partition import Splits
from ..proven import Report, reports
from ..tools.numbers import show_upper
from ..tools.values import check_known
from ..tools.words import brief
from .demand import MEASURES, Demand, Estimate
from .entanglement import DataEntanglement, data_entanglement
from .samples import Samples

CANNOT, CAN, OPEN = "cannot", "can", "open"
SIGMAS = 2  # standard errors that a verdict keeps from the ends


@dataclass(frozen=True, eq=False)
class Match:
    """One network and one partition: the measured demand beside the proven interval of the Schmidt rank."""

    name: str
    demand: Demand
    report: Report
    measure: str

    @property
    def estimate(self) -> Estimate:
        """The demand, in bits, with its error."""
        found: Estimate = getattr(self.demand, self.measure)
        return found

    @property
    def bits_lower(self) -> float:
        """What almost all weights of the network have room for: log2 of the lower end of the Schmidt rank."""
        return math.log2(self.report.rank_lower)

    @property
    def verdict(self) -> str:
        """cannot: no weights have as much entanglement. can: almost all weights have the rank for it. Else open.

        Both by two standard errors. What more samples may lower is never `cannot`, what they may raise never `can`.
        """
        margin = SIGMAS * self.estimate.error
        if self.estimate.bits - margin > self.report.entropy_bound and not self.demand.may_fall:
            return CANNOT
        if self.estimate.bits + margin <= self.bits_lower and not self.demand.may_rise:
            return CAN
        return OPEN

    @property
    def distance(self) -> float:
        """The least relative distance of the samples' tensor to any that the network can represent, by this partition.

        Proven for these samples (Eckart, Young): no tensor of the network's rank is closer.
        """
        return self.demand.distance(min(self.report.rank_bound, len(self.demand.schmidt_values)))

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain data, integers exact."""
        return {
            "name": self.name,
            "partition": self.demand.partition.name,
            "measure": self.measure,
            "demand_bits": self.estimate.bits,
            "demand_error": self.estimate.error if math.isfinite(self.estimate.error) else None,
            "rank_lower": self.report.rank_lower,
            "rank_bound": self.report.rank_bound,
            "verdict": self.verdict,
            "distance": self.distance,
            "warning": self.demand.warning,
        }


@dataclass(frozen=True, eq=False, repr=False)
class Matches(Sequence[Match]):
    """Every network over every partition, the partitions of one network one after another."""

    data: DataEntanglement
    found: tuple[Match, ...]

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, index: Any) -> Any:
        return self.found[index]

    def verdicts(self) -> dict[str, str]:
        """Each network as a whole: cannot, if it cannot over one partition; can, if it can over all."""
        by_name: dict[str, list[str]] = {}
        for match_ in self.found:
            by_name.setdefault(match_.name, []).append(match_.verdict)
        return {
            name: CANNOT if CANNOT in verdicts else CAN if set(verdicts) == {CAN} else OPEN
            for name, verdicts in by_name.items()
        }

    def __repr__(self) -> str:
        whole = ", ".join(f"{brief(name)} {verdict}" for name, verdict in self.verdicts().items())
        return f"<Matches: {whole}>"

    def __str__(self) -> str:
        samples = self.data.samples
        lines = [
            f"{len(samples)} samples, embedding {samples.embedding}: demand measured, ± standard error; "
            "interval of the rank proven; in bits",
            f"{'network':<24} {'partition':<24} {'demand':>18} {'lower':>9} {'upper':>9} verdict",
        ]
        for row in self.found:
            name, split = brief(row.name), brief(row.demand.partition.name or "(none)")
            ends = f"{math.floor(row.bits_lower * 1e4) / 1e4:>9g} {show_upper(row.report.entropy_bound):>9}"
            lines.append(f"{name:<24} {split:<24} {row.estimate!s:>18} {ends} {row.verdict}")
        lines += [f"over all   {brief(name)}: {verdict}" for name, verdict in self.verdicts().items()]
        warned = {demand.partition.name: demand.warning for demand in self.data if demand.warning}
        return "\n".join([*lines, *(f"warning    {brief(name)}: {warning}" for name, warning in warned.items())])


def match(
    data: Samples | DataEntanglement,
    architectures: Subject | Sequence[Subject],
    partitions: Splits = "dyadic",
    *,
    measure: str = "entropy",
) -> Matches:
    """The demand of samples over each partition beside the interval of each network: cannot, can, or open.

    `measure`: entropy, renyi2 or rank, the demand that is compared. `cannot` is proven for the tensor of these samples,
    but for the error of the estimate. `can` is the converse over one partition at a time, a necessary condition: for a
    network without cycles `docs/data.md` has a sufficient one. A network needs the sites of the data with the dimension
    of the embedding, and an open output where the data have a label site; else a SpecError. Partitions are not asked
    for again if the entanglement is given.
    """
    check_known("measure", measure, MEASURES, MethodError)
    nets = [architectures] if isinstance(architectures, Subject) else list(architectures)
    built = [(_name(net, number), fitting(net, data)) for number, net in enumerate(nets)]
    if not built:
        raise MethodError("no architecture is given to match")
    measured = data if isinstance(data, DataEntanglement) else data_entanglement(data, partitions=partitions)
    return Matches(measured, tuple(_rows(measured, built, measure)))


def _rows(measured: DataEntanglement, built: Sequence[tuple[str, Subject]], measure: str) -> Iterator[Match]:
    splits = [demand.partition for demand in measured]
    for name, subject in built:
        for demand, report in zip(measured, reports(subject, splits), strict=True):
            yield Match(name, demand, report, measure)


def _name(net: Subject, number: int) -> str:
    return getattr(net, "name", "") or f"network {number}"


def fitting(net: Subject, data: Samples | DataEntanglement) -> Subject:
    """The circuit or the network of an architecture whose sites are those of the data."""
    samples = data.samples if isinstance(data, DataEntanglement) else data
    if not isinstance(samples, Samples):
        raise MethodError(
            f"type {type(data).__name__} is no data; give tncut.Samples, or what data_entanglement returns"
        )
    subject = build(net)
    label = subject.terminals.label
    dims = (subject.terminal_dims if isinstance(subject, Circuit) else subject.bond_dims[subject.site_bond]).tolist()
    name = _name(net, 0)
    if len(dims) - label != len(samples.site_dims):
        raise SpecError(f"{brief(name)} has {len(dims) - label} sites; the data have {len(samples.site_dims)}")
    if label != samples.label:
        has = "an open output, and the data have no label site" if label else "no open output for the data's label site"
        raise SpecError(f"{brief(name)} has {has}")
    for site, (dim, vectors) in enumerate(zip(dims, samples.vectors, strict=True)):
        if dim != vectors.shape[1]:
            where = "the label" if site == len(samples.site_dims) else f"site {site}"
            raise SpecError(f"{where} of {brief(name)} has dimension {dim}; in the data it has {vectors.shape[1]}")
    return subject
