"""One ONNX file, run as serving runs it. Imports onnxruntime; no torch."""

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from shared.encoder import INPUT

Floats = NDArray[np.float32]


class Session:
    """A network from its file's bytes; ``threads`` 0 takes as many as the machine has."""

    def __init__(self, data: bytes, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        self._names = [output.name for output in self._session.get_outputs()]

    def run(self, pictures: Floats) -> dict[str, Floats]:
        """What it answers to ``(n, 3, 224, 224)`` pictures, by the name of the output."""
        return dict(zip(self._names, self._session.run(self._names, {INPUT: pictures}), strict=True))
