"""The page about engines says what was measured."""

import json

from benchmarks.engines import PAGE, RESULTS, tables


def test_the_page_has_the_tables_of_the_measurements() -> None:
    page = PAGE.read()
    assert PAGE.filled(page, tables(json.loads(RESULTS.read_text()))) == page
