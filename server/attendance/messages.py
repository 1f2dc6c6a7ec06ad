"""Texts of what is refused to programs that listen; people are shown pages."""

from server.messages import Texts

MESSAGES: Texts = {
    "code_unknown": ("Mã này không mở được tài liệu nào.", "This code opens no documents."),
}
