"""Sweeps: what they name, their grids, their cells, and one clear line for each mistake."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from tncut.architectures import ConvAC
from tncut.comparison import Sweep, compare, load_sweep, make_sweep, preview
from tncut.comparison.measures import ALGORITHM, MEASURES
from tncut.comparison.plan import OPTIONS, canonical, digest, plan_of
from tncut.errors import SizeError, TncutError
from tncut.formats import load, save_spec, spec_table

SPLITS = ["odd-even", "left-right", "0-2"]


def write(path, text):
    path.write_text(text)
    return path


def test_a_grid_is_the_product_of_its_values(tmp_path):
    text = """
    partitions = ["odd-even"]
    [grid]
    base = "deep-16"
    layers.0.channels = [2, 4, 8]
    layers.3.channels = [3, 5]
    """
    sweep = load_sweep(write(tmp_path / "sweep.toml", text))
    points = {arch.name: spec_table(arch)["layers"] for arch in sweep.architectures}
    expected = itertools.product([2, 4, 8], [3, 5])
    assert list(points) == [f"deep-16 layers.0.channels={a} layers.3.channels={b}" for a, b in expected]
    for (a, b), layers in zip(itertools.product([2, 4, 8], [3, 5]), points.values(), strict=True):
        assert [layer["channels"] for layer in layers] == [a, 8, 8, b]


def test_a_star_stands_for_all_layers_and_a_key_may_be_one_that_the_base_leaves_out():
    grid = {"layers": {"*": {"channels": [3]}}, "open_output": [2]}
    (arch,) = make_sweep(["deep-16"], grids=[grid], partitions=["odd-even"]).architectures
    assert [layer.channels for layer in arch.layers] == [3, 3, 3, 3]
    assert arch.open_output == 2
    assert arch.name == "deep-16 layers.*.channels=3 open_output=2"


def test_a_grid_with_a_base_is_added_and_one_without_varies_the_list():
    grids = [{"site_dim": [2, 3]}, {"base": "shallow-16", "layers": {"0": {"channels": [4]}}}]
    names = [arch.name for arch in make_sweep(["deep-16", "ghz-6"], grids=grids, partitions=["odd-even"]).architectures]
    varied = [f"{name} site_dim={dim}" for name in ("deep-16", "ghz-6") for dim in (2, 3)]
    assert names == [*varied, "shallow-16 layers.0.channels=4"]


def test_files_lie_beside_the_sweep_and_give_their_names(tmp_path, monkeypatch):
    save_spec(replace(load("deep-16"), name=""), tmp_path / "mine.toml")
    (tmp_path / "half.txt").write_text("01" * 8)
    sweep = write(tmp_path / "sweep.toml", 'architectures = ["mine.toml"]\npartitions = ["mask:half.txt"]')
    monkeypatch.chdir("/")
    assert [arch.name for arch in load_sweep(sweep).architectures] == ["mine"]
    before = plan_of(load_sweep(sweep)).jobs[0]
    (tmp_path / "half.txt").write_text("10" * 8)
    after = plan_of(load_sweep(sweep)).jobs[0]
    assert np.frombuffer(after.sides, dtype=bool).tolist() == [True, False] * 8
    assert after.partition != before.partition  # a changed mask is another partition, not another value of the same
    assert not set(after.keys) & set(before.keys)


@pytest.mark.parametrize("seeds", [(0,), (0, 1, 5)])
def test_cells_are_the_product_of_what_a_measure_depends_on(seeds):
    sweep = make_sweep(["deep-16", "shallow-16"], partitions=SPLITS, measures=list(MEASURES), seeds=seeds)
    plan = plan_of(sweep)
    found = [(job.architecture, job.partition, measure, job.seed) for job in plan.jobs for measure in job.measures]
    expected = {
        (name, split, measure, seed)
        for name in ("deep-16", "shallow-16")
        for measure, kind in MEASURES.items()
        for split in (SPLITS if kind.over_partition else [""])
        for seed in (seeds if kind.seeded else [None])
    }
    assert set(found) == expected
    assert {(name, *rest) for name, _, *rest in plan.identities} == expected
    assert len(found) == len(expected) == plan.cells
    keys = [key for job in plan.jobs for key in job.keys]
    assert len(set(keys)) == len(keys)


def test_keys_depend_on_everything_that_a_row_says_and_on_nothing_else():
    base = {"partitions": ["odd-even"], "measures": ["entropy"], "seeds": [0]}

    def keys(source="deep-16", **changes):
        return {key for job in plan_of(make_sweep([source], **base | changes)).jobs for key in job.keys}

    assert keys() == keys()
    assert keys() <= keys(partitions=["left-right", "odd-even"], measures=["interval", "entropy"], seeds=[1, 0])
    for changes in ({"partitions": ["0-2"]}, {"measures": ["exact_rank"]}, {"seeds": [1]}, {"source": "wide-tip-16"}):
        assert not keys() & keys(**changes)
    wider = Sweep(architectures=(replace(load("deep-16"), site_dim=5),), **base)
    assert not keys() & {key for job in plan_of(wider).jobs for key in job.keys}


def test_a_key_is_the_digest_of_all_that_tells_a_cell_from_others():
    for job in plan_of(make_sweep(["deep-16"], partitions=SPLITS, measures=list(MEASURES), seeds=[0, 7])).jobs:
        for measure, key in zip(job.measures, job.keys, strict=True):
            cell = {
                "spec": digest(job.spec),
                "partition": {"name": job.partition, "sides": digest(job.sides)},
                "measure": measure,
                "options": OPTIONS.get(measure, {}),
                "seed": job.seed,
                "algorithm": ALGORITHM,
            }
            assert key == digest(canonical(cell))


def test_families_name_several_partitions_each_once():
    plan = plan_of(make_sweep(["tree-8"], partitions=["canonical", "alternating:2", "all"], measures=["rank_bound"]))
    names = [job.partition for job in plan.jobs]
    assert len(names) == len(set(names)) == plan.partitions
    assert {"alternating:1", "alternating:2", "alternating:4"} < set(names)
    assert len(names) == 3 + 2**7


GOOD = 'architectures = ["deep-16"]\npartitions = ["odd-even"]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = = 1", "sweep.toml: not valid TOML: Invalid value (at line 1"),
        ('partitions = ["odd-even"]', "architectures: none are given"),
        (GOOD.replace("deep-16", "deep-17"), "architectures[0]: there is no architecture 'deep-17'"),
        (GOOD.replace("deep-16", "none.toml"), "architectures[0]: cannot read"),
        (GOOD.replace('"deep-16"', "3"), "architectures[0] is 3; it must be"),
        (GOOD.replace('"deep-16"', '"deep-16", "deep-16"'), "architectures[1]: 'deep-16' is listed twice"),
        (GOOD.replace('"deep-16"', ""), "architectures is []; it must be a list, not empty"),
        (GOOD.replace("odd-even", "oddeven"), "partitions[0], for architecture 'deep-16': unknown partition 'oddeven'"),
        (GOOD.replace("odd-even", "0-16"), "no site 16"),
        (GOOD.replace("odd-even", "top-bottom"), "top-bottom needs a grid of two axes"),
        (GOOD.replace('["odd-even"]', '"odd-even"'), "partitions is 'odd-even'; it must be a list"),
        (GOOD.replace('"odd-even"', "7"), "partitions[0] is 7; it must be text"),
        (GOOD.replace('"odd-even"', '"0", "0"'), "partitions[1]: '0' is given twice"),
        (GOOD.replace("partitions", "partition"), "unknown key 'partition'; did you mean 'partitions'?"),
        ('architectures = ["deep-16"]', "partitions: none are given, and rank_bound needs one"),
        (GOOD + 'measures = ["rank_bond"]', "measures[0]: unknown 'rank_bond'; did you mean 'rank_bound'?"),
        (GOOD + "seeds = [-1]", "seeds[0] is -1; it must be an integer from 0"),
        (GOOD + "seeds = [true]", "seeds[0] is True; it must be an integer"),
        (GOOD + "seeds = [1, 1]", "seeds[1]: 1 is given twice"),
        (GOOD + "grid = 3", "grid is 3; it must be a table"),
        (GOOD + "[grid]\nlayers.4.channels = [2]", "'layers.4.channels' leads nowhere at '4'; write 0 to 3, or *"),
        (
            GOOD + "[grid]\nlayer.0.channels = [2]",
            "'layer.0.channels' leads nowhere at 'layer'; its keys are name, kind",
        ),
        (GOOD + "[grid]\nlayers.0.channels.x = [2]", "leads nowhere at 'x'; there is 8"),
        (GOOD + "[grid]\nlayers.0.chanels = [2]", "layers[0]: unknown key 'chanels'; did you mean 'channels'?"),
        (GOOD + '[grid]\nlayers.0.channels = ["two"]', "channels is 'two'; it must be an integer"),
        (GOOD + "[grid]\nlayers.0.channels = [1979-05-27]", "channels is '1979-05-27'; it must be an integer"),
        (GOOD + "[grid]\nlayers.0.channels = [nan]", "channels is nan; it must be an integer"),
        (GOOD + "[grid]\nlayers.0.channels = 2", "grid key 'layers.0.channels' is 2; it must be a list"),
        (GOOD + "[grid]\nsites = [16, 32]", "grid point deep-16 sites=32: the last layer leaves 2 locations"),
        (GOOD + '[grid]\nbase = "deep-16"', "grid: no key is given"),
        (GOOD + '[grid]\nbase = ["deep-16"]\nsites = [16]', "grid key 'base' is ['deep-16']; it must be the name"),
    ],
)
def test_mistakes_are_one_line_that_names_file_key_and_value_before_anything_is_written(tmp_path, text, message):
    path = write(tmp_path / "sweep.toml", text)
    for call in (preview, compare):
        with pytest.raises(TncutError) as error:
            call(path, tmp_path / "results.db")
        assert message in str(error.value)
        assert str(error.value).startswith(f"{path}: ")
        assert "\n" not in str(error.value)
    assert [entry.name for entry in tmp_path.iterdir()] == ["sweep.toml"]


def test_sweeps_in_python_are_checked_like_files():
    arch = ConvAC.deep(sites=4, site_dim=2, channels=(2, 2))
    with pytest.raises(TncutError, match="it has no name"):
        Sweep(architectures=(arch,), partitions=("odd-even",))
    with pytest.raises(TncutError, match="the name of two different ones"):
        Sweep(architectures=(replace(arch, name="a"), replace(arch, name="a", site_dim=3)), partitions=("odd-even",))
    with pytest.raises(TncutError, match="str is no architecture"):
        Sweep(architectures=("deep-16",), partitions=("odd-even",))


def test_sweeps_beyond_the_limit_are_refused_before_they_are_built():
    with pytest.raises(SizeError, match="the grid has 1000000000 points"):
        make_sweep(["deep-16"], grids=[{f"layers.{k}.channels": list(range(1, 1001)) for k in range(3)}])
    with pytest.raises(SizeError, match="2\\^63 splits"):
        plan_of(make_sweep(["deep-64"], partitions=["all"]))
    with pytest.raises(SizeError, match="more than 1048576 cells"):
        plan_of(make_sweep(["deep-16"], partitions=["all"], measures=["entropy"], seeds=range(40)))


@pytest.mark.parametrize("key", ["architectures", "partitions", "measures", "seeds"])
@pytest.mark.parametrize("value", ["odd-even", b"12", 5])
def test_what_is_no_list_is_refused_not_read_letter_by_letter(key, value):
    lists = {"architectures": [load("deep-16")], "partitions": ["odd-even"]}
    with pytest.raises(TncutError, match=rf"^{key} is .*; it must be a list, such as \["):
        Sweep(**lists | {key: value})
    sources = value if key == "architectures" else ["deep-16"]
    with pytest.raises(TncutError, match=rf"^{key} is .*; it must be a list, such as \["):
        make_sweep(sources, **{"partitions": ["odd-even"]} | ({key: value} if key != "architectures" else {}))


def test_architectures_stand_beside_names_and_files():
    arch = ConvAC.deep(sites=16, site_dim=3, channels=(2, 2, 2, 2), name="mine")
    sweep = make_sweep(["deep-16", arch], partitions=["odd-even"], grids=[{"site_dim": [2, 3]}])
    assert [net.site_dim for net in sweep.architectures] == [2, 3, 2, 3]
    assert sweep.architectures[2] == replace(arch, site_dim=2, name="mine site_dim=2")


@pytest.mark.parametrize("what", [5, None, 2.5, ["deep-16"], ConvAC.deep(sites=4, site_dim=2, channels=(2, 2))])
def test_what_is_no_sweep_is_one_line_and_nothing_is_written(tmp_path, what):
    store = tmp_path / "results.db"
    for call in (load_sweep, lambda sweep: compare(sweep, store), lambda sweep: preview(sweep, store)):
        with pytest.raises(TncutError, match=r"is no sweep; give .* TOML file$") as error:
            call(what)
        assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("sources", "lists", "message"),
    [
        (5, {}, "architectures is 5; it must be a list, such as [5]"),
        ([5], {}, "architectures[0] is 5; it must be the name of an architecture, or of a file"),
        ([load("deep-16"), None], {}, "architectures[1] is None; it must be the name"),
        (["deep-16"], {"grids": [3]}, "grid is 3; it must be a table of lists"),
        (["deep-16"], {"seeds": [10**5000]}, "seeds[0] is "),
        (["deep-16"], {"grids": [{"site_dim": [10**5000]}]}, "grid: a value has more digits than any key takes"),
        (["deep-16"], {"measures": ["x" * 3000]}, "measures[0]: unknown 'xxx"),
        (["deep-16"], {"grids": [{f"k{k}": [1, 2] for k in range(20_000)}]}, "the grid has 2^20000 points"),
    ],
)
def test_mistakes_in_python_are_one_short_line(sources, lists, message):
    with pytest.raises(TncutError) as error:
        make_sweep(sources, partitions=["odd-even"], **lists)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


def test_sweeps_and_plans_show_themselves_in_one_short_line():
    sweep = make_sweep(["deep-16", "tree-8"], partitions=["odd-even"], measures=["interval"], seeds=range(500))
    assert repr(sweep) == "<Sweep: 2 architectures, 1 partition name, rank_bound, rank_lower, 500 seeds>"
    assert repr(plan_of(sweep)) == "<Plan: 4 cells, 4 to compute, 0 done, 0 failed>"
