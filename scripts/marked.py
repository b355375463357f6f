"""A page of docs whose tables are written from measurements, between two marks. Standard library only."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class MarkedPage:
    """The page at ``path``; the mark above its tables tells the module that writes them, such as
    ``training.figures``."""

    path: Path
    module: str
    what: str = "figures"

    @property
    def start(self) -> str:
        """The line above the tables."""
        return f"<!-- {self.what}: python -m {self.module} -->\n"

    @property
    def end(self) -> str:
        """The line below them."""
        return f"<!-- /{self.what} -->\n"

    def read(self) -> str:
        """The page's text."""
        return self.path.read_text(encoding="utf-8")

    def filled(self, page: str, tables: str) -> str:
        """A text of the page with ``tables`` between its two marks. Raises ValueError if it has none."""
        before, start, rest = page.partition(self.start)
        _, end, after = rest.partition(self.end)
        if not (start and end):
            expected = f"expected the marks {self.start.strip()} and {self.end.strip()}"
            raise ValueError(f"{self.path.name}: {expected}, found none")
        return before + start + tables + end + after

    def write(self, tables: str) -> None:
        """Put ``tables`` into the page. Raises ValueError if it has no marks."""
        self.path.write_text(self.filled(self.read(), tables), encoding="utf-8")
