"""The order in which the pieces of one side are joined, and what that takes, known before anything is computed.

A bond is finished once all that hold it are one piece. Branches that hold no cut bond come first. What is left, the
skeleton between the cut bonds, is finished from far to near a root, one of the cut bonds, and each of them is tried. In
a side with cycles there is one more order: the bond that leaves the smallest piece is next.
"""

import heapq
import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .pieces import block_rows

MOST_ROOTS = 16  # that are tried
SCRATCH = 8  # temporary arrays of one join, each as large as a block of its result


@dataclass(frozen=True)
class Shape:
    """A piece before it is computed."""

    rows: int
    bonds: frozenset[int]


@dataclass(frozen=True)
class Join:
    """Two pieces that become one. Pieces are numbered: those given, then the result of each join."""

    left: int
    right: int
    summed: frozenset[int]


@dataclass(frozen=True)
class Plan:
    """Joins that leave a single piece."""

    joins: tuple[Join, ...]
    result: Shape
    work: int  # multiply-adds
    entries: int  # the most that are held at once


@dataclass(frozen=True)
class SidePlan:
    """The joins of one side: those of each connected part, then those of the parts."""

    parts: tuple[tuple[tuple[int, ...], Plan], ...]  # the numbers of the pieces of a part, and its joins
    last: Plan
    work: int
    entries: int


def plan_side(shapes: Sequence[Shape], dims: Mapping[int, int], cut: frozenset[int]) -> SidePlan:
    """How to join the pieces of one side to one that holds the bonds of the `cut`."""
    parts = []
    for numbers in _parts(shapes, cut):
        parts.append((tuple(numbers), _best_plan([shapes[number] for number in numbers], dims, cut)))
    last = _Joining([plan.result for _, plan in parts], dims, cut)
    last.join_all()
    held = sum(_size(plan.result, dims) for _, plan in parts)
    entries = max([last.entries, *(held + plan.entries for _, plan in parts)])
    return SidePlan(tuple(parts), last.plan(), last.work + sum(plan.work for _, plan in parts), entries)


def _best_plan(shapes: Sequence[Shape], dims: Mapping[int, int], cut: frozenset[int]) -> Plan:
    """The branches of a connected part, then the cheapest of the orders that are tried for its skeleton."""
    first = _Joining(shapes, dims, cut)
    first.join_branches()
    numbers, skeleton = list(first.shapes), list(first.shapes.values())
    if len(skeleton) == 1:
        return first.plan()
    bonds = {bond for shape in skeleton for bond in shape.bonds}
    # Without a cut bond any other one is as good: all of the part becomes a number.
    roots = sorted(bonds & cut, key=lambda bond: -dims[bond])[:MOST_ROOTS] or sorted(bonds)[:1]
    plans = [_rooted(skeleton, dims, cut, root) for root in roots]
    if sum(len(shape.bonds) for shape in skeleton) >= len(skeleton) + len(bonds):
        plans.append(_smallest_first(skeleton, dims, cut))
    return _followed_by(first, numbers, min(plans, key=lambda plan: plan.work))


def _followed_by(first: "_Joining", numbers: list[int], plan: Plan) -> Plan:
    """The joins of a plan for pieces of these numbers, after those that made them."""
    new = range(len(first.now), len(first.now) + len(plan.joins))
    numbers = [*numbers, *new]
    joins = (Join(numbers[step.left], numbers[step.right], step.summed) for step in plan.joins)
    entries = max(first.entries, plan.entries)
    return Plan((*first.joins, *joins), plan.result, first.work + plan.work, entries)


def _rooted(shapes: Sequence[Shape], dims: Mapping[int, int], cut: frozenset[int], root: int) -> Plan:
    """Bonds are finished from far to near the root; the piece nearest to it is joined last."""
    joining = _Joining(shapes, dims, cut)
    nearest: dict[int, int] = {}  # bond -> the piece from which it is reached
    waiting = deque(joining.holders[root])
    reached = set(waiting)
    if root not in cut:
        nearest[root] = waiting[0]
    while waiting:
        piece = waiting.popleft()
        for bond in sorted(shapes[piece].bonds - cut):
            nearest.setdefault(bond, piece)
            new = joining.holders[bond] - reached
            reached |= new
            waiting.extend(sorted(new))
    for bond in reversed(nearest):
        if bond in joining.holders:  # not yet finished with another one
            joining.finish(bond, nearest[bond])
    return joining.plan()


def _smallest_first(shapes: Sequence[Shape], dims: Mapping[int, int], cut: frozenset[int]) -> Plan:
    """The bond whose end leaves the smallest piece is finished next."""
    joining = _Joining(shapes, dims, cut)
    heap = [(joining.size_after(bond), bond) for bond in {bond for shape in shapes for bond in shape.bonds} - cut]
    heapq.heapify(heap)
    while heap:
        size, bond = heapq.heappop(heap)
        if bond not in joining.holders:
            continue
        now = joining.size_after(bond)
        if now > size:
            heapq.heappush(heap, (now, bond))
            continue
        piece = joining.finish(bond)
        for other in joining.shapes[piece].bonds - cut:
            heapq.heappush(heap, (joining.size_after(other), other))
    return joining.plan()


class _Joining:
    """Pieces that are joined one after another, as shapes alone."""

    def __init__(self, shapes: Sequence[Shape], dims: Mapping[int, int], cut: frozenset[int]) -> None:
        self.dims, self.cut = dims, cut
        self.shapes = dict(enumerate(shapes))
        self.holders: dict[int, set[int]] = {}
        for number, shape in self.shapes.items():
            for bond in shape.bonds:
                self.holders.setdefault(bond, set()).add(number)
        self.now = list(range(len(shapes)))  # the piece that each piece has become a part of
        self.joins: list[Join] = []
        self.work = 0
        self.held = self.entries = sum(_size(shape, dims) for shape in shapes)

    def plan(self) -> Plan:
        (result,) = self.shapes.values()
        return Plan(tuple(self.joins), result, self.work, self.entries)

    def finish(self, bond: int, last: int | None = None) -> int:
        """The piece that all that hold a bond become, the smallest joined first, that with the piece `last` last."""
        at_last = None if last is None else self.current(last)
        numbers = self.holders[bond] - {at_last}
        piece = self._join_by_size(numbers) if numbers else at_last
        assert piece is not None
        return piece if at_last in (None, piece) else self.join(piece, at_last)

    def join_branches(self) -> None:
        """Join what hangs from a single bond, as long as there is such a branch."""
        waiting = deque(sorted(self.holders.keys() - self.cut))
        queued = set(waiting)
        while waiting:
            bond = waiting.popleft()
            queued.discard(bond)
            if bond not in self.holders:
                continue
            ends = {number for number in self.holders[bond] if len(self.shapes[number].bonds) == 1}
            others = self.holders[bond] - ends
            if len(others) > 1:
                if len(ends) > 1:
                    self._join_by_size(ends)
                continue
            piece = self.finish(bond, *others)
            new = self.shapes[piece].bonds - self.cut - queued
            waiting.extend(sorted(new))
            queued |= new

    def join_all(self) -> None:
        """Join what is left: pieces with the same bonds, then with the smallest what gives least and shares a bond."""
        alike: dict[frozenset[int], set[int]] = {}
        for number, shape in self.shapes.items():
            alike.setdefault(shape.bonds, set()).add(number)
        for numbers in alike.values():
            self._join_by_size(numbers)
        while len(self.shapes) > 1:
            number = min(self.shapes, key=lambda n: (self._size(n), n))
            near = {other for bond in self.shapes[number].bonds for other in self.holders[bond]} - {number}
            others = near or self.shapes.keys() - {number}
            self.join(number, min(others, key=lambda n: (self._joined(number, n)[1], n)))

    def size_after(self, bond: int) -> int:
        """The size of the piece that all that hold a bond become."""
        if bond not in self.holders:
            return 0
        numbers = self.holders[bond]
        shapes = [self.shapes[number] for number in numbers]
        bonds = frozenset().union(*(shape.bonds for shape in shapes))
        kept = self._product(b for b in bonds if b in self.cut or not self.holders[b] <= numbers)
        return kept * min(kept, math.prod(shape.rows for shape in shapes))

    def current(self, number: int) -> int:
        """The piece that a piece has become a part of."""
        while self.now[number] != number:
            self.now[number] = self.now[self.now[number]]
            number = self.now[number]
        return number

    def join(self, left: int, right: int) -> int:
        """Join two pieces, and count what it takes."""
        shape, size = self._joined(left, right)
        x, y = self.shapes.pop(left), self.shapes.pop(right)
        summed = (x.bonds & y.bonds) - shape.bonds
        columns, rows = self._product(shape.bonds), x.rows * y.rows
        self.work += rows * columns * self._product(summed)
        if rows > columns:
            self.work += 2 * rows * columns * columns
        many, few = max(x.rows, y.rows), min(x.rows, y.rows)
        block = block_rows(many, few, columns) * few + min(columns, rows)
        self.entries = max(self.entries, self.held + SCRATCH * block * columns)
        self.held += size - _size(x, self.dims) - _size(y, self.dims)
        number = len(self.now)
        self.now.append(number)
        self.now[left] = self.now[right] = number
        self.shapes[number] = shape
        for bond in x.bonds | y.bonds:
            self.holders[bond] -= {left, right}
            self.holders[bond].add(number)
        for bond in summed:
            del self.holders[bond]
        self.joins.append(Join(left, right, summed))
        return number

    def _join_by_size(self, numbers: set[int]) -> int:
        heap = [(self._size(number), number) for number in numbers]
        heapq.heapify(heap)
        while len(heap) > 1:
            (_, left), (_, right) = heapq.heappop(heap), heapq.heappop(heap)
            number = self.join(left, right)
            heapq.heappush(heap, (self._size(number), number))
        return heap[0][1]

    def _joined(self, left: int, right: int) -> tuple[Shape, int]:
        """The piece that two become, and its size."""
        x, y = self.shapes[left], self.shapes[right]
        both = {left, right}
        summed = {b for b in x.bonds & y.bonds if b not in self.cut and self.holders[b] == both}
        bonds = (x.bonds | y.bonds) - summed
        columns = self._product(bonds)
        rows = min(x.rows * y.rows, columns)
        return Shape(rows, bonds), rows * columns

    def _size(self, number: int) -> int:
        return _size(self.shapes[number], self.dims)

    def _product(self, bonds: Iterable[int]) -> int:
        return math.prod(self.dims[bond] for bond in bonds)


def _size(shape: Shape, dims: Mapping[int, int]) -> int:
    return shape.rows * math.prod(dims[bond] for bond in shape.bonds)


def _parts(shapes: Sequence[Shape], cut: frozenset[int]) -> list[list[int]]:
    """The pieces in groups that share no bonds but those of the cut."""
    holders: dict[int, list[int]] = {}
    for number, shape in enumerate(shapes):
        for bond in shape.bonds - cut:
            holders.setdefault(bond, []).append(number)
    seen: set[int] = set()
    parts = []
    for start in range(len(shapes)):
        if start in seen:
            continue
        seen.add(start)
        part = [start]
        for number in part:  # grows while it is walked through
            for bond in shapes[number].bonds - cut:
                new = [other for other in holders.pop(bond, ()) if other not in seen]
                seen.update(new)
                part.extend(new)
        parts.append(part)
    return parts
