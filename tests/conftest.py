"""What holds for every test: Hypothesis judges answers, not how busy the machine is, and no function
inherits the signature of the one before."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("stylekin", deadline=None)
settings.load_profile("stylekin")


@pytest.fixture(autouse=True)
def forget_signature() -> Iterator[None]:
    """functions-framework keeps the last function's signature type in the environment."""
    yield
    os.environ.pop("FUNCTION_SIGNATURE_TYPE", None)
