"""Sweeps that train: the same numbers as a training alone, kept and continued like all rows."""

from dataclasses import replace

import pytest

import tncut
from tncut import ConvAC, Recurrent, Sweep, Training, compare, make_task, read_results, train
from tncut.comparison import preview

TRAINING = Training(epochs=1, samples=128, test_samples=64)
TRAINED = ("test_accuracy:partners:4:1", "train_accuracy:partners:4:1")
ENTROPIES = ("initial_entropy:partners:4:1", "trained_entropy:partners:4:1")


def test_trained_networks_are_cells_like_others(tmp_path):
    pytest.importorskip("jax", reason="JAX comes with the extra train")
    net = replace(ConvAC.deep(sites=4, site_dim=2, channels=(2, 2), name="net"), open_output=2)
    other = Recurrent(steps=4, site_dim=2, hidden=(2,), name="closed")
    sweep = Sweep(
        architectures=(net, other),
        partitions=("left-right",),
        measures=(*TRAINED, *ENTROPIES),
        seeds=(0, 1),
        training=TRAINING,
    )
    done = compare(sweep, tmp_path / "results.db", workers=0)
    assert (done.cells, len(done.failed)) == (16, 8)
    assert all("no open output" in row.error for row in done.failed)
    found = {(row.measure, row.seed): row for row in read_results(tmp_path / "results.db", "architecture=net")}
    task = make_task("partners:4:1", samples=128, test_samples=64, seed=1)
    trained = train(net, task.training, test=task.test, settings=TRAINING, seed=1)
    assert found[TRAINED[0], 1].value == trained.test_accuracy
    assert found[TRAINED[1], 1].value == trained.accuracy
    assert [found[measure, 1].bits is None for measure in (*TRAINED, *ENTROPIES)] == [True, True, False, False]
    for measure, weights in zip(ENTROPIES, (trained.start, trained.weights), strict=True):
        bits = tncut.measure(net, "left-right", weights=weights, exact=False).entropy_bits
        assert found[measure, 1].value == pytest.approx(bits, rel=1e-9)
    assert compare(sweep, tmp_path / "results.db", workers=0).computed == 0
    more = replace(sweep, training=replace(TRAINING, epochs=2))
    assert preview(more, tmp_path / "results.db").missing == 16


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("test_accuracy", "needs a task; write for example test_accuracy:closedness:16"),
        ("test_accuracy:copi", "did you mean 'copy'"),
        ("test_acuracy:copy", "unknown 'test_acuracy:copy'"),
        ("entropy:copy", "unknown 'entropy:copy'"),
    ],
)
def test_a_measure_of_no_task_is_one_line(measure, words):
    with pytest.raises(tncut.TncutError, match=words) as raised:
        Sweep(architectures=(ConvAC.deep(sites=4, site_dim=2, channels=(2, 2), name="net"),), measures=(measure,))
    assert "\n" not in str(raised.value)
