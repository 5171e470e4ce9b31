"""Generated tasks: the same from the same seed, labelled by what their sources say."""

import numpy as np
import pytest

from tncut import make_task
from tncut.errors import MethodError
from tncut.training.images import closedness, symmetry
from tncut.training.tasks import TASKS

pytest.importorskip("sklearn", reason="scikit-learn comes with the extra train")


@pytest.mark.parametrize("name", TASKS)
def test_the_same_seed_gives_the_same_task_and_another_one_another(name):
    first, again, other = (make_task(name, samples=30, test_samples=20, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(first.inputs, again.inputs)
    assert np.array_equal(first.test_labels, again.test_labels)
    assert not np.array_equal(first.inputs, other.inputs)
    assert not np.array_equal(first.inputs[:20], first.test_inputs)
    assert first.inputs.min() >= 0
    assert first.inputs.max() < first.values
    assert (len(first.training), len(first.test)) == (30, 20)
    assert first.training.site_dims[0] == first.site_dim
    assert np.array_equal(first.training.vectors[-1].argmax(axis=1), first.labels)


def shifted(images):
    """The pixels themselves, and those above, below, left and right."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    size = images.shape[1]
    return [
        padded[:, 1 + y : 1 + y + size, 1 + x : 1 + x + size] for y, x in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))
    ]


def test_blobs_with_label_1_are_more_closed_than_all_with_label_0():
    """The closure by hand: dilated, then eroded."""
    task = make_task("closedness:16", samples=200)
    dilated = np.any(shifted(np.pad(task.inputs.astype(bool), ((0, 0), (1, 1), (1, 1)))), axis=0)
    closed = np.all(shifted(dilated), axis=0)[:, 1:-1, 1:-1]
    scores = task.inputs.sum(axis=(1, 2)) / closed.sum(axis=(1, 2))
    assert scores[task.labels == 1].min() >= scores[task.labels == 0].max()


def test_scores_are_one_for_what_is_whole_or_symmetric():
    square = np.zeros((1, 8, 8), dtype=bool)
    square[0, 2:6, 2:6] = True
    assert closedness(square, square) == symmetry(square, square) == 1
    half = square.copy()
    half[0, :, 4:] = False
    assert symmetry(half, half[:, :, ::-1]) == 0


@pytest.mark.parametrize("distance", [1, 2, 4, 8])
def test_partners_are_equal_in_nine_of_ten_pairs_or_in_half_of_them(distance):
    task = make_task(f"partners:16:{distance}", samples=2000)
    first = [site for site in range(16) if site // distance % 2 == 0]
    equal = task.inputs[:, first] == task.inputs[:, [site + distance for site in first]]
    assert equal[task.labels == 1].mean() == pytest.approx(0.9, abs=0.02)
    assert equal[task.labels == 0].mean() == pytest.approx(0.5, abs=0.02)


def test_start_and_end_are_partners_half_a_sequence_apart():
    assert np.array_equal(make_task("start-end:12").inputs, make_task("partners:12:6").inputs)


def test_the_end_of_a_copy_asks_for_a_symbol_of_its_start():
    task = make_task("copy:10", samples=100)
    asked = task.inputs[np.arange(100), task.inputs[:, -1] - 1]
    assert np.array_equal(asked - 1, task.labels)
    assert (task.inputs[:, 4:-1] == 0).all()


@pytest.mark.parametrize(("name", "size"), [("small-digits:16", 8), ("small-shapes:16", 4), ("large-shapes:16", 12)])
def test_what_is_placed_has_its_size_and_moves(name, size):
    images = make_task(name, samples=50).inputs
    rows, columns = images.any(axis=2), images.any(axis=1)
    for used in (rows, columns):
        spans = [np.ptp(np.flatnonzero(line)) + 1 for line in used]
        assert max(spans) <= size
        assert len({int(np.flatnonzero(line)[0]) for line in used}) > 3


def test_digits_to_test_with_are_none_to_train_with():
    task = make_task("digits", samples=9999, test_samples=9999)
    assert (len(task.labels), len(task.test_labels)) == (1400, 397)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("closednes", "did you mean 'closedness'"),
        (None, "unknown task None"),
        ("copy:x", "write copy:SIZE"),
        ("copy:8:2", "write copy:SIZE"),
        ("partners:16:3", "no multiple of twice the distance 3"),
        ("partners:16:0", "no multiple of twice the distance 0"),
        ("large-digits:12", "must be a multiple of 8"),
        ("closedness:0", "must be a multiple of 2"),
        ("closedness:9998", "at most 256"),
        ("closedness:-4", "unknown task"),
    ],
)
def test_an_unknown_task_is_one_line(name, words):
    with pytest.raises(MethodError, match=words) as raised:
        make_task(name)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("count", [0, 1.5, -3])
def test_a_wrong_number_of_samples_is_named(count):
    with pytest.raises(MethodError, match="samples"):
        make_task("copy", samples=count)
