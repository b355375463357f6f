"""Lay out what a deployed function is: `build/<function>/{main.py, requirements.txt, shared/}`.

Local serving, the tests, Cloud Build and Terraform all use these same folders. Standard library only.

    python -m scripts.stage                  all functions, into build/
    python -m scripts.stage recommend        one of them
"""

import argparse
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
FUNCTIONS = tuple(sorted(path.parent.name for path in ROOT.glob("functions/*/main.py")))


def sources(function: str) -> dict[Path, bytes]:
    """What a deployed function holds: path inside its folder, and bytes. Only Python sources travel."""
    folder = ROOT / "functions" / function
    files = {Path(name): (folder / name).read_bytes() for name in ("main.py", "requirements.txt")}
    for module in sorted((ROOT / "shared").rglob("*.py")):
        files[module.relative_to(ROOT)] = module.read_bytes()
    return files


def stage(function: str, out: Path) -> Path:
    """Write the folder of one function below ``out`` and return it.

    A folder that holds these sources already is left alone, so that a function running from it goes on.
    """
    target, files = out / function, sources(function)
    staged = {
        path.relative_to(target): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    if staged == files:
        return target
    shutil.rmtree(target, ignore_errors=True)
    for path, data in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(data)
    return target


def main() -> None:
    """Stage the functions named, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.stage", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help=f"one of {', '.join(FUNCTIONS)}")
    parser.add_argument("--out", type=Path, default=ROOT / "build", help="default: build/")
    arguments = parser.parse_args()
    if unknown := set(arguments.functions) - set(FUNCTIONS):
        parser.error(f"expected functions among {', '.join(FUNCTIONS)}, found {', '.join(sorted(unknown))}")
    for function in arguments.functions or FUNCTIONS:
        print(stage(function, arguments.out))


if __name__ == "__main__":
    main()
