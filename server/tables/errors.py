"""The one way a file can fail as a whole."""


class TableError(Exception):
    """The file cannot be used. `code` is a key of `messages.MESSAGES`, `params` fills its text.

    `row` counts from 1 as a spreadsheet shows it; `field` is a `Column.field`.
    """

    def __init__(self, code: str, *, row: int | None = None, field: str | None = None, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.field = field
        self.params = params

    def __str__(self) -> str:
        where = "".join(f" {k}={v}" for k, v in (("row", self.row), ("field", self.field)) if v is not None)
        return f"{self.code}{where} {self.params}"
