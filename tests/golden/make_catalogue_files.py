"""Write the golden files of the formats as they are written now. Past versions stay as they are.

python -m tests.golden.make_catalogue_files
"""

from pathlib import Path

from shared import deltas, snapshots
from shared.catalogue import fold
from tests.facts import EMPTY
from tests.test_deltas import EVERY_KIND

HERE = Path(__file__).parent

if __name__ == "__main__":
    (HERE / f"delta-{deltas.FORMAT}.arrow").write_bytes(deltas.write_facts(EVERY_KIND))
    (HERE / f"snapshot-{snapshots.FORMAT}.arrow").write_bytes(fold(EMPTY, EVERY_KIND).to_bytes())
