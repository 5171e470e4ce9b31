"""Pictures in files: whole, equal for equal reports, or nothing."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from PIL import Image

import tncut
from tncut import ConvAC, Report
from tncut.draw import save
from tncut.errors import FileError, SizeError


@cache
def report() -> Report:
    return tncut.bound(ConvAC.deep(sites=4, site_dim=2, channels=(2, 2), name="deep-4"), "odd-even")


def test_png_is_an_image(tmp_path):
    save(report(), tmp_path / "net.png")
    with Image.open(tmp_path / "net.png") as image:
        image.verify()
        assert min(image.size) > 300


def test_svg_is_xml_with_the_parts_by_name(tmp_path):
    save(report(), tmp_path / "net.svg")
    root = ElementTree.parse(tmp_path / "net.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    names = {element.get("id") for element in root.iter()}
    assert {"sites-A", "sites-B", "cut-lines"} <= names


def test_pdf_is_complete(tmp_path):
    save(report(), str(tmp_path / "net.pdf"))
    content = (tmp_path / "net.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
def test_equal_reports_give_equal_files(tmp_path, suffix):
    again = tncut.bound(ConvAC.deep(sites=4, site_dim=2, channels=(2, 2), name="deep-4"), "odd-even")
    save(report(), tmp_path / f"one.{suffix}")
    save(again, tmp_path / f"two.{suffix}")
    assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()


def test_capital_suffixes_are_known(tmp_path):
    save(report(), tmp_path / "net.PNG")
    assert (tmp_path / "net.PNG").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["net.jpg", "net", ".svg", "net.svg.gz"])
def test_other_suffixes_are_refused(tmp_path, name):
    with pytest.raises(FileError, match=r"\.png, \.svg, \.pdf"):
        save(report(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", [5, None, b"net.svg"])
def test_what_is_no_file_name_is_one_line(path):
    with pytest.raises(FileError, match=r"is no file name; name the picture for example net\.png$"):
        save(report(), path)


def test_a_missing_folder_is_one_line(tmp_path):
    with pytest.raises(FileError, match="cannot write") as error:
        save(report(), tmp_path / "none" / "net.svg")
    assert "\n" not in str(error.value)


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "net.svg").mkdir()
    with pytest.raises(FileError, match="folder"):
        save(report(), tmp_path / "net.svg")


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    def full_disk(self: Figure, path: Path, **_: object) -> None:
        Path(path).write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", full_disk)
    (tmp_path / "net.svg").write_text("old")
    with pytest.raises(FileError, match="No space left"):
        save(report(), tmp_path / "net.svg")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("net.svg", "old")]


def test_a_network_that_is_too_large_writes_nothing(tmp_path):
    large = tncut.bound(ConvAC.shallow(sites=20_000, site_dim=2, channels=2), "odd-even")
    with pytest.raises(SizeError):
        save(large, tmp_path / "net.svg")
    assert list(tmp_path.iterdir()) == []
