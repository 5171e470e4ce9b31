"""Demands beside intervals: data of a network can be met by it, and a network that is too narrow cannot."""

import json

import numpy as np
import pytest

import tncut
from tncut import ConvAC, Layer, MethodError, ResultsError, Samples, SpecError, data_entanglement, match, oracle

NET = ConvAC.deep(sites=8, site_dim=2, channels=(4, 8, 8), name="deep")


def shallow(channels: int, site_dim: int = 2, sites: int = 8, **rest) -> ConvAC:
    layers = (Layer(channels=channels, window="all"),)
    return ConvAC(sites=sites, site_dim=site_dim, layers=layers, name=f"shallow-{channels}", **rest)


NARROW = shallow(1)
CLUSTERS = np.repeat(np.arange(4), 50)[:, None] // np.array([1, 2] * 4) % 2  # two bits, each in every second site


def of_network(net: ConvAC, seed: int) -> Samples:
    """Random basis inputs, labelled by what the network computes on them."""
    rng = np.random.default_rng(seed)
    inputs = rng.integers(0, 2, (4000, 8))
    tensor = oracle.matricization(oracle.draw_weights(net, seed=seed, field=oracle.Floats()), "0-7")
    return Samples.of(inputs, tensor.ravel()[inputs @ 2 ** np.arange(7, -1, -1)], embedding="one-hot")


@pytest.mark.parametrize("seed", range(4))
def test_data_of_a_known_tree_can_be_modelled_by_it(seed):
    found = match(of_network(NET, seed), [NET, NARROW], ["0-3", "0-1", "2-3", "4-7"])
    assert found.verdicts() == {"deep": "can", "shallow-1": "cannot"}


def test_the_least_distance_is_that_of_the_best_approximation():
    samples = of_network(NET, 0)
    row = match(samples, NARROW, "left-right")[0]
    values = row.demand.schmidt_values
    assert row.distance == pytest.approx(np.sqrt((values[1:] ** 2).sum()))
    assert match(samples, NET, "left-right")[0].distance < row.distance


def test_clusters_need_their_bits():
    samples = Samples.of(CLUSTERS, embedding="one-hot")
    found = {width: match(samples, shallow(width), "left-right")[0] for width in (1, 2, 4, 8)}
    assert [found[width].verdict for width in (1, 2, 8)] == ["cannot", "cannot", "can"]
    assert found[4].verdict in ("can", "open")  # its end is the demand itself
    assert found[1].distance == pytest.approx(np.sqrt(3 / 4))
    assert found[4].distance == pytest.approx(0.0, abs=1e-6)


def test_what_too_few_samples_show_is_never_can():
    inputs = np.arange(8)[:, None] >> np.array([0, 1, 2] * 2 + [0, 1]) & 1  # all different on either side
    row = match(
        Samples.of(inputs, embedding="one-hot"), ConvAC.deep(sites=8, site_dim=2, channels=(16, 16, 16)), "left-right"
    )[0]
    assert row.demand.warning.startswith("8 samples show 3.00 bits at most")
    assert row.verdict == "open"


def test_classes_are_matched_with_an_open_output():
    samples = Samples.of(CLUSTERS, CLUSTERS[:, 0], embedding="one-hot", classes=True)
    net = shallow(4, open_output=2)
    assert match(samples, net, "y")[0].verdict in ("can", "open")
    for data, other, message in [
        (samples, shallow(4), "no open output"),
        (samples, shallow(4, open_output=3), "the label of .* has dimension 3; in the data it has 2"),
        (Samples.of(CLUSTERS), net, "the data have no label site"),
        (Samples.of(CLUSTERS), shallow(4, sites=7), "has 7 sites; the data have 8"),
        (Samples.of(CLUSTERS), shallow(4, site_dim=3), "site 0 of .* has dimension 3; in the data it has 2"),
    ]:
        with pytest.raises(SpecError, match=message):
            match(data, other)


def test_tensor_networks_are_matched_too():
    found = match(Samples.of(CLUSTERS, embedding="one-hot"), tncut.MPS(sites=8, site_dim=2, bond_dim=1), "left-right")
    assert found[0].verdict == "cannot"


def test_bad_matches_are_one_line():
    for call in (lambda: match(CLUSTERS, NET), lambda: match(Samples.of(CLUSTERS), [])):
        with pytest.raises(MethodError, match=r"is no data|no architecture"):
            call()
    with pytest.raises(MethodError, match="unknown measure"):
        match(Samples.of(CLUSTERS), NET, measure="bits")
    with pytest.raises(ResultsError, match="is no match"):
        tncut.draw.demands([1])


def test_a_match_is_drawn_with_its_verdicts():
    found = match(data_entanglement(CLUSTERS, partitions="canonical", embedding="one-hot"), [NET, NARROW])
    ax = tncut.draw.demands(found)
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts[-1] == "data, ± 2 standard errors"
    assert any(text.startswith("shallow-1: cannot") for text in texts)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["alternating:1", "alternating:2", "alternating:4"]


def test_the_commands_say_the_same(run, tmp_path):
    np.savez(tmp_path / "data.npz", inputs=CLUSTERS)
    file = str(tmp_path / "data.npz")
    demand = json.loads(run("data", file, "-p", "left-right", "--embedding", "one-hot", "--json")[1])
    assert demand["entropy_bits"] == pytest.approx(2.0)
    assert "± " in run("data", file)[1]
    (tmp_path / "narrow.toml").write_text(
        'kind = "convac"\nname = "narrow"\nsites = [8]\nsite_dim = 2\n[[layers]]\nchannels = 1\nwindow = "all"\n'
    )
    picture = tmp_path / "match.png"
    rest = [file, str(tmp_path / "narrow.toml"), "-p", "left-right", "--embedding", "one-hot"]
    code, text, _ = run("match", *rest, "-o", str(picture))
    assert code == 0
    assert "over all   narrow: cannot" in text
    assert picture.stat().st_size > 5000
    assert json.loads(run("match", *rest, "--json", "--samples", "100")[1])["verdict"] == "cannot"
    code, _, error = run("match", file, "recurrent-8", "--embedding", "one-hot")
    assert code == 1
    assert error.startswith("tncut: site 0 of ")
    assert error.count("\n") == 1
