import tracemalloc
from dataclasses import replace
from io import BufferedReader
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from shared.catalogue import Catalogue, fold
from shared.deltas import write_ipc
from shared.departments import Space
from shared.errors import FormatError
from shared.snapshots import read_snapshot, rows_of, snapshot_schema, table_of
from shared.storage.pieces import Pieces
from tests.facts import EMPTY, SPACE, WIDTH, axis, picture, priced
from tests.test_deltas import EVERY_KIND

GOLDEN = Path(__file__).parent / "golden"


def test_every_past_format_is_read_for_ever() -> None:
    catalogue = Catalogue.from_buffer((GOLDEN / "snapshot-1.arrow").read_bytes())
    assert catalogue.space == SPACE
    assert catalogue.table["item_id"].to_pylist() == ["coat", "dress", "hat"]
    assert fold(catalogue, EVERY_KIND) is catalogue
    assert catalogue.version == fold(EMPTY, EVERY_KIND).version


def test_the_format_written_now_is_the_newest_golden_file() -> None:
    assert fold(EMPTY, EVERY_KIND).to_bytes() == (GOLDEN / "snapshot-1.arrow").read_bytes()


def test_the_documented_line_reads_the_vectors() -> None:
    table = pa.ipc.open_file(str(GOLDEN / "snapshot-1.arrow")).read_all()
    vectors = table["vector"].combine_chunks().values.to_numpy().reshape(-1, WIDTH)
    assert vectors.tolist() == [axis(1).tolist(), axis(2).tolist(), [0, 0, 0, 0]]


def test_an_empty_catalogue_is_a_snapshot_too() -> None:
    again = Catalogue.from_buffer(EMPTY.to_bytes())
    assert (again.space, again.width, len(again), again.version) == (SPACE, WIDTH, 0, "0" * 16)


def test_the_table_lies_in_the_bytes_without_a_copy() -> None:
    facts = [picture(f"{number:03d}", 1, number) for number in range(200)]
    data = fold(EMPTY, facts).to_bytes()
    before = pa.total_allocated_bytes()
    catalogue = Catalogue.from_buffer(data)
    assert pa.total_allocated_bytes() - before < len(data) / 4
    assert len(catalogue) == 200


@pytest.mark.parametrize("data", [b"", b"not arrow"])
def test_bytes_that_are_no_snapshot(data: bytes) -> None:
    with pytest.raises(FormatError, match="the-name"):
        read_snapshot(data, "the-name")


@pytest.mark.parametrize("change", ["department", "version", "sources", "format"])
def test_a_snapshot_without_its_metadata_is_refused(change: str) -> None:
    table = pa.ipc.open_file(EMPTY.to_bytes()).read_all()
    metadata = {key: value for key, value in table.schema.metadata.items() if key != change.encode()}
    with pytest.raises(FormatError):
        read_snapshot(write_ipc(table.replace_schema_metadata(metadata)))


def test_a_snapshot_with_other_columns_is_refused() -> None:
    table = pa.ipc.open_file(EMPTY.to_bytes()).read_all()
    for other in (table.drop_columns(["price"]), table.drop_columns(["vector"])):
        with pytest.raises(FormatError):
            read_snapshot(write_ipc(other))


def test_any_piece_of_a_snapshot_is_that_of_the_whole() -> None:
    vectors = [picture(f"{number:02d}", 1, number) for number in range(9)]
    before = Catalogue.from_buffer(fold(EMPTY, [*vectors, priced("zz", 1, price=3.0)]).to_bytes())
    news = [*(picture(f"{number:02d}", 2, number + 1) for number in (3, 5)), priced("04x", 1)]
    catalogue = fold(before, news, together=False)
    file, whole = catalogue.to_file(), fold(before, news).to_bytes()
    assert file.size == len(whole)
    pieces = {(start, size) for start in range(0, file.size + 3, 61) for size in (0, 1, 8, 33, file.size)}
    assert [piece for piece in pieces if file.read(*piece) != whole[piece[0] : sum(piece)]] == []


def test_what_lies_under_null_is_not_written() -> None:
    """Two items, of which the first has a vector in the table and the mask says that it has none."""
    clean = fold(EMPTY, [priced("a", 1), picture("b", 1, 2)])
    values = pa.array(np.concatenate([axis(3), axis(2)]))
    dirty = pa.FixedSizeListArray.from_arrays(values, WIDTH, mask=pa.array([True, False]))
    table = clean.table.set_column(clean.table.schema.get_field_index("vector"), "vector", dirty)
    assert replace(clean, table=table).to_bytes() == clean.to_bytes()


def test_more_numbers_than_32_bits_count_are_laid_out() -> None:
    """Of vectors that are one piece of memory many times over; nothing of them is read."""
    count, width = 2**8, 2**14
    few = Catalogue.of(SPACE, width, [{"item_id": f"{n:07d}"} for n in range(count)]).table
    times = 2**9 + 1
    table = pa.concat_tables([few] * times)
    assert len(table) * width > 2**31
    file = Catalogue(SPACE, width, table, {}, 0).to_file()
    assert file.size > 2 * len(table) * width
    zeros = file.read(file.size // 2, 100)
    assert zeros == bytes(100)
    found = pa.ipc.open_file(pa.PythonFile(BufferedReader(Pieces("it", file.size, file.read, 1 << 16)), "r"))
    assert found.schema.field("vector").type.list_size == width
    assert found.num_record_batches == 1


def test_reading_a_snapshot_in_pieces_takes_no_more_than_a_piece() -> None:
    count, width, piece = 4096, 256, 1 << 16
    rows = [{"item_id": f"{number:05d}", "vector": np.ones(width, np.float16)} for number in range(count)]
    file = Catalogue.of(SPACE, width, rows).to_file()
    assert file.size > count * width * 2
    before = pa.total_allocated_bytes()
    tracemalloc.start()
    try:
        assert sum(len(file.read(start, piece)) for start in range(0, file.size, piece)) == file.size
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 4 * piece
    assert pa.total_allocated_bytes() == before


def test_rows_go_in_and_out_of_a_table() -> None:
    rows = rows_of(
        fold(EMPTY, [picture("a", 1, 2), priced("a", 1, price=3.0, sizes=("S",)), priced("b", 1)]).table
    )
    assert rows[0]["vector"].tolist() == axis(2).tolist()
    assert (rows[0]["price"], rows[0]["sizes"]) == (3.0, ("S",))
    assert rows[1] == {"item_id": "b"}
    assert table_of(rows, WIDTH).schema == snapshot_schema(WIDTH)
    assert table_of([], WIDTH).num_rows == 0


def test_a_catalogue_of_another_space_has_other_bytes() -> None:
    other = Catalogue.empty(Space("menswear", "v1"), WIDTH)
    assert other.to_bytes() != EMPTY.to_bytes()
