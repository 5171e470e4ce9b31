"""The command line: what it prints, and one clear line for each of a user's mistakes."""

import json
import subprocess
import sys

import pytest

import tncut
from tests.test_proven_report import REFERENCE
from tncut.cli.app import app
from tncut.formats import gallery, spec_text


@pytest.mark.parametrize(("architecture", "partition", "rank_bound", "rank", "lower"), REFERENCE)
def test_reference_values_on_the_command_line(run, architecture, partition, rank_bound, rank, lower):
    spec = spec_text(architecture)
    code, out, err = run("bound", "-", "-p", partition, "--json", stdin=spec)
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["rank_bound"] == rank_bound
    assert found["rank_lower"] == (rank_bound if lower is None else lower)
    measured = json.loads(run("verify", "-", "-p", partition, "--rank-only", "--json", stdin=spec)[1])["measured"]
    assert measured["exact_rank"]["rank"] == rank


@pytest.mark.parametrize(
    ("name", "partition", "weights", "rank", "entropy", "geometric"),
    [
        ("witness-8", "odd-even", "witness", 16, 4.0, 15 / 16),
        ("witness-8", "left-right", "witness", 1, 0.0, 0.0),
        ("ghz-6", "left-right", "identity", 3, 1.584962500721156, 2 / 3),
    ],
)
def test_reference_states_on_the_command_line(run, name, partition, weights, rank, entropy, geometric):
    measured = json.loads(run("verify", name, "-p", partition, "--weights", weights, "--json")[1])["measured"]
    assert measured["exact_rank"]["rank"] == rank
    assert measured["entropy_bits"] == pytest.approx(entropy, abs=1e-9)
    assert measured["geometric_measure"] == pytest.approx(geometric, abs=1e-9)


def test_every_command_has_help_and_is_in_the_guide(run):
    with open("docs/guide.md", encoding="utf-8") as file:
        guide = file.read()
    code, out, _ = run("--help")
    assert code == 0
    for command in app.registered_commands:
        name = command.name or command.callback.__name__
        assert name in out
        assert f"tncut {name}" in guide
        code, text, _ = run(name, "--help")
        assert code == 0
        assert command.callback.__doc__.split(".")[0] in " ".join(text.split())


def test_gallery_and_show_know_every_entry(run):
    listed = [json.loads(line)["name"] for line in run("gallery", "--json")[1].splitlines()]
    assert listed == list(gallery())
    assert all(name in run("gallery")[1] for name in listed)
    for name in listed:
        assert json.loads(run("show", name, "--json")[1])["name"] == name


def test_several_partitions_give_several_answers(run):
    lines = run("bound", "deep-16", "-p", "canonical", "-p", "0-3", "--json")[1].splitlines()
    assert [json.loads(line)["rank_bound"] for line in lines] == [65536, 4096, 64, 8, 8]
    table = run("bound", "deep-16", "-p", "canonical")[1].splitlines()
    assert table[0] == "deep-16, 4 partitions"
    assert [line.split()[1:3] for line in table[2:6]] == [[str(rank)] * 2 for rank in (65536, 4096, 64, 8)]
    assert run("bound", "deep-16", "-p", "canonical", "--method", "flow")[1].count("deep-16, partition") == 4


def test_of_many_partitions_the_extreme_ones_and_a_summary_are_shown_and_all_written(run, tmp_path):
    shown = run("bound", "deep-16", "-p", "all", "--top", "2")[1].splitlines()
    assert [line.split()[2] for line in shown[2:4]] == ["65536", "65536"]
    assert shown[4] == "... 32764 more"
    assert "32768 partitions" in shown[7]
    assert sum(int(line.split()[-1]) for line in shown[9:]) == 32768
    table = tmp_path / "table.jsonl"
    assert run("bound", "deep-16", "-p", "random:50", "-o", table)[1] == f"wrote 50 partitions to {table}\n"
    for row in map(json.loads, table.read_text().splitlines()):
        assert row["rank_bound"] == tncut.bound(tncut.load("deep-16"), row["partition"]).rank_bound
    code, out, err = run("bound", "deep-16", "-p", "all", "-o", tmp_path / "table.xls")
    assert (code, out) == (1, "")
    assert "ends in .csv, .jsonl, .parquet" in err
    assert "leave out --shared" in run("bound", "deep-16", "-p", "all", "--shared", "-o", table)[2]


def test_integers_beyond_the_digits_of_a_screen_are_exact_in_json(run):
    spec = 'kind = "convac"\nsites = 40000\nsite_dim = 4\n[[layers]]\nchannels = 4\nwindow = 2\n'
    spec += '[[layers]]\nchannels = 4\nwindow = "all"\n'
    code, out, _ = run("bound", "-", "-p", "odd-even", "--json", stdin=spec)
    assert code == 0
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        assert json.loads(out)["upper"][0]["rank"] == 4**20000
    finally:
        sys.set_int_max_str_digits(limit)


SPEC = 'kind = "convac"\nsites = [4]\nsite_dim = 2\n[[layers]]\nchannels = 2\nwindow = "all"\n'


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["bound", "missing.toml", "-p", "odd-even"], "", "cannot read missing.toml: No such file"),
        (["bound", "deep16", "-p", "odd-even"], "", "or .onnx); did you mean 'deep-16'?"),
        (["bound", "-", "-p", "odd-even"], "a = = 1", "standard input: not valid TOML: Invalid value (at line 1"),
        (
            ["bound", "-", "-p", "odd-even"],
            SPEC.replace("channels", "chanels"),
            "layers[0]: unknown key 'chanels'; did",
        ),
        (
            ["bound", "-", "-p", "odd-even"],
            SPEC.replace("= 2\n[", "= 2.5\n["),
            "site_dim is 2.5; it must be an integer",
        ),
        (["bound", "-", "-p", "odd-even"], SPEC.replace("= 2\n[", "= nan\n["), "site_dim is nan"),
        (["bound", "-", "-p", "odd-even"], SPEC.replace("= 2\n[", "= 0\n["), "site_dim is 0"),
        (["bound", "-", "-p", "odd-even"], SPEC.replace("[4]", "[1000000000]"), "the limit is"),
        (["bound", "-", "-p", "odd-even"], SPEC.replace('"all"', "5"), "layer 0: the window spans 5 locations"),
        (["bound", "-", "-p", "odd-even"], b"name = '\xff'", "standard input is not UTF-8 text"),
        (["bound", "-", "-p", "odd-even"], "#" * (50 * 2**20), "standard input is larger than 16 MB"),
        (["bound", "-", "-p", "mask:short.txt"], SPEC, "has 2 sides; the network has 4 sites"),
        (["bound", "deep-16", "-p", "0-16"], "", "no site 16; the sites are 0 to 15"),
        (["bound", "deep-16", "-p", "3,3"], "", "site 3 is given 2 times"),
        (["bound", "deep-16", "-p", "oddeven"], "", "unknown partition 'oddeven'; did you mean 'odd-even'"),
        (["bound", "deep-16", "-p", "odd-even", "--method", "magic"], "", "unknown method 'magic'; choose from auto"),
        (
            ["verify", "deep-16", "-p", "odd-even", "--weights", "heavy"],
            "",
            "unknown weights 'heavy'; choose from random",
        ),
        (["typical", "deep-64", "-p", "odd-even"], "", "over the limit of"),
        (["verify", "deep-16", "-p", "canonical"], "", "names 4 partitions where one is needed"),
        (["draw", "deep-16", "-p", "odd-even", "-o", "nowhere/net.png"], "", "cannot write nowhere/net.png"),
        (["draw", "deep-16", "-p", "odd-even", "-o", "net.gif"], "", "net.gif"),
        (["bound", "-", "-p", "odd-even"], SPEC.replace("all", "2"), "window is '2'"),
    ],
)
def test_mistakes_are_one_line_with_exit_code_one_and_nothing_written(
    run, tmp_path, monkeypatch, arguments, stdin, message
):
    (tmp_path / "short.txt").write_text("01")
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments, stdin=stdin)
    assert code == 1
    assert out == ""
    assert err.startswith("tncut: ")
    assert message in err
    assert err.count("\n") == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["short.txt"]


def test_nets_too_large_to_unfold_are_answered_and_too_large_ones_not_drawn(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    layers = '[[layers]]\nchannels = 2\nwindow = 3\nstride = 1\npadding = "same"\n' * 20
    spec = f'kind = "convac"\nsites = [64]\nsite_dim = 2\n{layers}[[layers]]\nchannels = 2\nwindow = "all"\n'
    found = json.loads(run("bound", "-", "-p", "left-right", "--json", stdin=spec)[1])
    assert [upper["name"] for upper in found["upper"]] == ["all sites of one side", "symmetric cut"]
    code, out, err = run("draw", "-", "-p", "left-right", "-o", "net.png", stdin=spec.replace("[64]", "[128]"))
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "2561 units" in err
    assert not list(tmp_path.iterdir())


def test_nets_without_products_are_measured_or_bounded_as_a_surrogate(run):
    name = "rectifier-average-6"
    code, out, err = run("bound", name, "-p", "odd-even")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "--surrogate" in err
    assert json.loads(run("bound", name, "-p", "odd-even", "--surrogate", "--json")[1])["convac_surrogate"] is True
    found = json.loads(run("verify", name, "-p", "odd-even", "--json")[1])
    assert found["measured"]["grid_rank"]["rank"] == found["ceiling"]["value"] == 2
    assert "so no cut bounds its rank" in run("verify", name, "-p", "odd-even")[1]


def test_capacity_states_what_is_known(run):
    assert "at least 65536 channels" in run("capacity", "deep-16")[1]
    rows = [
        json.loads(line) for line in run("capacity", "recurrent-deep-6", "-p", "left-right", "--json")[1].splitlines()
    ]
    assert [row["value"] for row in rows if "value" in row] == [8, 8]
    assert [row["layer"] for row in rows if "layer" in row] == [0, 1]


REMAINING = [
    ("recurrent", "steps = 4\nsite_dim = 2\nhidden = [3]", "left-right", 3, 3),
    ("recurrent", "steps = 6\nsite_dim = 3\nhidden = [10]", "left-right", 10, 10),
    ("recurrent", "steps = 6\nsite_dim = 3\nhidden = [2]", "odd-even", 8, 8),
    ("recurrent", "steps = 6\nsite_dim = 3\nhidden = [2, 2]", "left-right", 8, 8),
    ("dilated", "length = 16\nsite_dim = 2\nchannels = 2", "0,2,4,6,8,9,12,13", 64, 64),
    ("dilated", "length = 16\nsite_dim = 2\nchannels = 2\norder = [2, 1, 8, 4]", "0,2,4,6,8,9,12,13", 64, 64),
]


@pytest.mark.parametrize(("kind", "spec", "partition", "rank_bound", "rank"), REMAINING)
def test_reference_values_of_the_other_families_on_the_command_line(run, kind, spec, partition, rank_bound, rank):
    found = json.loads(
        run("verify", "-", "-p", partition, "--rank-only", "--json", stdin=f'kind = "{kind}"\n{spec}\n')[1]
    )
    assert found["rank_bound"] == rank_bound
    assert found["measured"]["exact_rank"]["rank"] == rank


def test_wrong_usage_is_exit_code_two(run):
    assert run("bound", "deep-16")[0] == 2
    assert run("bind", "deep-16")[0] == 2
    assert run("verify", "deep-16", "-p", "odd-even", "--seed", "-1")[0] == 2


def test_drawings_are_written(run, tmp_path):
    for suffix in ("png", "svg", "pdf"):
        code, out, _ = run("draw", "deep-16", "-p", "odd-even", "-o", str(tmp_path / f"net.{suffix}"))
        assert (code, out) == (0, f"wrote {tmp_path}/net.{suffix}\n")
        assert (tmp_path / f"net.{suffix}").stat().st_size > 1000


def test_the_pairs_that_prove_the_lower_end_are_drawn(run, tmp_path):
    assert run("draw", "deep-16", "-p", "odd-even", "--pairs", "-o", f"{tmp_path}/pairs.svg")[0] == 0
    assert 'id="pairs"' in (tmp_path / "pairs.svg").read_text()
    code, out, err = run("draw", "deep-16", "-p", "prefix:0", "--pairs", "-o", f"{tmp_path}/none.svg")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "there are no pairs to draw" in err
    assert not (tmp_path / "none.svg").exists()


def test_a_reader_that_goes_away_is_no_error():
    command = f"{sys.executable} -m tncut bound deep-16 -p all | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert "deep-16" in done.stdout


def test_what_random_weights_have_stands_beside_what_is_possible(run):
    code, out, _ = run("typical", "deep-16", "-p", "0-3", "-p", "0", "--draws", "3", "-w", "he", "--shared")
    assert code == 0
    assert [line.split(":")[0] for line in out.splitlines()] == [
        "deep-16, partition 0-3",
        "deep-16, partition 0",
    ]
    assert "measured in 3 draws of shared he weights; <= 3 bits, proven for all weights" in out
    rows = [
        json.loads(line) for line in run("typical", "deep-16", "-p", "0-3", "--draws", "2", "--json")[1].splitlines()
    ]
    assert [row["measured"]["seeds"] for row in rows] == [[0, 1]]


def test_profiles_are_measured_when_asked(run, tmp_path):
    points = json.loads(run("profile", "deep-16", "--measured", "--seed", "3", "--json")[1])["points"]
    assert all(0 < point["entropy_bits"] <= point["entropy_bound_bits"] for point in points)
    file = tmp_path / "picture.png"
    code, out, _ = run("profile", "deep-16", "--measured", "-w", "orthogonal", "-o", file)
    assert code == 0
    assert "measured entropies are those of orthogonal weights, seed 0" in out
    assert file.stat().st_size > 1000


def test_weights_of_a_file_are_verified(run, tmp_path):
    net = tncut.load("tree-8")
    weights = tncut.oracle.draw_weights(net, "witness", field=tncut.oracle.Floats())
    tncut.oracle.save_weights(weights, tmp_path / "w.npz")
    measured = json.loads(run("verify", "tree-8", "-p", "odd-even", "-w", tmp_path / "w.npz", "--json")[1])["measured"]
    expected = tncut.measure(net, "odd-even", weights="witness")
    assert measured["exact_rank"]["rank"] == expected.exact.rank
    assert measured["entropy_bits"] == pytest.approx(expected.entropy_bits, abs=1e-12)
    code, _, err = run("verify", "deep-16", "-p", "0-3", "--weights", tmp_path / "w.npz")
    assert code == 1
    assert err.count("\n") == 1
    assert "w.npz has" in err
