"""The file of units: its columns under the headings people use, and its rows for export."""

from collections.abc import Iterable, Iterator

from server.tables.model import Column

from .model import Unit

COLUMNS = (
    Column("code", ("Mã đơn vị", "Mã", "Mã ĐV", "Mã số", "code", "unit code", "unit_code"), required=True),
    Column("name", ("Tên đơn vị", "Tên", "Đơn vị", "Tên ĐV", "name", "unit name", "unit"), required=True),
    Column("kind", ("Loại", "Loại đơn vị", "Cấp", "Cấp đơn vị", "Loại hình", "kind", "type", "level")),
    Column(
        "parent_code",
        (
            "Mã đơn vị cấp trên",
            "Đơn vị cấp trên",
            "Mã cấp trên",
            "Cấp trên",
            "Mã cha",
            "Mã đơn vị cha",
            "Đơn vị cha",
            "Trực thuộc",
            "parent_code",
            "parent",
            "parent unit",
        ),
    ),
    Column("old_codes", ("Mã cũ", "Mã đơn vị cũ", "old codes", "old code", "old_codes")),
    Column(
        "aliases",
        ("Tên khác", "Tên gọi khác", "Tên cũ", "Mã khác", "Bí danh", "aliases", "alias", "other names"),
    ),
    Column(
        "valid_from",
        ("Hiệu lực từ", "Có hiệu lực từ", "Ngày hiệu lực", "Từ ngày", "valid_from", "valid from"),
        kind="date",
    ),
    Column(
        "valid_to",
        ("Hiệu lực đến", "Có hiệu lực đến", "Hết hiệu lực", "Đến ngày", "valid_to", "valid to"),
        kind="date",
    ),
)
# Old codes are aliases like any other once they are in: one column holds all of them.
EXPORT_COLUMNS = tuple(c for c in COLUMNS if c.field != "old_codes")


def records(units: Iterable[Unit]) -> Iterator[dict[str, str]]:
    """Rows for `server.tables.writer`, which import again as unchanged."""
    for unit in units:
        yield {
            "code": unit.code,
            "name": unit.name,
            "kind": unit.kind,
            "parent_code": unit.parent or "",
            "aliases": "; ".join(unit.aliases),
            "valid_from": unit.valid_from or "",
            "valid_to": unit.valid_to or "",
        }
