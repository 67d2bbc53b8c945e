"""The four tables as Arrow, and their writing as Parquet: same rows, same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .buyers import BUYERS
from .clock import DAY_US, HOUR_US, Ints
from .identities import addresses, event_ids, regions, telephones
from .intake import Leads
from .markets import USD_RATES, country_of
from .outcomes import NEVER, Outcomes
from .sources import FLOOR, REASONS, SOURCES
from .targets import Target

ROW_GROUP = 32_768  # rows; events lie in order of time, so a period touches few groups
COST, REVENUE = pa.decimal128(12, 2), pa.decimal128(14, 2)
INSTANT = pa.timestamp("us", tz="UTC")


def events_table(leads: Leads, *, outcomes: Outcomes, rng: np.random.Generator) -> pa.Table:
    """One row for each lead offered to a buyer, in order of time."""
    returned, converted = outcomes.returned_at != NEVER, outcomes.converted_at != NEVER
    rate = np.array([USD_RATES[each.currency] for each in BUYERS])[leads.buyer]
    columns = {
        "event_id": pa.array(event_ids(leads.utc)),
        "submitted_at": pa.array(leads.utc, INSTANT),
        "day": pa.array((leads.local // DAY_US).astype(np.int32), pa.date32()),
        "hour": pa.array((leads.local % DAY_US // HOUR_US).astype(np.int8)),
        "source_id": _words([each.id for each in SOURCES], at=leads.source),
        "buyer_id": _words([each.id for each in BUYERS], at=leads.buyer),
        "state": _words(["rejected", "accepted"], at=outcomes.accepted.astype(np.int64)),
        "reason": _words(REASONS, at=outcomes.reason),
        "product": pa.array(outcomes.product.tolist()),
        "region": pa.array(regions(leads, rng=rng)),
        "currency": _words([each.currency for each in BUYERS], at=leads.buyer),
        "cost": _decimals(outcomes.cost, kind=COST),
        "revenue": _decimals(outcomes.revenue, kind=REVENUE),
        "cost_usd": _decimals(np.rint(outcomes.cost / rate).astype(np.int64), kind=COST),
        "revenue_usd": _decimals(np.rint(outcomes.revenue / rate).astype(np.int64), kind=REVENUE),
        "returned": pa.array(returned),
        "returned_at": pa.array(outcomes.returned_at, INSTANT, mask=~returned),
        "converted": pa.array(converted),
        "converted_at": pa.array(outcomes.converted_at, INSTANT, mask=~converted),
        "lead_email": pa.array(addresses(leads, rng=rng)),
        "lead_phone": pa.array(telephones(leads, rng=rng)),
    }
    return pa.table(columns)


def buyers_table() -> pa.Table:
    """One row for each buyer; ``formats`` in order of preference with ``|`` between them."""
    rows = [
        {
            "buyer_id": each.id,
            "name": each.name,
            "contact": each.contact,
            "email": each.email,
            "place": each.place,
            "country": country_of(each.market),
            "language": each.language,
            "zone": each.zone,
            "currency": each.currency,
            "usd_rate": USD_RATES[each.currency],
            "formats": "|".join(each.formats),
            "tier": each.tier,
            "product": each.products[0],
            "active": True,
        }
        for each in BUYERS
    ]
    return pa.Table.from_pylist(rows)


def sources_table() -> pa.Table:
    """One row for each source; ``floor`` is the accepted rate below which buyers may refuse it."""
    rows = [
        {"source_id": each.id, "name": each.name, "channel": each.channel, "country": each.country,
         "floor": FLOOR, "price_usd": each.price_usd}
        for each in SOURCES
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def targets_table(targets: Sequence[Target]) -> pa.Table:
    """One row for each buyer and month; money in the buyer's currency."""
    return pa.table(
        {
            "buyer_id": pa.array([each.buyer_id for each in targets]),
            "month": pa.array([each.month for each in targets], pa.date32()),
            "delivered": pa.array([each.delivered for each in targets], pa.int32()),
            "accepted_rate": pa.array([each.accepted_rate for each in targets], pa.float64()),
            "revenue": _decimals(np.array([each.revenue * 100 for each in targets]), kind=REVENUE),
            "cost_per_lead": _decimals(np.array([round(each.cost_per_lead * 100) for each in targets]), kind=COST),
            "conversions": pa.array([each.conversions for each in targets], pa.int32()),
            "returned_rate": pa.array([each.returned_rate for each in targets], pa.float64()),
        }
    )


def write_parquet(table: pa.Table, *, path: Path) -> None:
    """Write *table* whole or not at all. Every option is fixed here, for the bytes must not depend on defaults."""
    unfinished = path.with_suffix(".part")
    pq.write_table(
        table, unfinished, row_group_size=ROW_GROUP, version="2.6", data_page_version="1.0", compression="zstd",
        compression_level=3, use_dictionary=True, write_statistics=True, store_schema=False,
    )  # fmt: skip
    unfinished.replace(path)


def _words(words: Sequence[str], *, at: Ints) -> pa.Array:
    """The word at each index; null where the index is NEVER."""
    return pa.DictionaryArray.from_arrays(pa.array(at, pa.int32(), mask=at == NEVER), pa.array(words)).cast(pa.string())


def _decimals(hundredths: Ints, *, kind: pa.DataType) -> pa.Array:
    """Decimals with two places from whole hundredths, by laying out their 128 bits: exact, and no float in between."""
    words = np.empty((hundredths.size, 2), dtype="<i8")
    words[:, 0], words[:, 1] = hundredths, hundredths >> 63
    return pa.Array.from_buffers(kind, hundredths.size, [None, pa.py_buffer(words.tobytes())])
