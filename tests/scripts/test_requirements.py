"""Each requirements file is what its dependency group says now, pinned to the last package."""

import importlib.metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.requirements import FILES, FUNCTIONS, ROOT, UNRESOLVED, group, heading

APART = {"bench", "beam"}  # which have environments of their own
RESOLVED = [name for name in FILES if name not in {*UNRESOLVED, *APART}]
NETWORKS = {"torch", "torchvision", "scikit-learn", "scipy", "onnx"}
HEAVY = {*NETWORKS, "pandas", "streamlit"}


def pins(name: str) -> dict[str, Requirement]:
    lines = (ROOT / FILES[name]).read_text().splitlines()
    return {
        canonicalize_name(requirement.name): requirement
        for requirement in (Requirement(line) for line in lines if not line.startswith("#"))
    }


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_not_stale(name: str) -> None:
    first = (ROOT / FILES[name]).read_text().splitlines()[0]
    assert first == heading(name), "run `make requirements`"


@pytest.mark.parametrize("name", FILES)
def test_a_file_names_what_its_group_names(name: str) -> None:
    for line in group(name):
        requirement = Requirement(line)
        assert pins(name)[canonicalize_name(requirement.name)].specifier == requirement.specifier


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_and_comes_from_the_index(name: str) -> None:
    for requirement in pins(name).values():
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert requirement.url is None


@pytest.mark.parametrize("name", RESOLVED)
def test_a_file_holds_everything_its_packages_need(name: str) -> None:
    pinned = pins(name)
    for requirement in pinned.values():
        if requirement.marker and not requirement.marker.evaluate():
            continue
        for line in importlib.metadata.requires(requirement.name) or []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                assert canonicalize_name(needed.name) in pinned, f"{requirement.name} needs {needed}"


@pytest.mark.parametrize("name", RESOLVED)
def test_nothing_heavy_is_served(name: str) -> None:
    """Streamlit brings pandas; both are the page's alone."""
    assert set(pins(name)) & (HEAVY if name in FUNCTIONS else NETWORKS) == set()


@pytest.mark.parametrize("name", ["register", "compact_catalogue"])
def test_a_function_that_sees_no_picture_has_no_encoder(name: str) -> None:
    assert set(pins(name)) & {"onnxruntime", "pillow"} == set()


def test_a_changed_group_makes_its_file_stale(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[dependency-groups]\nregister = ["numpy==1"]\n')
    before = heading("register", tmp_path)
    (tmp_path / "pyproject.toml").write_text('[dependency-groups]\nregister = ["numpy==2"]\n')
    assert heading("register", tmp_path) != before
