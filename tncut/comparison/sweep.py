"""A sweep: the architectures, partitions, measures and seeds of a comparison, from a TOML file or from arguments."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..errors import SpecError
from ..formats import load
from ..formats.variations import values_by_path, variations
from ..network import Specified
from ..tailoring import Tailored, Trimmed
from ..tools.files import read_text
from ..tools.within import within
from ..tools.words import counted, nearest, shown
from ..training import Training
from .measures import GROUPS, known_measure

LISTS = ("architectures", "partitions", "measures", "seeds")
KEYS = (*LISTS, "grid", "training")


@dataclass(frozen=True, kw_only=True, repr=False)
class Sweep:
    """Every architecture over every partition, in every measure; what draws weights, with every seed.

    The architectures have names, all different; what `tailor` and `trim` found stands for its architecture.
    `partitions` are texts as `Partition.parse_all` takes them.
    `measures`: rank_bound, rank_lower, symmetric_bound, entropy, exact_rank, parameters, shared_parameters,
    multiply_adds; interval stands for the first two, cost for parameters and multiply_adds. Four more train the network
    on a task (see `make_task`) with data and weights drawn by the seed: train_accuracy:TASK, test_accuracy:TASK,
    initial_entropy:TASK and trained_entropy:TASK. `training` says how.
    """

    architectures: tuple[Specified, ...]
    partitions: tuple[str, ...] = ()
    measures: tuple[str, ...] = ("interval",)
    seeds: tuple[int, ...] = (0,)
    training: Training = field(default_factory=Training)

    def __post_init__(self) -> None:
        for key in ("architectures", "partitions", "measures", "seeds"):
            object.__setattr__(self, key, _listed(key, getattr(self, key)))
        found = [arch.architecture if isinstance(arch, Tailored | Trimmed) else arch for arch in self.architectures]
        object.__setattr__(self, "architectures", tuple(found))
        _check_texts("partitions", self.partitions)
        _check_texts("measures", self.measures)
        _check_seeds(self.seeds)
        if not isinstance(self.training, Training):
            raise SpecError(f"training is {shown(self.training)}; it must be a tncut.Training")
        self._check_names()
        object.__setattr__(self, "measures", _expanded(self.measures))
        for measure in self.measures:
            if known_measure(measure).over_partition and not self.partitions:
                raise SpecError(f"partitions: none are given, and {measure} needs one; write for example odd-even")

    def _check_names(self) -> None:
        if not self.architectures:
            raise SpecError("architectures: none are given; list names of the gallery, or files")
        names: dict[str, Specified] = {}
        for number, arch in enumerate(self.architectures):
            key = f"architectures[{number}]"
            if not isinstance(arch, Specified):
                raise SpecError(f"{key}: {type(arch).__name__} is no architecture, such as a ConvAC")
            if not arch.name:
                raise SpecError(f"{key}: it has no name; give it one, to be told from the others")
            if arch.name in names:
                same = "is listed twice" if arch == names[arch.name] else "is the name of two different ones"
                raise SpecError(f"{key}: {shown(arch.name)} {same}")
            names[arch.name] = arch

    def __repr__(self) -> str:
        architectures, seeds = counted(len(self.architectures), "architecture"), counted(len(self.seeds), "seed")
        partitions = counted(len(self.partitions), "partition name")
        return f"<Sweep: {architectures}, {partitions}, {', '.join(self.measures)}, {seeds}>"


def load_sweep(path: Path | str) -> Sweep:
    """The sweep in a TOML file; files that it names lie beside it.

    `architectures`: gallery names and files. `[grid]`: a list of values for any key of a specification, such as
    `layers.0.channels = [4, 8]`; all combinations of them replace each architecture of the list, or are added to it,
    made of the one that the key `base` names. Several grids are written [[grid]]. `[training]`: fields of `Training`.
    """
    if not isinstance(path, str | Path):
        raise SpecError(f"{shown(path)} is no sweep; give the name of its TOML file")
    path = Path(path)
    text = read_text(path)
    with within(path):
        return _from_table(_table(text), path.parent)


def is_sweep(source: str) -> bool:
    """Whether an argument is a file with a sweep, not a specification."""
    if Path(source).suffix != ".toml":
        return False
    try:
        table = _table(read_text(Path(source)))
    except SpecError:
        return False
    return "kind" not in table and any(key in table for key in KEYS)


def make_sweep(
    sources: Sequence[str | Specified],
    *,
    grids: Iterable[Mapping[str, Any]] = (),
    folder: Path | None = None,
    **lists: Sequence[Any],
) -> Sweep:
    """A sweep over gallery names, files, architectures with a name, and grids; `lists` as in `Sweep`.

    Files that are not absolute lie in `folder`.
    """
    sources = _listed("architectures", sources)
    listed = [_loaded(f"architectures[{number}]", source, folder) for number, source in enumerate(sources)]
    added: list[Specified] = []
    for grid in grids:
        if not isinstance(grid, Mapping):
            raise SpecError(f"grid is {shown(grid)}; it must be a table of lists, [grid] in TOML")
        values = values_by_path({key: value for key, value in grid.items() if key != "base"})
        if not values:
            raise SpecError("grid: no key is given; write for example layers.0.channels = [4, 8, 16]")
        if "base" in grid:
            added += variations(_loaded("grid key 'base'", grid["base"], folder), values)
        else:
            listed = [variation for base in listed for variation in variations(base, values)]
    if "partitions" in lists:
        lists["partitions"] = [_in_folder(text, folder) for text in _listed("partitions", lists["partitions"])]
    return Sweep(architectures=(*listed, *added), **lists)  # type: ignore[arg-type]


def _listed(key: str, values: object) -> tuple[Any, ...]:
    """A list as it was given; text is none, though Python would take it letter by letter."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise SpecError(f"{key} is {shown(values)}; it must be a list, such as [{shown(values)}]")
    return tuple(values)


def _table(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (RecursionError, ValueError) as error:
        raise SpecError(f"not valid TOML: {(str(error).splitlines() or ['nested too deeply'])[0]}") from None


def _from_table(table: dict[str, Any], folder: Path) -> Sweep:
    for key in table:
        if key not in KEYS:
            raise SpecError(f"unknown key {shown(key)}; {nearest(key, KEYS)}")
    lists: dict[str, Any] = {key: table[key] for key in LISTS if key in table}
    for key, value in lists.items():
        if not isinstance(value, list) or not value:
            raise SpecError(f"{key} is {shown(value)}; it must be a list, not empty")
    grids = table.get("grid", [])
    if "training" in table:
        if not isinstance(table["training"], dict):
            raise SpecError(f"training is {shown(table['training'])}; it must be a table, [training] in TOML")
        lists["training"] = Training.from_table(table["training"])
    return make_sweep(
        lists.pop("architectures", []), grids=grids if isinstance(grids, list) else [grids], folder=folder, **lists
    )


def _loaded(key: str, source: object, folder: Path | None) -> Specified:
    """An architecture with a name: its own, or that of its file."""
    if isinstance(source, Specified):
        return source
    if not isinstance(source, str):
        raise SpecError(f"{key} is {shown(source)}; it must be the name of an architecture, or of a file")
    name = str(folder / source) if folder and Path(source).suffix in (".toml", ".json") else source
    with within(key):
        arch = load(name)
    return arch if arch.name else replace(arch, name=Path(source).stem)  # type: ignore[type-var]


def _in_folder(text: object, folder: Path | None) -> object:
    """A partition; the file of a mask lies in the folder."""
    if not isinstance(text, str) or not folder or not text.startswith("mask:"):
        return text
    return f"mask:{folder / text.removeprefix('mask:')}"


def _check_texts(key: str, texts: tuple[Any, ...]) -> None:
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise SpecError(f"{key}[{number}] is {shown(text)}; it must be text")
        if text in texts[:number]:
            raise SpecError(f"{key}[{number}]: {shown(text)} is given twice")


def _check_seeds(seeds: tuple[Any, ...]) -> None:
    for number, seed in enumerate(seeds):
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
            raise SpecError(f"seeds[{number}] is {shown(seed)}; it must be an integer from 0 to 2^63 - 1")
        if seed in seeds[:number]:
            raise SpecError(f"seeds[{number}]: {seed} is given twice")


def _expanded(measures: tuple[str, ...]) -> tuple[str, ...]:
    """The measures named, each once; the measures of a group stand where the group is named."""
    for number, measure in enumerate(measures):
        if measure not in GROUPS:
            with within(f"measures[{number}]"):
                known_measure(measure)
    if not measures:
        raise SpecError("measures: none are given; write for example interval")
    return tuple(dict.fromkeys(name for measure in measures for name in GROUPS.get(measure, (measure,))))
