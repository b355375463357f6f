"""What the stack says of the functions is what the functions are."""

import ast
import json
import re
from dataclasses import fields

import pytest

from benchmarks.footprint import AT_ONCE, RESULT
from scripts.stage import FUNCTIONS, sources
from shared.departments import DEPARTMENTS
from shared.settings import Settings
from tests.running import ROOT
from tests.terraform import block, local_values, resource

MIB = {"Mi": 1, "Gi": 1024}


def function() -> dict:
    return resource("google_cloudfunctions2_function", "this")


def mebibytes(memory: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(Mi|Gi)", memory).groups()
    return int(number) * MIB[unit]


def test_every_function_is_deployed_and_no_other() -> None:
    assert sorted(local_values()["functions"]) == sorted(FUNCTIONS)


def test_the_environment_is_the_settings() -> None:
    assert block(function(), "service_config")["environment_variables"] == "${local.settings}"
    assert set(local_values()["settings"]) == {field.name.upper() for field in fields(Settings)}


def test_addresses_are_those_of_the_cloud() -> None:
    schemes = {name: value.partition(":")[0] for name, value in local_values()["settings"].items()}
    assert (schemes["IMAGES"], schemes["CATALOGUE"], schemes["USERS"]) == ("gs", "gs", "firestore")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_entry_point_is_in_the_staged_main(name: str) -> None:
    assert block(function(), "build_config")["entry_point"] == "${each.key}"
    tree = ast.parse(next(data for path, data in sources(name).items() if path.name == "main.py"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_memory_is_twice_what_was_measured(name: str) -> None:
    measured = json.loads(RESULT.read_text())["functions"][name]["peak_mib"]
    assert mebibytes(local_values()["functions"][name]["memory"]) >= 2 * measured


@pytest.mark.parametrize("name", FUNCTIONS)
def test_memory_was_measured_with_as_many_calls_at_once(name: str) -> None:
    deployed = local_values()["functions"][name]["concurrency"]
    assert deployed == AT_ONCE[name] == json.loads(RESULT.read_text())["at_once"][name]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_more_calls_than_threads_at_once(name: str) -> None:
    """functions-framework runs four threads per CPU; Cloud Run wants a CPU for more than one call."""
    size = local_values()["functions"][name]
    assert size["concurrency"] <= 4 * int(size["cpu"])


def test_departments_are_those_of_the_program() -> None:
    assert tuple(local_values()["departments"]) == DEPARTMENTS


def test_storage_events_are_those_the_program_knows() -> None:
    from shared.events import PREFIX, TYPES

    (own,) = (one["event_trigger"] for one in function()["dynamic"])
    assert own["for_each"] == '${each.key == "embed_on_upload" ? ["finalized"] : []}'
    assert own["content"][0]["event_type"] == PREFIX + "${event_trigger.value}"
    assert {"finalized", *local_values()["events"].values()} == set(TYPES)


def test_the_dashboard_is_json_but_for_what_terraform_puts_in() -> None:
    text = (ROOT / "terraform" / "dashboard.json").read_text()
    tiles = json.loads(re.sub(r'(?<!")\$\{[\w.]+\}', '"…"', text))["mosaicLayout"]["tiles"]
    assert len({tile["widget"]["title"] for tile in tiles}) == len(tiles)


def test_a_check_that_is_skipped_says_why() -> None:
    for path in (ROOT / "terraform").glob("*.tf"):
        for skip in re.findall(r"checkov:skip.*", path.read_text()):
            assert re.fullmatch(r"checkov:skip=CKV2?_GCP_\d+: \w.{20,}", skip), path.name
