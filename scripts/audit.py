"""Ask the Python Packaging Advisory Database, through PyPI, whether a pinned package is known to be unsafe.

    python -m scripts.audit

Ends with status 0 if all of them were asked for and none is, 1 if one is, and 3 if they could not all be
asked for: without a network, or behind a mirror that has packages and no advisories. Then nothing is known.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

from scripts.stage import ROOT

SAFE, UNSAFE, UNKNOWN = 0, 1, 3
TIMEOUT = 300.0  # seconds


def verdict(packages: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """The exit status, and what to say, of pip-audit's list of packages."""
    unsafe = [
        f"{package['name']} {package['version']}: {flaw['id']}, mended in "
        f"{', '.join(flaw['fix_versions']) or 'no version'}"
        for package in packages
        for flaw in package.get("vulns", ())
    ]
    if unsafe:
        return UNSAFE, unsafe
    unasked = [package["name"] for package in packages if "skip_reason" in package]
    if unasked or not packages:
        return UNKNOWN, [
            f"not audited: the service knows nothing of {len(unasked)} of {len(packages)} packages"
        ]
    return SAFE, [f"{len(packages)} packages, none with a known flaw"]


def main() -> int:
    """Audit every requirements file; the exit status."""
    argparse.ArgumentParser(
        prog="python -m scripts.audit",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    command += ["--no-deps", "--disable-pip"]
    for path in sorted([*ROOT.glob("requirements/*.txt"), *ROOT.glob("functions/*/requirements.txt")]):
        command += ["--requirement", str(path)]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT)
        status, lines = verdict(json.loads(found.stdout)["dependencies"])
    except subprocess.TimeoutExpired:
        status, lines = UNKNOWN, [f"not audited: no answer within {TIMEOUT:.0f} s"]
    except (ValueError, KeyError):
        last = (found.stderr.strip() or "pip-audit said nothing").splitlines()[-1]
        status, lines = UNKNOWN, [f"not audited: {last}"]
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
