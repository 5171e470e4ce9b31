"""The command line takes a tensor network wherever it takes a circuit, or says in one line why not."""

import json

import pytest

NET = """name = "chain"
kind = "einsum"
inputs = [["x0", "k0"], ["k0", "x1", "k1"], ["k1", "x2", "k2"], ["k2", "x3"]]
output = ["x0", "x1", "x2", "x3"]
sizes = {x0 = 2, x1 = 2, x2 = 2, x3 = 2, k0 = 2, k1 = 3, k2 = 2}
grid = [2, 2]
"""


@pytest.fixture
def net(tmp_path):
    path = tmp_path / "chain.toml"
    path.write_text(NET)
    return str(path)


@pytest.mark.parametrize("split", ["block:0,0:1x2", "top-bottom", "0-1", "sites:x0,x1"])
def test_bound_takes_a_grid_and_names(run, net, split):
    answer = json.loads(run("bound", net, "-p", split, "--json")[1])
    assert (answer["rank_bound"], answer["rank_lower"], answer["name"]) == (3, 2, "chain")
    assert answer["cut_bonds"] == ["k1"]
    assert answer["layers"][0]["layer"] == "bonds"


def test_show_verify_and_profile_take_a_network(run, net):
    assert "each tensor is free" in run("show", net)[1]
    measured = json.loads(run("verify", net, "-p", "left-right", "--json")[1])["measured"]
    assert measured["bound_holds"]
    assert measured["exact_rank"]["rank"] == 4
    assert [point["rank_bound"] for point in json.loads(run("profile", net, "--json")[1])["points"]] == [2, 3, 2]


def test_draw_and_explore_take_a_network(run, net, tmp_path):
    for name, command in (("net.png", "draw"), ("net.html", "explore")):
        assert run(command, net, "-p", "checkerboard", "-o", str(tmp_path / name))[0] == 0
        assert (tmp_path / name).stat().st_size > 10_000


def test_compare_takes_networks_beside_circuits(run, net, tmp_path):
    store = str(tmp_path / "table.db")
    what = ["-m", "interval", "-m", "exact_rank", "-m", "entropy", "-m", "cost"]
    code, _, error = run("compare", net, "shallow-16", "-p", "prefix:2", "-o", store, "--workers", "0", *what)
    assert code == 1
    assert "chain, multiply_adds: a tensor network has no multiply_adds" in error
    rows = [json.loads(line) for line in run("results", store, "--json")[1].splitlines()]
    found = {row["measure"]: row["value"] for row in rows if row["architecture"] == "chain"}
    assert (found["rank_bound"], found["rank_lower"], found["exact_rank"]) == (3, 2, 3)
    assert found["parameters"] == 4 + 12 + 12 + 4


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["capacity", "NET"], "statements about circuits"),
        (["draw", "NET", "-p", "0", "-o", "pairs.png", "--pairs"], "no circuit"),
        (["verify", "NET", "-p", "0", "--weights", "identity"], "unknown weights 'identity'"),
        (["bound", "NET", "-p", "sites:x9"], "no site is called 'x9'; choose from x0"),
        (["verify", "NET", "-p", "0", "--weights", "given"], "the network holds no arrays"),
    ],
)
def test_what_has_no_meaning_is_one_line(run, net, command, message):
    code, _, error = run(*[net if word == "NET" else word for word in command])
    assert code == 1
    assert message in error
    assert error.count("\n") == 1
