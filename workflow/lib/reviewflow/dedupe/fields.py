"""Where each field of a merged report comes from."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reviewflow.text import fold

from .merge import MERGED, Groups, carriers
from .normalise import Known

# Enough to see what differs; the whole is in records.csv.
_OTHERS_SHOWN = 5
_LENGTH_SHOWN = 100


def merged_fields(records: pl.DataFrame, groups: Groups) -> pl.DataFrame:
    """The rows of merged_fields.csv; `records` is the result of `unique_records`."""
    told = pl.concat([_told(records[field], groups, carriers(records, groups, field)) for field in MERGED])
    ids = records["record_id"]
    names = {"record_id": "row", "carrier_id": "carrier", "report_id": "founder"}
    told = told.with_columns(**{name: ids.gather(told[row]) for name, row in names.items()})
    named = pl.col("record_id").str.replace_all(";", ",", literal=True).str.join("; ")
    other = pl.col("record_id") + ": " + _short(pl.col("value"))
    table = told.group_by("report_id", "field").agg(
        record_id=pl.when(pl.col("field").first() == "trial_ids").then(named).otherwise(pl.col("carrier_id").first()),
        n_values=pl.col("new").sum().cast(pl.Int64),
        others=other.filter(pl.col("new") & pl.col("other")).head(_OTHERS_SHOWN).str.join(" | "),
    )
    return table.sort("report_id", "field")


def _told(values: pl.Series, groups: Groups, carriers: NDArray[Any]) -> pl.DataFrame:
    """What the records of a report give of one field, where that is to be told: the rows of record, founder and
    carrier, the value, whether it is another than the carried one, and the first of its kind."""
    sizes = np.diff(groups.starts, append=len(groups.order))
    several = np.repeat(sizes > 1, sizes)
    rows = groups.order[several]
    founder, carrier = (np.repeat(r, sizes)[several] for r in (groups.order[groups.starts], carriers))
    text = values.cast(pl.String).fill_null("")
    given, carried = text.gather(rows), text.gather(carrier)
    place = pl.DataFrame({"row": rows, "founder": founder, "carrier": carrier, "value": given})
    filled = (given != "").to_numpy()
    unlike = filled & (given != carried).to_numpy()
    same = Known(lambda text: fold(text) or text)
    unlike[unlike] = [same[a] != same[b] for a, b in zip(given.filter(unlike), carried.filter(unlike), strict=True)]
    told = np.zeros(len(values), dtype=bool)
    told[founder[unlike | (carrier != founder)]] = True
    kept = told[founder] & filled
    place = place.with_columns(other=unlike).filter(kept)
    place = place.with_columns(key=pl.Series(same.column(place["value"]), dtype=pl.String), field=pl.lit(values.name))
    return place.with_columns(new=pl.struct("founder", "key").is_first_distinct()).drop("key")


def _short(text: pl.Expr) -> pl.Expr:
    cut = text.str.slice(0, _LENGTH_SHOWN - 1) + "…"
    return pl.when(text.str.len_chars() > _LENGTH_SHOWN).then(cut).otherwise(text)
