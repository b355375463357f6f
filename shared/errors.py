"""Every error Stylekin raises on purpose, as one tree. Imports nothing.

    StylekinError
    ├── RequestError               the caller of an HTTP function is at fault
    │   ├── MalformedRequest         not JSON, wrong type, unknown field, out of range
    │   ├── UnknownItem              an item id the department never had
    │   ├── PhotoRefused             a photograph that cannot be decoded
    │   ├── Unauthenticated          no token, or a wrong one
    │   ├── NotFound                 no such path, or nothing of the caller's there
    │   ├── MethodNotAllowed
    │   ├── IdempotencyConflict      the same Idempotency-Key with another body
    │   ├── BodyTooLarge
    │   └── UnsupportedMediaType
    ├── Refused                    an uploaded object can never be taken in (permanent)
    │   ├── PictureRefused           EmptyPicture, NotAPicture, PictureTooLarge, TooManyPixels, DamagedPicture
    │   ├── TableRefused             a CSV of attributes that cannot be read
    │   ├── NameRefused              an object name that cannot be an item
    │   └── GivenUp                  what failed for hours, and is not tried again until it is replayed
    ├── EventRefused               an event that is not of the documented form (permanent)
    ├── StoreError                 a store's answer
    │   ├── BlobNotFound             nothing of that name, or not at that generation
    │   ├── PreconditionFailed       somebody else wrote first
    │   ├── ProfileNotFound
    │   ├── ProfileExists
    │   └── StoreUnavailable         try again (transient)
    ├── ModelMissing               the operator has not published a model for the department
    ├── ModelDamaged               a bundle that does not match its card
    ├── FormatError                stored bytes that are not of a known format version
    ├── Problem, Unreachable       what calling the functions came to (shared.calling)
    ├── SettingsError              a setting that cannot be understood
    └── SpaceMismatch (TypeError)  vectors of two model spaces were about to be compared

Permanent faults are recorded and acknowledged; transient ones are raised so that the event is sent
again. HTTP statuses are given in one table, in ``shared.web``.
"""


class StylekinError(Exception):
    """Anything Stylekin raises on purpose. The message says what was expected and what was found."""


class RequestError(StylekinError):
    """The caller of an HTTP function is at fault."""


class MalformedRequest(RequestError):
    """Not JSON, a wrong type, an unknown field or a value out of range."""


class UnknownItem(RequestError):
    """An item id that the department never had."""


class PhotoRefused(RequestError):
    """A photograph that is no picture, too large or damaged."""


class Unauthenticated(RequestError):
    """No token, or a wrong one."""


class NotFound(RequestError):
    """No such path, or nothing of the caller's there."""


class MethodNotAllowed(RequestError):
    """A method the path does not take. ``allowed`` lists those it does."""

    def __init__(self, message: str, allowed: tuple[str, ...]) -> None:
        super().__init__(message)
        self.allowed = allowed


class IdempotencyConflict(RequestError):
    """The same Idempotency-Key came with another body."""


class BodyTooLarge(RequestError):
    """A request body over the limit."""


class UnsupportedMediaType(RequestError):
    """A content type the function does not read."""


class Refused(StylekinError):
    """An uploaded object can never be taken in; trying again changes nothing."""


class PictureRefused(Refused):
    """A picture that can never be embedded."""


class EmptyPicture(PictureRefused):
    """An object of no bytes."""


class NotAPicture(PictureRefused):
    """Bytes that are not JPEG, PNG or WebP."""


class PictureTooLarge(PictureRefused):
    """More bytes than the cap."""


class TooManyPixels(PictureRefused):
    """More pixels than the cap; refused before they are decoded."""


class DamagedPicture(PictureRefused):
    """A picture that starts well and cannot be decoded to its end."""


class TableRefused(Refused):
    """A CSV of attributes that cannot be read."""


class NameRefused(Refused):
    """An object name that cannot be an item."""


class GivenUp(Refused):
    """An object whose event failed for hours; ``scripts.replay`` has it tried again."""


class EventRefused(StylekinError):
    """An event that is not of the documented form; it is acknowledged and logged."""


class StoreError(StylekinError):
    """A store's answer."""


class BlobNotFound(StoreError):
    """Nothing of that name, or not at that generation."""


class PreconditionFailed(StoreError):
    """Somebody else wrote first."""


class ProfileNotFound(StoreError):
    """No profile of that user id."""


class ProfileExists(StoreError):
    """A profile of that user id is there already."""


class StoreUnavailable(StoreError):
    """The store did not answer; try again."""


class ModelMissing(StylekinError):
    """The operator has not published a model for the department."""


class ModelDamaged(StylekinError):
    """A model bundle that does not match its card."""


class FormatError(StylekinError):
    """Stored bytes that are not of a known format version."""


class SettingsError(StylekinError):
    """A setting that cannot be understood."""


class SpaceMismatch(StylekinError, TypeError):
    """Vectors of two model spaces were about to be compared."""
