"""Every fault at full scale, with its findings written to docs/reliability.json. Some minutes.

python -m tests.faults && python -m tests.faults.table
"""

import argparse
from pathlib import Path

import msgspec
from tqdm import tqdm

from tests.faults.store import FAULTS
from tests.faults.table import FINDINGS, Findings
from tests.faults.trial import FULL, RATE, SMALL, Found, Scale, trial


def main() -> None:
    """Try every fault, or some, and write what was found."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="the scale of the tests")
    parser.add_argument("--fault", choices=FAULTS, action="append", help="one of them; default: all")
    parser.add_argument("--out", type=Path, default=FINDINGS, help="default: docs/reliability.json")
    arguments = parser.parse_args()
    scale, faults = SMALL if arguments.small else FULL, arguments.fault or FAULTS
    found = kept(arguments.out, arguments.seed, scale)
    total = scale.items + scale.clients * scale.likes
    for fault in faults:
        with tqdm(total=total, desc=fault, unit=" acknowledged") as bar:
            found[fault] = trial(fault, scale, arguments.seed, lambda done, bar=bar: bar.update(done - bar.n))
        for each in found[fault].amiss:
            tqdm.write(f"{fault}: {each}")
        findings = Findings(arguments.seed, RATE, scale, tuple(found.values()))
        arguments.out.write_bytes(msgspec.json.format(msgspec.json.encode(findings), indent=2) + b"\n")


def kept(path: Path, seed: int, scale: Scale) -> dict[str, Found]:
    """What was found before, by fault, with the same seed at the same scale."""
    if not path.exists():
        return {}
    before = msgspec.json.decode(path.read_bytes(), type=Findings)
    same = (before.seed, before.rate, before.scale) == (seed, RATE, scale)
    return {found.fault: found for found in before.found} if same else {}


if __name__ == "__main__":
    main()
