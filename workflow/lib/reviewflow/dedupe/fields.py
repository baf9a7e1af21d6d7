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
    given = pl.concat([_told(records[field], groups, carriers(records, groups, field)) for field in MERGED])
    same = Known(lambda text: fold(text) or text)
    ids = records["record_id"]
    given = given.with_columns(
        key=_keys(given["value"], same),
        own=_keys(given["carried"], same),
        record_id=ids.gather(given["row"]),
        carrier_id=ids.gather(given["carrier"]),
        report_id=ids.gather(given["founder"]),
    ).with_columns(first=pl.struct("founder", "field", "key").is_first_distinct())
    named = pl.col("record_id").str.replace_all(";", ",", literal=True).str.join("; ")
    other = pl.col("record_id") + ": " + _short(pl.col("value"))
    table = given.group_by("report_id", "field").agg(
        record_id=pl.when(pl.col("field").first() == "trial_ids").then(named).otherwise(pl.col("carrier_id").first()),
        n_values=pl.col("first").sum().cast(pl.Int64),
        others=other.filter(pl.col("first") & (pl.col("key") != pl.col("own"))).head(_OTHERS_SHOWN).str.join(" | "),
        moved=(pl.col("carrier") != pl.col("founder")).first(),
    )
    return table.filter(pl.col("moved") | (pl.col("n_values") > 1)).drop("moved").sort("report_id", "field")


def _told(values: pl.Series, groups: Groups, carriers: NDArray[Any]) -> pl.DataFrame:
    """The values that the records of a report give of one field, where there is something to tell of them: rows of the
    record, the founder and the carrier, value and carried value."""
    sizes = np.diff(groups.starts, append=len(groups.order))
    several = np.repeat(sizes > 1, sizes)
    rows = groups.order[several]
    founder, carrier = (np.repeat(r, sizes)[several] for r in (groups.order[groups.starts], carriers))
    text = values.cast(pl.String).fill_null("")
    value, carried = text.gather(rows), text.gather(carrier)
    told = np.zeros(len(values), dtype=bool)
    told[founder[((value != "") & (value != carried)).to_numpy() | (carrier != founder)]] = True
    table = {"row": rows, "founder": founder, "carrier": carrier, "value": value, "carried": carried}
    kept = told[founder] & (value != "").to_numpy()
    return pl.DataFrame(table).filter(kept).with_columns(field=pl.lit(values.name))


def _keys(values: pl.Series, same: Known) -> pl.Series:
    return pl.Series(same.column(values), dtype=pl.String)


def _short(text: pl.Expr) -> pl.Expr:
    cut = text.str.slice(0, _LENGTH_SHOWN - 1) + "…"
    return pl.when(text.str.len_chars() > _LENGTH_SHOWN).then(cut).otherwise(text)
