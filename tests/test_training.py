"""Networks trained by JAX: their function is the oracle's, their gradients are slopes, and a run can go on."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import tncut
from tests.circuits import random_reuse, random_sums, random_tree
from tncut import ConvAC, Layer, Samples, Training, make_task, oracle, train
from tncut.circuit import GATES, weight_groups
from tncut.errors import ExtraError, FileError, MethodError, SpecError
from tncut.training.forward import Forward
from tncut.training.learner import Learner, learner
from tncut.training.parameters import Parameters
from tncut.training.stages import Stages

pytest.importorskip("jax", reason="JAX comes with the extra train")
import jax

MAKERS = (lambda rng: random_tree(rng, read_again=True), random_reuse, random_sums)
NET = replace(ConvAC.deep(sites=4, site_dim=2, channels=(3, 3)), open_output=2, name="small").circuit()
TASK = make_task("partners:4:1", samples=600, test_samples=200)
HOW = Training(epochs=5, rate=0.1, batch=32)
LEARNER = learner(NET, HOW)


def run(**options):
    """The same small training; its compiled functions are made once."""
    return train(NET, TASK.training, **{"settings": HOW, "test": TASK.test} | options)


def parts(count):
    """Some of the test samples as a learner takes them."""
    return [block[:count] for block in LEARNER.blocks(TASK.test.vectors)], TASK.test_labels[:count]


def same(left, right):
    matrices = [*left.weights.matrices, left.weights.output], [*right.weights.matrices, right.weights.output]
    return all(np.array_equal(one, other) for one, other in zip(*matrices, strict=True))


def arrays_of(weights, dtype):
    """Weights as Forward takes them, one matrix for each place."""
    groups = {group.name: group for group in weight_groups(weights.circuit)}
    return {
        name: np.asarray(
            np.stack([weights.matrices[pair] for pair in group.pairs]) if len(group.pairs) else weights.output, dtype
        )
        for name, group in groups.items()
    }


def forward(weights, inputs, dtype):
    """(samples, labels) what the stages compute."""
    circuit = weights.circuit
    function = Forward(circuit, Stages.of(circuit), Parameters(circuit, "none", "signed").rows, np)
    blocks = [np.stack([inputs[site] for site in block]).astype(dtype) for block in function.stages.sites]
    outputs, exponents = function(arrays_of(weights, dtype), blocks)
    return np.asarray(outputs, dtype=float) * 2.0 ** np.asarray(exponents, dtype=float)[:, None]


def evaluated(weights, inputs):
    """(samples, labels) what the oracle computes."""
    labels = weights.circuit.open_output
    rows = [[]] if labels is None else [[row] for row in np.eye(labels)]
    return np.stack([oracle.evaluate(weights, [*inputs, *row]) for row in rows], axis=-1)


@pytest.mark.parametrize("seed", range(200))
def test_the_forward_pass_is_the_oracles_evaluation(seed):
    """Errors are counted in parts of the sum of all absolute values, as rounding makes them."""
    rng = np.random.default_rng(seed)
    circuit = replace(MAKERS[seed % 3](rng), gate=GATES[seed % 7])
    weights = oracle.draw_weights(circuit, field=oracle.Floats(), seed=seed)
    inputs = [rng.standard_normal((4, dim)) for dim in circuit.site_dims]
    expected = evaluated(weights, inputs)
    output = None if weights.output is None else abs(weights.output)
    absolute = replace(weights, matrices=tuple(map(abs, weights.matrices)), output=output)
    scale = evaluated(absolute, [abs(array) for array in inputs])
    assert (abs(forward(weights, inputs, np.float32) - expected) <= 1e-6 * scale).all()
    assert (abs(forward(weights, inputs, np.float64) - expected) <= 1e-13 * scale).all()


def test_gradients_are_slopes():
    own = Learner(Parameters(NET, "none", "positive"))
    rng = np.random.default_rng(1)
    blocks, labels = [rng.standard_normal((6, 4, 2)) ** 2], rng.integers(0, 2, 6)
    with jax.enable_x64(True):
        at = {name: array.astype(float) for name, array in own.parameters.drawn(0).items()}
        along = {name: rng.standard_normal(array.shape) for name, array in at.items()}
        loss = jax.jit(jax.value_and_grad(own.loss))
        _, slope = loss(at, blocks, labels)
        ends = [loss({name: at[name] + step * along[name] for name in at}, blocks, labels)[0] for step in (1e-5, -1e-5)]
    predicted = sum(float((np.asarray(slope[name]) * along[name]).sum()) for name in at)
    assert predicted == pytest.approx(float(ends[0] - ends[1]) / 2e-5, rel=1e-6)


def test_a_thousand_sites_neither_overflow_nor_underflow():
    """A product of 1,024 vectors, far below the smallest float; with larger inputs the oracle computes it."""
    circuit = ConvAC.deep(sites=1024, site_dim=2, channels=(2,) * 10).circuit()
    weights = oracle.draw_weights(circuit, "non-negative", field=oracle.Floats())
    rng = np.random.default_rng(0)
    inputs = [1e-3 * rng.uniform(0.8, 1.2, (2, 2)) for _ in range(1024)]
    function = Forward(circuit, Stages.of(circuit), Parameters(circuit, "none", "signed").rows, np)
    (block,) = function.stages.sites
    outputs, exponents = function(
        arrays_of(weights, np.float32), [np.stack([inputs[site] for site in block]).astype(np.float32)]
    )
    scaled = [array * 1e3 for array in inputs]
    expected = np.log2(abs(oracle.evaluate(weights, scaled))) - 1024 * np.log2(1e3)
    assert (exponents < -9000).all()
    assert np.log2(abs(outputs[:, 0])) + exponents == pytest.approx(expected, abs=1e-3)


def test_a_step_on_a_thousand_sites_lowers_the_loss():
    layers = (Layer(channels=2, window=32), Layer(channels=2, window=32))
    circuit = ConvAC(sites=1024, site_dim=2, layers=layers, open_output=2).circuit()
    own = Learner(Parameters(circuit, "none", "positive"))
    task = make_task("closedness", samples=16, test_samples=2)
    blocks, now = own.blocks(task.training.vectors), own.parameters.drawn(0)
    loss = jax.jit(jax.value_and_grad(own.loss))
    before, slope = loss(now, blocks, task.labels)
    norm = sum(float((step**2).sum()) for step in slope.values())
    after, _ = loss({name: now[name] - 0.01 / norm**0.5 * slope[name] for name in now}, blocks, task.labels)
    assert 0 < norm < np.inf
    assert after < before


def test_training_lowers_the_loss_and_generalises():
    found = run()
    assert found.finished
    assert found.history[-1][0] < found.history[0][0]
    assert found.accuracy > 0.6
    assert found.test_accuracy > 0.6


def test_the_same_seed_gives_the_same_digits_and_another_one_others():
    assert same(run(), run())
    assert not same(run(), run(seed=1))


def test_a_run_goes_on_from_its_checkpoint_as_if_it_had_not_ended(tmp_path):
    file = tmp_path / "run.npz"

    def end(line):
        if line.startswith("epoch 2"):
            raise InterruptedError

    with pytest.raises(InterruptedError):
        run(checkpoint=file, watch=end)
    lines = []
    assert same(run(checkpoint=file, watch=lines.append), run())
    assert [line[:7] for line in lines] == ["epoch 3", "epoch 4", "epoch 5"]
    with pytest.raises(FileError, match="another network, data, seed or settings"):
        run(checkpoint=file, seed=1)
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(FileError, match=r"run\.npz is no checkpoint of a training, or it is damaged"):
        run(checkpoint=file)


def test_an_interruption_keeps_the_best_weights():
    def interrupt(line):
        raise KeyboardInterrupt

    found = run(watch=interrupt)
    assert (found.stopped, len(found.history), found.best_epoch) == ("interrupted", 1, 1)


def test_a_loss_that_is_not_finite_ends_the_training_and_the_best_weights_are_kept(monkeypatch):
    def rates(self, gate, epoch, steps):
        return np.full(steps, np.nan if epoch == 2 else 0.1)

    monkeypatch.setattr(Training, "rates", rates)
    found = run()
    assert found.stopped.startswith("the loss is not finite in epoch 3, step 2")
    assert found.best_epoch == 1 + int(np.argmin([held_out for _, held_out in found.history]))
    assert np.isfinite(found.weights.output).all()
    assert not found.finished


def test_training_stops_when_no_epoch_is_better():
    found = run(settings=replace(HOW, epochs=50, rate=5.0, patience=2))
    assert found.stopped == "no better epoch in 2"
    assert len(found.history) == found.best_epoch + 2


def test_weights_go_out_and_come_in(tmp_path):
    found = run()
    file = tmp_path / "weights.npz"
    oracle.save_weights(found.weights, file)
    again = run(weights=file, settings=replace(HOW, epochs=0))
    assert again.test_accuracy == found.test_accuracy
    outputs = evaluated(found.weights, [vectors[:50] for vectors in TASK.test.vectors[:-1]])
    _, score = LEARNER.tested(LEARNER.parameters.of_weights(found.weights), *parts(50))
    assert score == pytest.approx(-np.log(outputs / outputs.sum(axis=1, keepdims=True))[range(50), parts(50)[1]].mean())
    measured = tncut.measure(NET, "0-1", weights=file)
    assert measured.exact.rank <= measured.rank_bound


@pytest.mark.parametrize(
    ("sharing", "count"), [("none", 4 * 6 + 2 * 9 + 6), ("offset", 2 * 6 + 2 * 9 + 6), ("layer", 6 + 9 + 6)]
)
def test_shared_weights_are_equal_where_they_are_shared(sharing, count):
    parameters = Parameters(NET, sharing, "signed")
    weights = parameters.to_weights(parameters.drawn(0))
    assert parameters.count == count
    first = [weights.matrices[pair] for pair in range(4)]
    assert np.array_equal(first[0], first[2]) == (sharing != "none")
    assert np.array_equal(first[0], first[1]) == (sharing == "layer")
    for name, array in parameters.of_weights(weights).items():
        assert np.array_equal(array, parameters.drawn(0)[name])


TREE = ConvAC.deep(sites=4, site_dim=2, channels=(2, 2))
CLASSES = TASK.training
WRONG = {
    "no samples": (NET, [[0, 1]], {}, MethodError, r"Samples\.of\(inputs, labels, classes=True\)"),
    "no label": (NET, Samples.of(np.eye(4), embedding="one-hot"), {}, MethodError, "no label to train for"),
    "no open output": (TREE, CLASSES, {}, SpecError, "no open output"),
    "other sites": (
        replace(ConvAC.deep(sites=8, site_dim=2, channels=(2, 2, 2)), open_output=2),
        CLASSES,
        {},
        SpecError,
        "8 sites",
    ),
    "other labels": (replace(TREE, open_output=3), CLASSES, {}, SpecError, "the label .* has dimension 3"),
    "a tensor network": (tncut.unfold(NET), CLASSES, {}, MethodError, "a tensor network is not trained"),
    "a wrong seed": (NET, CLASSES, {"seed": -1}, MethodError, "seed is -1"),
    "a large batch": (NET, CLASSES, {"settings": Training(batch=999)}, MethodError, "less than a batch of 999"),
    "a checkpoint": (NET, CLASSES, {"checkpoint": "a.txt"}, FileError, r"ends in \.npz"),
    "no such weights": (NET, CLASSES, {"weights": "nowhere.npz"}, FileError, "cannot read"),
    "negative weights": (NET, CLASSES, {"weights": "random"}, SpecError, "negative entry"),
    "unshared weights": (
        NET,
        CLASSES,
        {"weights": "non-negative", "settings": Training(sharing="layer")},
        SpecError,
        "not shared",
    ),
    "other settings": (NET, CLASSES, {"settings": {"epochs": 3}}, MethodError, r"give a tncut\.Training"),
    "a start": (NET, CLASSES, {"settings": Training(start="gaussian")}, MethodError, "positive weights start uniform"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_line(case):
    net, samples, options, error, words = WRONG[case]
    with pytest.raises(error, match=words) as raised:
        train(net, samples, **options)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"epochs": 1.5}, "epochs is 1.5"),
        ({"batch": 0}, "batch is 0"),
        ({"rate": 0}, "rate is 0"),
        ({"rate": "fast"}, "rate is 'fast'"),
        ({"weights": "complex"}, "unknown weights"),
        ({"sharing": "all"}, "unknown sharing"),
        ({"held_out": 0.9}, "held_out is 0.9"),
        ({"patience": 0}, "patience is 0"),
    ],
)
def test_a_wrong_setting_is_named(setting, words):
    with pytest.raises(MethodError, match=words):
        Training(**setting)


def test_a_missing_extra_is_one_line():
    code = "import sys; sys.modules['jax'] = None\nfrom tncut.training.extra import load_jax\n"
    code += "try: load_jax()\nexcept Exception as error: print(type(error).__name__, error)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"{ExtraError.__name__} training needs JAX and optax; install the extra train")
    assert done.stdout.count("\n") == 1
