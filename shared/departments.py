"""The two departments, and the space a vector belongs to. Standard library only."""

from dataclasses import dataclass

DEPARTMENTS = ("womenswear", "menswear")


@dataclass(frozen=True)
class Space:
    """Where vectors may be compared: one department's vectors of one model version."""

    department: str
    model: str
