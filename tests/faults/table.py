"""The table of docs/reliability.md, from the committed findings and never typed by hand.

python -m tests.faults.table
"""

from pathlib import Path

import msgspec

from scripts.marked import MarkedPage
from tests.faults.store import FAULTS
from tests.faults.trial import Found, Scale

ROOT = Path(__file__).resolve().parents[2]
PAGE = MarkedPage(ROOT / "docs" / "reliability.md", "tests.faults.table", "findings")
FINDINGS = ROOT / "docs" / "reliability.json"
PROMISES = {
    "errors": "asked again; nothing is lost",
    "timeouts": "asked again, whether it was done or not; nothing is lost",
    "lost acknowledgements": "the second attempt finds what the first did; nothing is done twice",
    "slow reads": "only slower",
    "lagging listings": "seen late; nothing is taken for gone that is there",
    "truncated reads": "noticed by their length and read again; no picture is refused, no fact skipped",
    "killed processes": "what was acknowledged is there; the rest is done when its event comes again",
}
HEAD = (
    "| fault | times injected | what was promised | uploads acknowledged, visible | likes acknowledged, kept "
    "| `/recommend` calls of readers, 5xx | items that vanished | orphans | compactions, overtaken |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
)


class Findings(msgspec.Struct, frozen=True):
    """What ``python -m tests.faults`` writes."""

    seed: int
    rate: float
    scale: Scale
    found: tuple[Found, ...]


def findings(path: Path = FINDINGS) -> Findings:
    """The committed findings."""
    return msgspec.json.decode(path.read_bytes(), type=Findings)


def table(of: Findings) -> str:
    """The scale, and a row per fault."""
    scale = of.scale
    lines = [
        f"{scale.writers} writers of {scale.items:,} items, {scale.compactors} compactors, {scale.readers} "
        f"readers, {scale.clients} clients of {scale.likes} likes each; seed {of.seed}; "
        f"{of.rate:.0f} seconds pass on the shop's clock in each second.\n\n",
        HEAD,
    ]
    for found in sorted(of.found, key=lambda found: FAULTS.index(found.fault)):
        cells = [
            found.fault,
            f"{found.injected:,}",
            PROMISES[found.fault],
            f"{found.uploaded:,}, {found.visible:,}",
            f"{found.liked:,}, {found.kept:,}",
            f"{found.calls:,}, {found.server_errors:,}",
            f"{found.vanished:,}",
            f"{found.orphans:,}",
            f"{found.compactions:,}, {found.overtaken:,}",
        ]
        lines.append(f"| {' | '.join(cells)} |\n")
    return "".join(lines)


def main() -> None:
    """Write the committed findings into the page."""
    PAGE.write(table(findings()))


if __name__ == "__main__":
    main()
