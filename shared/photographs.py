"""A shopper's photograph, embedded as a shop's picture is. The one module that brings the decoder and the
networks into ``recommend``, imported when the first photograph comes."""

from collections.abc import Callable

from shared import pictures
from shared.encoder import Encodes
from shared.errors import PhotoRefused, PictureRefused
from shared.vectors import Floats


class Photographs:
    """Looks at photographs; ``encoders`` gives the encoder of a department's model version."""

    def __init__(self, encoders: Callable[[str, str], Encodes]) -> None:
        self._encoders = encoders

    def __call__(self, photo: bytes, department: str, version: str) -> Floats:
        """The embedding ``(width,)`` of a picture's bytes, of length 1; the bytes are let go.

        Raises PhotoRefused, ModelMissing, ModelDamaged.
        """
        try:
            picture = pictures.decode(photo)
        except PictureRefused as error:
            raise PhotoRefused(f"photo: {error}") from error
        return self._encoders(department, version).encode(picture).vector
