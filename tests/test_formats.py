"""``docs/formats.md`` says what is stored, column by column, and its lines of code run."""

import json
import re
from pathlib import Path

import msgspec
import pyarrow

from shared.deltas import read_ipc, write_facts
from shared.facts import parse_clock
from shared.manifest import Manifest
from shared.rejected import Rejection
from shared.reports import Report, report_name
from shared.snapshots import snapshot_schema
from tests.facts import WIDTH
from tests.test_deltas import EVERY_KIND

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs/formats.md").read_text()
SNAPSHOT = ROOT / "tests/golden/snapshot-1.arrow"
TYPES = {
    "utf8": "string",
    "float64": "double",
    "int64": "int64",
    "bool": "bool",
    "list<utf8>": "list<item: string>",
    "dictionary<int32, utf8>": "dictionary<values=string, indices=int32, ordered=0>",
    "fixed_size_list<float16>[width]": f"fixed_size_list<item: halffloat>[{WIDTH}]",
}


def columns(chapter: str) -> dict[str, str]:
    """Every column that a chapter's table names, with Arrow's name of its type."""
    text = TEXT.split(f"\n## {chapter}\n")[1].split("\n## ")[0].split("| schema metadata")[0]
    found = {}
    for names, kind in re.findall(r"^\| (`[^|]*) \| ([a-z][^|]*?) \|", text, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", names):
            found[name] = TYPES[kind.replace("\\", "")]
    return found


def test_the_columns_of_a_delta() -> None:
    schema = read_ipc(write_facts(EVERY_KIND), "delta", "delta", 1).schema
    assert columns("Deltas") == {field.name: str(field.type) for field in schema}


def test_the_columns_of_a_snapshot() -> None:
    said = columns("Snapshots")
    clock = said.pop("<field>_clock")
    schema = {field.name: str(field.type) for field in snapshot_schema(WIDTH)}
    assert schema == said | {name: clock for name in schema if name.endswith("_clock") and name not in said}


def test_the_order_of_a_snapshots_columns() -> None:
    sentence = re.search(r"The columns stand in the order (.*?), each with its clock", TEXT)
    assert sentence
    names = [name for name in snapshot_schema(WIDTH).names if name in re.findall(r"`(\w+)`", sentence[1])]
    assert re.findall(r"`(\w+)`", sentence[1]) == names


def test_the_lines_that_read_a_snapshot() -> None:
    (lines,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names = {"pyarrow": pyarrow}
    exec(lines.replace("0000000001-0123456789abcdef.arrow", str(SNAPSHOT)), names)
    assert names["vectors"].shape == (3, WIDTH)
    assert names["vectors"].base is not None


def test_the_examples_in_json() -> None:
    manifest, rejection, report = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert msgspec.json.decode(manifest, type=Manifest).department == "womenswear"
    assert json.loads(manifest).keys() == json.loads(msgspec.json.encode(Manifest("womenswear"))).keys()
    assert parse_clock(msgspec.json.decode(rejection, type=Rejection).clock)[2] == "womenswear/coat.jpg"
    told = msgspec.json.decode(report, type=Report)
    assert json.loads(report).keys() == json.loads(msgspec.json.encode(told)).keys()
    assert f"`{report_name('womenswear', told.file)}`" in TEXT
