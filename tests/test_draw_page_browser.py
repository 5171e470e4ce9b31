"""The interactive page in a real browser: it agrees with Python, answers to hands and keys, and asks nobody."""

import math
import shutil
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import tncut
from tests.circuits import random_partition, random_reuse, random_sums, random_tree
from tncut import Circuit, ConvAC, Layer, Partition, Recurrent
from tncut.draw.page import explore
from tncut.network import LABEL, SITE
from tncut.proven import Report
from tncut.proven.pairing import Pairing, check_pairing
from tncut.tools.numbers import show_integer, show_upper

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the package playwright (the test extra)")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="needs a browser: chromium or google-chrome"),
]

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CASES = 24
NETS = {
    "shallow": ConvAC.shallow(sites=7, site_dim=(2, 3, 4, 5, 6, 2, 3), channels=60, name="shallow"),
    "deep": ConvAC.deep(sites=16, site_dim=3, channels=(5, 7, 6, 12), name="deep"),
    "grid": ConvAC.deep(sites=(4, 4), site_dim=3, channels=(10, 12), window=2, geometry="mirror", name="grid"),
    "recurrent": Recurrent(steps=6, site_dim=3, hidden=(2, 5), open_output=4, name="recurrent"),
    "overlap": ConvAC(
        sites=9,
        site_dim=2,
        layers=(
            Layer(channels=3, window=3, stride=1),
            Layer(channels=4, window=2, stride=1),
            Layer(channels=5, window="all"),
        ),
        name="overlap",
    ),
    "graph": tncut.GraphNet(
        edges=[(0, 1), (1, 2), (2, 3), (3, 0), (3, 4), (4, 5)], site_dim=3, hidden=(3, 2), name="graph"
    ),
    "overlap-2d": tncut.load("overlap-2d-4x4"),
    "deep recurrent": tncut.load("recurrent-deep-6"),
    "mixed": tncut.load("mixed-16"),
    "residual": tncut.load("residual-8"),
}


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def visit(browser, tmp_path):
    """Open a page at a size; at the end nothing may have been said on the console, or asked for."""
    heard, asked, contexts = [], [], []

    def call(html: str, fragment: str = "", *, width: int = 1280, scheme: str = "light"):
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: heard.append(dialog.message) or dialog.dismiss())
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"file://{path}{fragment}")
        return page

    yield call
    for context in contexts:
        context.close()
    assert heard == []
    assert all(url.startswith(("file://", "data:")) for url in asked)
    assert len([url for url in asked if url.startswith("file://")]) == len(contexts)


@cache
def page_of(name: str) -> str:
    return explore(NETS[name])


def widened(circuit: Circuit, widths: dict[int, int]) -> Circuit:
    """The circuit with other dimensions for all bonds of some layers."""
    unit_dims = circuit.unit_dims.copy()
    for layer in range(circuit.layers):
        unit_dims[circuit.unit_layer == layer] = widths.get(layer, 0) or unit_dims[circuit.unit_layer == layer]
    if not circuit.root_map:
        unit_dims[-1] = circuit.unit_dims[-1]  # the output itself
    site_dims = np.full(circuit.sites, widths[SITE]) if SITE in widths else circuit.site_dims
    labels = widths.get(LABEL, circuit.open_output)
    return replace(circuit, unit_dims=unit_dims, site_dims=site_dims, open_output=labels)


def random_cases(circuit: Circuit, seed: int) -> list[tuple[Partition, dict[int, int]]]:
    rng = np.random.default_rng(seed)
    layers = [SITE, *range(circuit.layers), *([LABEL] if circuit.open_output is not None else [])]
    cases = []
    for _ in range(CASES):
        sides = rng.random(len(circuit.terminal_dims)) < rng.choice([0.2, 0.5, 0.8])
        widths = {layer: int(rng.integers(1, 16)) for layer in layers if rng.random() < 0.5}
        cases.append((Partition(sides), widths))
    return cases


def rank_bound(page) -> int:
    page.locator("body:not(.busy)").wait_for()
    return int(page.locator("#rank-bound").get_attribute("data-exact"))


def digits(split: Partition) -> str:
    return "".join("01"[int(side)] for side in split.sides)


def site(page, number: int):
    return page.locator("#sites g").nth(number)


def sides(page) -> str:
    cells = page.locator("#sites g").evaluate_all("cells => cells.map(cell => cell.getAttribute('aria-checked'))")
    return "".join("1" if checked == "true" else "0" for checked in cells)


def check_pairs(circuit: Circuit, split: Partition, found: dict) -> int:
    """The rank of a pairing that a page found, after Python has found that it is one."""
    # The page has the units, and so all that they read, in the order of their levels.
    order = np.concatenate(circuit.levels)
    pairs, met = circuit.factors_of(order), np.zeros(circuit.units, dtype=np.int64)
    met[order] = found["met"]
    carried = np.zeros((3, len(pairs)), dtype=np.int64)
    carried[:, pairs] = found["a"], found["b"], found["used"]
    plan = Pairing(circuit, split, found["base"], carried[0], carried[1], met, found["atOutput"], carried[2] > 0)
    assert check_pairing(plan) is None
    return plan.rank


def check_answer(circuit: Circuit, report: Report, answer: dict) -> None:
    """The bound of Python; the product of what is paid; T2 and T3 as in Python, T4 by its own certificate."""
    assert int(answer["rankBound"]) == report.rank_bound
    assert answer["source"] == report.best.name or report.best.name == "all sites of one side"
    paid = math.prod(int(charge) for _, charge in answer["charged"])
    assert paid == min(bound.rank for bound in report.upper if bound.cut is not None)
    lower = int(answer["rankLower"])
    if report.lower.proof in ("T2", "T3"):
        assert lower == report.rank_lower
    elif answer["pairing"] is not None and report.rank_bound > 1:
        assert lower == check_pairs(circuit, report.partition, answer["pairing"]) == report.pairing.rank


@pytest.mark.parametrize("name", NETS)
def test_the_page_gives_the_integers_of_python(visit, name):
    circuit = tncut.compile(NETS[name])
    cases = random_cases(circuit, seed=len(name))
    asked = [[digits(split), list(widths.items())] for split, widths in cases]
    found = visit(page_of(name)).evaluate("cases => cases.map(([sides, widths]) => tncut.answer(sides, widths))", asked)
    for (split, widths), answer in zip(cases, found, strict=True):
        changed = widened(circuit, widths)
        check_answer(changed, tncut.bound(changed, split), answer)


@pytest.mark.parametrize("name", ["graph", "overlap", "overlap-2d", "deep recurrent", "recurrent", "mixed", "residual"])
def test_the_page_says_what_bound_says(visit, name):
    page = visit(page_of(name))
    for partition in ("odd-even", "left-right", "1,3"):
        report = tncut.bound(NETS[name], partition)
        page.evaluate("hash => { location.hash = hash; }", f"#p={partition}")
        page.locator("#chosen", has_text=partition).wait_for()
        assert rank_bound(page) == report.rank_bound
        assert page.locator("#rank-source").inner_text() == f"bound, proven for all weights: {report.best.name}"
        told = int(page.locator("#rank-lower").get_attribute("data-exact"))
        assert told == (1 if report.pairing is None else report.pairing.rank)


@pytest.mark.parametrize("seed", range(8))
def test_random_circuits_give_the_integers_of_python(visit, seed):
    rng = np.random.default_rng(seed)
    trees = [random_tree(rng, read_again=again, most_dim=9) for again in (False, True)]
    circuit = [*trees, random_reuse(rng), random_sums(rng)][seed % 4]
    splits = [random_partition(rng, circuit) for _ in range(20)]
    html = explore(circuit, partition=splits[0])
    found = visit(html).evaluate("cases => cases.map(sides => tncut.answer(sides))", [digits(p) for p in splits])
    for split, answer in zip(splits, found, strict=True):
        check_answer(circuit, tncut.bound(circuit, split), answer)


@pytest.mark.parametrize("again", [0, 1])
def test_products_that_no_float_tells_apart_are_told_apart(visit, again):
    """(n - 1)(n + 1) against n^2; reading sites again closes cycles, so that the max-flow decides."""
    n = 94906265
    children = [("site", 0), ("site", 1), ("site", 2), ("site", 3)]
    circuit = Circuit.from_units(
        [n - 1, n + 1, n, n], [(2**53 - 1, children), (2**53 - 1, [("unit", 0), *children[: 2 * again]])]
    )
    assert (tncut.unfold(circuit).forest is None) == bool(again)
    page = visit(explore(circuit, partition={0, 1}))
    assert rank_bound(page) == n * n - 1
    page.get_by_role("button", name="swap sides").click()
    assert rank_bound(page) == n * n - 1
    page.locator("#layer-list li[data-layer='-1'] input[type=number]").fill(str(n))
    assert rank_bound(page) == n * n


def test_a_click_moves_a_site_and_the_bound(visit):
    page = visit(page_of("deep"))
    for number in (3, 4, 4, 9):
        site(page, number).click()
    split = Partition(np.array([int(side) for side in sides(page)], dtype=bool))
    assert split.sites_a.tolist() == [0, 2, 3, 4, 6, 8, 9, 10, 12, 14]
    assert rank_bound(page) == tncut.bound(NETS["deep"], split).rank_bound


def test_integers_are_shown_as_reports_show_them_and_whole(visit):
    net = ConvAC.deep(sites=64, site_dim=5, channels=(9,) * 6)
    page = visit(explore(net))
    for partition in ("odd-even", "left-right", "0-9,20-31,40"):
        page.evaluate("hash => { location.hash = hash; }", f"#p={partition}")
        page.locator("#chosen", has_text=partition).wait_for()
        report = tncut.bound(net, partition)
        for place, rank in (("#rank-bound", report.rank_bound), ("#rank-lower", report.rank_lower)):
            shown = page.locator(place).inner_text().removeprefix("≥ ").replace("\u202f", "")
            assert shown == show_integer(rank)
            assert page.locator(place).get_attribute("data-exact") == str(rank)
        assert page.locator("#entropy").inner_text() == f"≤ {show_upper(report.entropy_bound)} bits"
        assert page.locator("#digits").is_visible() == (report.rank_bound >= 10**15)
        assert page.locator("#digits p").text_content() == str(report.rank_bound)
    assert (report.lower.proof, report.tight) == ("T3", None)
    assert page.locator("#tight").inner_text() == "? open"


def test_dragging_paints_all_sites_on_the_way(visit):
    page = visit(page_of("deep"), "#p=0")
    boxes = [site(page, number).bounding_box() for number in (4, 11)]
    places = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1])
    page.mouse.up()
    page.mouse.move(*places[0])
    assert sides(page) == "1000111111110000"


def test_the_sites_of_the_picture_can_be_clicked_too(visit):
    page = visit(page_of("deep"), "#p=0")
    box = page.locator(".terminals rect").nth(5).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert sides(page) == "1000010000000000"
    assert page.locator(".terminals rect").nth(5).get_attribute("class") == "a"


def test_everything_is_reached_by_the_keyboard_with_a_visible_focus(visit):
    page = visit(page_of("deep"), "#p=0")
    seen = []
    while [name for name, _ in seen].count("copy-link") < 2:
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                    const at = document.activeElement;
                    const shown = at.matches("rect, circle, g") ? at.querySelector("rect") || at : at;
                    const style = getComputedStyle(shown);
                    const visible = style.outlineStyle !== "none" || parseFloat(style.strokeWidth) >= 2;
                    if (at === document.body) return ["the end", true];
                    return [at.id || at.textContent.trim() || at.type || at.getAttribute("role"), visible];
                }"""
            )
        )
    names = [name for name, _ in seen]
    assert {"copy-link", "theme", "odd-even", "swap sides", "0", "img", "range", "number", "zoom-in"} <= set(names)
    assert names.count("0") == 1
    assert [name for name, visible in seen if not visible] == []


def test_keys_move_over_the_sites_and_change_them(visit):
    page = visit(page_of("deep"), "#p=0")
    site(page, 0).focus()
    for key in ("ArrowRight", "ArrowRight", " ", "Shift+ArrowRight", "Shift+ArrowRight", "End", "Enter", "Home", " "):
        page.keyboard.press(key)
    assert sides(page) == "0011100000000001"
    on_grid = visit(page_of("grid"), "#p=0")
    site(on_grid, 0).focus()
    for key in ("ArrowDown", " ", "ArrowRight", "ArrowDown", " ", "ArrowUp", "ArrowLeft", " "):
        on_grid.keyboard.press(key)
    assert sides(on_grid) == "1000000001000000"


def test_the_label_is_a_site_that_can_be_moved(visit):
    page = visit(page_of("recurrent"), "#p=0")
    site(page, 6).click()
    assert sides(page) == "1000001"
    assert rank_bound(page) == tncut.bound(NETS["recurrent"], Partition.of(7, {0, 6})).rank_bound


def test_buttons_are_the_families_of_python(visit):
    page = visit(page_of("grid"))
    for name in ("odd-even", "left-right", "top-bottom", "checkerboard", "alternating:4"):
        page.get_by_role("button", name=name, exact=True).click()
        report = tncut.bound(NETS["grid"], name)
        assert sides(page) == digits(report.partition)
        assert rank_bound(page) == report.rank_bound
        assert page.get_by_role("button", name=name, exact=True).get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="swap sides").click()
    assert sides(page) == "0000111100001111"
    page.get_by_role("button", name="clear").click()
    assert (sides(page), rank_bound(page)) == ("0" * 16, 1)
    page.get_by_role("button", name="random half").click()
    assert sides(page).count("1") == 8


def test_sliders_and_numbers_change_the_cut_and_wrong_numbers_do_not(visit):
    page = visit(page_of("deep"), "#p=left-right")
    circuit = tncut.compile(NETS["deep"])
    row = page.locator("#layer-list li[data-layer='2']")
    row.locator("input[type=range]").fill("2")
    assert rank_bound(page) == 2
    assert row.locator("input[type=number]").input_value() == "2"
    assert row.locator(".cost").inner_text() == "1 × 2: 1 bit, 100%"
    row.locator("input[type=number]").fill("1000003")
    expected = tncut.bound(widened(circuit, {2: 1000003}), "left-right").rank_bound
    assert rank_bound(page) == expected
    for wrong in ("0", "-3", "2.5", "", "99999999999999999999"):
        row.locator("input[type=number]").fill(wrong)
        assert row.locator("input[type=number]").get_attribute("aria-invalid") == "true"
        assert rank_bound(page) == expected
    page.locator("#reset").click()
    assert rank_bound(page) == tncut.bound(circuit, "left-right").rank_bound


def test_the_link_restores_partition_and_dimensions(visit):
    page = visit(page_of("recurrent"))
    page.get_by_role("button", name="left-right").click()
    site(page, 5).click()
    site(page, 6).click()
    page.locator("#layer-list li[data-layer='1'] input[type=number]").fill("11")
    page.locator("#layer-list li[data-layer='-1'] input[type=number]").fill("9")
    page.locator("#copy-link").click()
    page.locator("#notice", has_text="link").wait_for()  # the clipboard answers when it likes
    fragment = page.evaluate("location.hash")
    assert fragment == "#p=0-2,5,y&w=s:9,1:11"
    again = visit(page_of("recurrent"), fragment)
    assert (sides(again), rank_bound(again)) == (sides(page), rank_bound(page))
    assert again.locator("#layer-list li[data-layer='1'] input[type=range]").input_value() == "11"


@pytest.mark.parametrize("fragment", ["#p=99", "#p=<b>", "#w=9:3", "#w=0:0", "#w=0", "#x=1", "#%E0%A4%A"])
def test_a_wrong_link_is_said_and_leaves_the_page_as_it_opens(visit, fragment):
    page = visit(page_of("deep"), fragment)
    assert "the link is not followed" in page.locator("#notice").inner_text()
    assert sides(page) == "10" * 8


def test_bonds_explain_themselves_under_pointer_and_focus(visit):
    page = visit(page_of("overlap"), "#p=0-4")
    page.locator(".handles circle").nth(0).dispatch_event("pointerover")
    assert "x0, dimension 2" in page.locator("#tip").inner_text()
    page.locator(".hits path").last.dispatch_event("pointerover")
    assert "u2[0], dimension 5" in page.locator("#tip").inner_text()
    page.locator(".handles circle[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    text = page.locator("#tip").inner_text()
    assert text.startswith("u1[3], dimension 4")
    assert page.locator(".handles circle:focus").get_attribute("aria-label").startswith("u1[3], dimension 4;")
    page.keyboard.press("Escape")
    assert page.locator("#tip").is_hidden()


@pytest.mark.parametrize("name", ["shallow", "grid", "recurrent", "mixed"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_its_window(visit, name, width):
    page = visit(page_of(name), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_theme_follows_the_system_until_it_is_chosen(visit):
    paper = "getComputedStyle(document.body).backgroundColor"
    light, dark = visit(page_of("shallow")), visit(page_of("shallow"), scheme="dark")
    of_light, of_dark = light.evaluate(paper), dark.evaluate(paper)
    assert of_light != of_dark
    for _ in range(2):
        light.locator("#theme").click()
    dark.locator("#theme").click()
    assert (light.evaluate(paper), dark.evaluate(paper)) == (of_dark, of_light)


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "{{data}}", '"><img src=x onerror=alert(2)>', "\u2028&amp;"]
)
def test_a_name_stays_text(visit, name):
    page = visit(explore(replace(NETS["shallow"], name=name)))
    assert page.locator("h1").evaluate("title => title.textContent") == name
    assert page.locator("script").count() == 2
    assert rank_bound(page) == tncut.bound(NETS["shallow"], "odd-even").rank_bound


def test_paper_holds_the_whole_page(visit):
    page = visit(page_of("deep"))
    assert page.pdf().startswith(b"%PDF")
    assert page.locator("body.paper").count() == 0


def test_fit_shows_all_sites_at_once(visit):
    page = visit(explore(ConvAC.deep(sites=1024, site_dim=2, channels=(2,) * 10)))
    width = "[document.querySelector('#scroller').scrollWidth, document.querySelector('#scroller').clientWidth]"
    assert page.evaluate(f"{width}[0] > {width}[1]")
    page.locator("#zoom-fit").click()
    assert page.evaluate(f"{width}[0] <= {width}[1]")
    first, last = (page.locator(".terminals rect").nth(k).bounding_box() for k in (0, 1023))
    box = page.locator("#scroller").bounding_box()
    assert box["x"] <= first["x"] < last["x"] + last["width"] <= box["x"] + box["width"]


def test_what_is_charged_is_marked_and_told(visit):
    page = visit(page_of("deep recurrent"), "#p=left-right")
    assert rank_bound(page) == 8
    assert sorted(page.locator(".texts text").all_text_contents()) == ["2", "C(4, 3) = 4"]
    assert page.locator(".dots .cut").count() == 2
    assert page.locator("#rows p").all_inner_texts()[1] == "u0[0]"
