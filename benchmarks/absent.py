"""Packages that this environment has and no function has: pyarrow loads pandas wherever it is. Only sys."""

import sys


class Absent:
    """Importing one of ``names`` fails as if it were not installed."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Raises ModuleNotFoundError for one of the names."""
        if name in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def hide(*names: str) -> None:
    """Hide packages from this process."""
    sys.meta_path.insert(0, Absent(*names))  # type: ignore[arg-type]
