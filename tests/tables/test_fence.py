"""The process around the reader: the same answers, and nothing a file does reaches this process."""

import io
import subprocess

import pytest
import xlsxwriter

from server.tables import reader
from server.tables.errors import TableError
from server.tables.fenced import LOT
from server.tables.messages import MESSAGES
from server.tables.model import MAX_FILE_BYTES, Column
from server.tables.parse import parse


def test_rows_cross_the_fence_whole_and_in_order(columns: list[Column]) -> None:
    lines = [f"{n:05},Xã số {n},{n}" for n in range(LOT * 2 + 1)]
    data = "\n".join(["Mã,Tên,Số chỗ", *lines]).encode()

    assert reader.read_table(data, columns) == parse(data, columns)


def test_errors_cross_the_fence_with_all_they_say(columns: list[Column]) -> None:
    with pytest.raises(TableError) as caught:
        reader.read_table("Mã,Số chỗ\n1,2".encode(), columns)

    error = caught.value
    assert (error.code, error.row, error.field) == ("heading_missing", 1, "name")
    text = MESSAGES[error.code][0].format(**error.params)
    assert text == "Thiếu cột “Tên đơn vị”. Các cột tìm thấy: Mã | Số chỗ."


def test_one_cell_far_away_cannot_take_the_process_with_it(columns: list[Column]) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Mã", "Tên"])
        page.write(1_048_575, 16_383, "x")  # dense, this sheet would take hundreds of gigabytes

    with pytest.raises(TableError) as caught:
        reader.read_table(out.getvalue(), columns)

    assert caught.value.code == "sheet_too_large"


def test_a_file_beyond_the_limit_is_refused_before_a_process_starts(
    columns: list[Column], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", None)

    with pytest.raises(TableError) as caught:
        reader.read_table(bytes(MAX_FILE_BYTES + 1), columns)

    assert (caught.value.code, caught.value.params) == ("file_too_large", {"limit_mb": 64})
