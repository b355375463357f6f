"""A map of style: items of one space on a plane, near each other where they are alike. numpy only."""

from dataclasses import dataclass

import numpy as np

from shared.vectors import Floats, Matrix

SAMPLE = 512  # items that the plane is laid through


@dataclass(frozen=True)
class Projection:
    """A plane through the space: its ``centre`` ``(width,)``, two ``axes`` ``(2, width)`` at right angles,
    and the ``reach``, above 0, of what it was laid through."""

    centre: Floats
    axes: Floats
    reach: float

    def places(self, vectors: Floats) -> Floats:
        """Where the items ``(n, width)`` lie: ``(n, 2)``, each number from -1 to 1."""
        return np.clip((vectors - self.centre) @ self.axes.T / self.reach, -1, 1)


def lay(vectors: Matrix) -> Projection:
    """The plane in which the items ``(n, width)`` differ most: the first two principal components of an
    evenly spaced sample. The same vectors give the same plane; two items lie on a line, one on a point."""
    width = vectors.shape[1]
    if not len(vectors):
        return Projection(np.zeros(width, np.float32), np.zeros((2, width), np.float32), 1.0)
    sample = vectors[np.linspace(0, len(vectors) - 1, min(SAMPLE, len(vectors))).astype(np.intp)]
    centre = sample.mean(axis=0)
    centred = (sample - centre).astype(np.float64)
    # The components of few rows of great width, by way of the products of the rows.
    values, sides = np.linalg.eigh(centred @ centred.T)
    axes = np.zeros((2, width))
    for place in range(min(2, len(values))):
        if values[-1 - place] > 1e-9:
            axis = centred.T @ sides[:, -1 - place] / np.sqrt(values[-1 - place])
            axes[place] = axis if axis[np.argmax(np.abs(axis))] > 0 else -axis
    reach = float(np.abs(centred @ axes.T).max()) or 1.0
    return Projection(centre.astype(np.float32), axes.astype(np.float32), reach)
