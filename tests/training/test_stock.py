"""A shop's own data: tables and folders as shops have them, and the buckets of a running system."""

import argparse
from pathlib import Path

import pytest

pd = pytest.importorskip("pandas", reason="a shop's own data needs pandas, of the training group")

from shared.errors import StylekinError  # noqa: E402
from tests.bundles import card, painted, publish  # noqa: E402
from training.stock import StockRefused, add_arguments, labelled, of_table, only, opened  # noqa: E402


def shop(folder: Path, table: str = "item_id,style\na,smart\nb,street\n") -> Path:
    """A table and a picture of each item."""
    folder.mkdir(exist_ok=True)
    for name in ("a.jpg", "b.png"):
        (folder / name).write_bytes(painted("red"))
    (folder / "items.csv").write_text(table)
    return folder


def told(*words: str):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return opened(parser.parse_args(words))


def test_a_table_and_its_pictures(tmp_path):
    stock = of_table(shop(tmp_path) / "items.csv")
    assert stock.items[["item_id", "style", "department", "image"]].to_numpy().tolist() == [
        ["a", "smart", "", "a.jpg"],
        ["b", "street", "", "b.png"],
    ]
    assert stock.read("a.jpg") == painted("red")


def test_parquet_and_csv_are_the_same_stock(tmp_path):
    table = "item_id,style,group_id,price\n007,smart,12,9.50\n8,,,\n"
    folder = shop(tmp_path, table)
    pd.read_csv(folder / "items.csv", dtype=str).to_parquet(tmp_path / "items.parquet")
    both = [of_table(tmp_path / f"items.{kind}").items for kind in ("csv", "parquet")]
    for items in both:
        assert items["item_id"].tolist() == ["007", "8"]
        assert items["group_id"].tolist() == ["12", ""]
        assert items["price"].iloc[0] == "9.50"
    assert both[0][["item_id", "style", "image"]].equals(both[1][["item_id", "style", "image"]])


def test_numbers_of_a_parquet_table_become_ids(tmp_path):
    pd.DataFrame({"item_id": [1, 2], "style": ["smart", None]}).to_parquet(tmp_path / "items.parquet")
    items = of_table(tmp_path).items
    assert items["item_id"].tolist() == ["1", "2"]
    assert items["style"].tolist() == ["smart", ""]


def test_a_picture_is_found_by_its_column_its_id_or_its_department(tmp_path):
    folder = shop(tmp_path, "item_id,department,image\nx,menswear,b.png\na,menswear,\nc,menswear,\nd,,\n")
    (folder / "menswear").mkdir()
    (folder / "menswear" / "c.webp").write_bytes(painted("red", "WEBP"))
    assert of_table(folder).items["image"].tolist() == ["b.png", "a.jpg", "menswear/c.webp", ""]


def test_the_shop_names_its_columns(tmp_path):
    folder = shop(tmp_path, "sku,look\na,smart\n")
    items = told(str(folder), "--column", "item_id=sku", "--column", "style=look").items
    assert items[["item_id", "style"]].to_numpy().tolist() == [["a", "smart"]]


def test_an_item_listed_twice_stands_once(tmp_path):
    stock = of_table(shop(tmp_path, "item_id,style\na,smart\na,street\nb,\n"))
    assert stock.items["style"].tolist() == ["smart", ""]
    assert stock.repeated == ("a",)


def test_items_without_a_department_are_of_the_one_asked_for(tmp_path):
    stock = of_table(shop(tmp_path, "item_id,department\na,\nb,menswear\n"))
    assert only(stock, "womenswear").items[["item_id", "department"]].to_numpy().tolist() == [
        ["a", "womenswear"]
    ]
    assert only(stock, "menswear").items["item_id"].tolist() == ["a", "b"]


def test_labels_are_laid_over(tmp_path):
    stock = of_table(shop(tmp_path))
    labels = pd.DataFrame({"item_id": ["b", "z"], "style": ["dressy", "smart"], "category": ["", ""]})
    assert labelled(stock, labels).items["style"].tolist() == ["smart", "dressy"]
    assert stock.items["style"].tolist() == ["smart", "street"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["nowhere.csv"], "expected a CSV or Parquet table"),
        (["."], "expected one CSV or Parquet table, found none"),
        (["items.csv", "--column", "sku=item_id"], "expected one of item_id"),
        (["items.csv", "--column", "item_id=sku"], "expected a column 'sku' for item_id"),
        (["other.csv"], "--column item_id=NAME names another"),
        (["empty.csv"], "expected items, found none"),
        (["items.csv", "--pictures", "nowhere"], "expected a folder of pictures"),
        (["file://catalogue"], "expected --images"),
        (["ftp://catalogue", "--images", "file://images"], "SOURCE: expected file://FOLDER or gs://BUCKET"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, monkeypatch, words, expected):
    (tmp_path / "items.csv").write_text("item_id\na\n")
    (tmp_path / "other.csv").write_text("name\na\n")
    (tmp_path / "empty.csv").write_text("item_id\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty" if words == ["."] else tmp_path)
    with pytest.raises(StylekinError, match=expected.replace("//", "..")):
        told(*words)


def test_two_tables_in_a_folder_are_one_too_many(tmp_path):
    (shop(tmp_path) / "more.csv").write_text("item_id\na\n")
    with pytest.raises(StockRefused, match=r"found items.csv, more.csv; name the one to read"):
        of_table(tmp_path)


def test_the_buckets_of_a_running_system(tmp_path):
    from tests.uploads import BLUE, RED, Shop, picture

    running = Shop()
    for name, colour in (("a", RED), ("b", BLUE)):
        running.take_in(running.drop(f"womenswear/{name}.jpg", picture(colour), {"category": "coat"}))
    running.take_in(running.delete("womenswear/b.jpg"))
    from training.stock import of_buckets

    stock = of_buckets(running.blobs, running.images, ("womenswear",))
    assert stock.items[["item_id", "department", "category", "style"]].to_numpy().tolist() == [
        ["a", "womenswear", "coat", ""]
    ]
    assert bytes(stock.read(stock.items["image"].iloc[0])) == picture(RED)


def test_a_bucket_by_its_address(tmp_path):
    from shared.log import Manifest, swap_manifest
    from shared.storage.folder import Folder

    catalogue = Folder(tmp_path / "catalogue")
    publish(catalogue, card())
    swap_manifest(catalogue, Manifest(department="womenswear", model="colours-1"), if_generation=0)
    address = f"file://{tmp_path}/catalogue"
    with pytest.raises(StockRefused, match="expected items, found none"):
        told(address, "--images", f"file://{tmp_path}/images", "--department", "womenswear")
