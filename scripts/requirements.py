"""Write every requirements file from the dependency groups of pyproject.toml, pinned to the last package.

The first line of each file carries a digest of its group, so that a test can tell a stale file without
a network. `training` and `bench-torch` list only what they name themselves: which build of torch brings which
libraries depends on the machine; `checkov` too, since it is a tool of CI alone.

    python -m scripts.requirements
"""

import argparse
import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
FUNCTIONS = ("register", "recommend", "embed_on_upload", "compact_catalogue", "inspect_catalogue")
FILES = {
    **{function: Path("functions", function, "requirements.txt") for function in FUNCTIONS},
    "app": Path("requirements/app.txt"),
    "serve": Path("requirements/serve.txt"),
    "dev": Path("requirements/dev.txt"),
    "bench": Path("requirements/bench.txt"),
    "bench-torch": Path("requirements/bench-torch.txt"),
    "training": Path("requirements/training.txt"),
    "beam": Path("requirements/beam.txt"),
    "checkov": Path("requirements/checkov.txt"),
}
UNRESOLVED = {"bench-torch", "training", "checkov"}


def group(name: str, root: Path = ROOT) -> list[str]:
    """The requirements of a dependency group, those of included groups with them, sorted."""
    groups = tomllib.loads((root / "pyproject.toml").read_text())["dependency-groups"]

    def collect(group_name: str) -> set[str]:
        found: set[str] = set()
        for entry in groups[group_name]:
            found |= {entry} if isinstance(entry, str) else collect(entry["include-group"])
        return found

    return sorted(collect(name))


def heading(name: str, root: Path = ROOT) -> str:
    """The first line of the group's requirements file."""
    digest = hashlib.sha256("\n".join(group(name, root)).encode()).hexdigest()[:16]
    return f"# written by `python -m scripts.requirements` from group {name} of pyproject.toml {digest}"


def resolve(name: str) -> list[str]:
    """Every package the group needs, pinned, for Python 3.11 and newer. Asks the package index."""
    if name in UNRESOLVED:
        return group(name)
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--no-header", "--no-annotate", "--group", name]
    found = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return found.stdout.splitlines()


def main() -> None:
    """Write all of them."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.requirements", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.parse_args()
    for name, path in FILES.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text("\n".join([heading(name), *resolve(name)]) + "\n")
        print(path)


if __name__ == "__main__":
    main()
