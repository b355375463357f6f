"""What the environment says is checked before anything else."""

import pytest

from shared.errors import SettingsError
from shared.settings import Settings


@pytest.mark.parametrize(
    ("text", "expected"),
    [(None, None), ("", None), ("my-shop", "my-shop"), ("shop.example:my-shop", "shop.example:my-shop")],
)
def test_the_project_is_told_or_unknown(text: str | None, expected: str | None) -> None:
    environment = {} if text is None else {"GOOGLE_CLOUD_PROJECT": text}
    assert Settings.of(environment).google_cloud_project == expected


@pytest.mark.parametrize("text", ["my shop", "projects/my-shop", "My-Shop", "-shop", "shop\n", "s" * 101])
def test_what_cannot_be_a_project_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="GOOGLE_CLOUD_PROJECT: expected the id of a project"):
        Settings.of({"GOOGLE_CLOUD_PROJECT": text})


ENGINES = ["", "memory", "firestore://my-shop/(default)", "vertex://my-shop/items/europe-west1/123"]


@pytest.mark.parametrize("text", ENGINES)
def test_an_engine_is_memory_or_a_database(text: str) -> None:
    assert Settings.of({"CATALOGUE_ENGINE": text}).catalogue_engine == (text or "memory")


@pytest.mark.parametrize(
    "text",
    ["firestore", "firestore://my-shop", "vertex", "vertex://my-shop/items", "Memory", "sqlite:///items.db"],
)
def test_another_engine_is_refused(text: str) -> None:
    expected = "CATALOGUE_ENGINE: expected memory, firestore://PROJECT/DATABASE or vertex://.*, found"
    with pytest.raises(SettingsError, match=expected):
        Settings.of({"CATALOGUE_ENGINE": text})
