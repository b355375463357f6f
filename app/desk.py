"""The merchandiser's page: how large and fresh the catalogue is, what was refused, what looks the same, the
life of an item, and what the knobs do. Nothing here changes anything, and nothing tells of a shopper."""

import html
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from app.asking import answer
from app.choices import DEPARTMENTS
from app.look import dress
from app.pictures import address
from app.trial import trial
from app.wiring import inspector
from app.words import alt, title
from shared.inspector import Group, Inspector, Overview, Refusal, Report

CSS = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def desk() -> None:
    """Draw the page: one view at a time, which stands in the address with its department."""
    dress()
    st.html(f"<style>{CSS}</style>")
    asked = inspector()
    if asked is None:
        return
    st.title("Merchandise")
    with st.container(horizontal=True):
        department = chosen("department", "Department", DEPARTMENTS)
        view = chosen("view", "Show", tuple(VIEWS))
    VIEWS[view](asked, department)


def chosen(name: str, label: str, options: Sequence[str]) -> str:
    """One of the options, the first unless the address says otherwise; the address follows the choice."""
    given = st.query_params.get(name, options[0])
    found = st.segmented_control(
        label,
        options,
        default=given if given in options else options[0],
        format_func=str.capitalize,
        key=f"desk-{name}",
    )
    value: str = found or options[0]
    if value != given:
        st.query_params[name] = value
    return value


def catalogue(asked: Inspector, department: str) -> None:
    """Size and freshness."""
    found = answer(lambda: asked.overview(department))
    if found is None:
        return
    st.write(freshness(found))
    figures = {
        "Items shown": found.shown,
        "Sold out": found.sold_out,
        "Ever heard of": found.known,
        "Waiting to be folded": found.waiting,
        "Refused": found.rejected,
    }
    for column, (label, number) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(label, f"{number:,}", border=True)
    st.caption(f"Model {found.model} · catalogue {found.version} · snapshot {found.snapshot or 'none yet'}")
    st.subheader("What the shop told of its items")
    columns = st.columns(3, gap="large")
    for place, (name, count) in enumerate(sorted(found.told.items(), key=lambda one: -one[1])):
        share = count / found.shown if found.shown else 0.0
        columns[place % 3].progress(share, text=f"{name.replace('_', ' ')}: {count:,} of {found.shown:,}")
    tables = answer(lambda: asked.reports(department)) if found.reports else None
    if tables is not None:
        st.subheader("Tables of attributes")
        for report in tables.reports:
            table(report, found.now)


def freshness(found: Overview) -> str:
    """How fresh the catalogue is, in a sentence or two."""
    if found.newest is None:
        return "Nothing has come in yet."
    folded = f" Last folded {ago(found.folded, found.now)}." if found.folded else " Not folded yet."
    return f"The catalogue last heard of something {ago(found.newest, found.now)}.{folded}"


def ago(then: datetime, now: datetime) -> str:
    """``just now``, ``5 minutes ago``, ``3 hours ago``, ``2 days ago``."""
    seconds = max(0.0, (now - then).total_seconds())
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if (count := int(seconds // length)) > 0:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def table(report: Report, now: datetime) -> None:
    """What became of one table."""
    became = report.refused or f"{report.taken:,} rows taken, {report.bad:,} not"
    with st.expander(f"{report.file}, {ago(report.at, now)}: {became}"):
        if report.kept_out:
            st.text(f"Columns that mean nothing here: {', '.join(report.kept_out)}")
        for fault in report.faults:
            st.text(f"line {fault.line}: {fault.reason}")
        if report.bad > len(report.faults):
            st.text(f"and {report.bad - len(report.faults):,} more, in the report beside the catalogue")


def rejected(asked: Inspector, department: str) -> None:
    """Refused pictures, with reasons."""
    found = answer(lambda: asked.rejected(department))
    if found is None:
        return
    if not found.rejected:
        st.success("Nothing stands refused.", icon=":material/check_circle:")
        return
    st.write(f"{found.total:,} refused; the newest first. A good picture of the same name mends it.")
    for refusal in found.rejected:
        st.html(refused(department, refusal))


def refused(department: str, refusal: Refusal) -> str:
    """One refusal as HTML."""
    source = html.escape(address(department, refusal.item_id, 160))
    still = " An earlier picture still shows." if refusal.shown else ""
    return (
        f'<div class="refused"><img src="{source}" alt="cannot be shown" width="96" height="96">'
        f"<div><p><b>{html.escape(refusal.object)}</b>, {refusal.at:%Y-%m-%d %H:%M} UTC</p>"
        f"<p>{html.escape(refusal.type)}: {html.escape(refusal.reason)}.{still}</p>"
        f"<p>{link(department, refusal.item_id, 'Its life')}</p></div></div>"
    )


def link(department: str, item_id: str, text: str) -> str:
    """A link to the life of an item."""
    query = urlencode({"department": department, "view": "item", "item": item_id})
    return f'<a href="merchandise?{html.escape(query)}" target="_self">{html.escape(text)}</a>'


def duplicates(asked: Inspector, department: str) -> None:
    """Near-duplicates side by side."""
    after = st.query_params.get("after")
    found = answer(lambda: asked.duplicates(department, after))
    if found is None:
        return
    st.write(
        f"{found.total:,} groups among {found.compared:,} of {found.items:,} items. Lists show one of each: "
        f"they share a group_id, or their pictures have a cosine above {found.threshold}."
    )
    for group in found.groups:
        st.html(side_by_side(department, group))
    if found.total > len(found.groups):
        st.caption(f"And {found.total - len(found.groups):,} smaller groups.")
    if found.next is not None and st.button("Compare the next items", key="desk-next"):
        st.query_params["after"] = found.next
        st.rerun()


def side_by_side(department: str, group: Group) -> str:
    """One group as HTML."""
    heading = "The same product, says the shop" if group.by == "group_id" else "Look the same"
    members = "".join(
        f'<li><img src="{html.escape(address(department, member.item.item_id, 160))}" '
        f'alt="{html.escape(alt(member.item))}" width="136" height="136" loading="lazy">'
        f"<b>{html.escape(title(member.item))}</b>"
        f"<span>{link(department, member.item.item_id, member.item.item_id)}</span>"
        f"<span>cosine {member.cosine:.3f}</span></li>"
        for member in group.items
    )
    more = group.size - len(group.items)
    rest = f"<p>and {more:,} more</p>" if more else ""
    return f'<h3>{heading} ({group.size})</h3><ul class="shelf">{members}</ul>{rest}'


def item(asked: Inspector, department: str) -> None:
    """The life of an item."""
    given = st.query_params.get("item", "")
    item_id = st.text_input("Item", given, placeholder="the picture's name without its ending").strip()
    if not item_id:
        st.write("Name an item, and here is everything that is known of it, from the bucket to the answer.")
        return
    if item_id != given:
        st.query_params["item"] = item_id
    life = answer(lambda: asked.life(department, item_id))
    if life is None:
        return
    (st.success if life.visible else st.warning)(life.verdict[:1].upper() + life.verdict[1:])
    if life.rejection:
        st.text(f"{life.rejection.type} at {life.rejection.clock}: {life.rejection.reason}")
    look, told = st.columns([1, 3], gap="large")
    with look:
        source = html.escape(address(department, life.item_id, 320))
        st.html(f'<div class="detail"><img src="{source}" alt="the picture, if it can be shown"></div>')
    with told:
        if life.predicted_category:
            st.text(f"{life.model} sees: {life.predicted_category} ({life.predicted_probability:.2f})")
        rows = [
            {"attribute": one.name, "value": spelled(one.value), "told by": one.clock}
            for one in life.attributes
        ]
        if rows:
            st.table(rows)
    st.subheader("Objects")
    st.table([{"name": one.name, "written": f"{one.at:%Y-%m-%d %H:%M:%S} UTC", "bytes": one.bytes}
              | {"metadata": ", ".join(f"{k}={v}" for k, v in one.metadata.items())}
              for one in life.objects])  # fmt: skip
    st.subheader("Facts since the last compactions")
    st.table([{"at": f"{one.at:%Y-%m-%d %H:%M:%S} UTC", "says": one.says, "clock": one.clock}
              for one in life.facts])  # fmt: skip
    if life.removed_clock:
        st.text(f"Removed at {life.removed_clock}")


def spelled(value: object) -> str:
    """An attribute's value as text."""
    if value is None:
        return "(cleared)"
    return " | ".join(value) if isinstance(value, tuple) else str(value)


VIEWS: dict[str, Callable[[Inspector, str], None]] = {
    "catalogue": catalogue,
    "refused": rejected,
    "look-alikes": duplicates,
    "item": item,
    "preview": trial,
}
