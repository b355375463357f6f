"""What the page is configured with."""

import pytest

from app.settings import BadSetting, settings

RUN = {
    "REGISTER_URL": "https://r.example",
    "RECOMMEND_URL": "https://c.example/x",
    "IMAGES": "gs://shop-images",
}


def test_without_variables_it_is_what_make_serve_serves() -> None:
    found = settings({})
    assert (found.register_url, found.recommend_url) == ("http://127.0.0.1:8080", "http://127.0.0.1:8081")
    assert (found.images, found.private) == ("file://.local/images", False)


def test_on_cloud_run_the_functions_are_asked_with_an_identity() -> None:
    assert settings({**RUN, "K_SERVICE": "page"}).private
    assert not settings(RUN).private


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REGISTER_URL", "register"),
        ("RECOMMEND_URL", "https://me:secret@host/"),
        ("IMAGES", "s3://bucket"),
        ("IMAGES", "gs://"),
    ],
)
def test_a_wrong_one_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name}: expected .*, found"):
        settings({**RUN, name: value})
