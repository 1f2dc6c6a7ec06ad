"""What the page says. A pair of texts: for one, and for more."""

from types import MappingProxyType
from typing import Any

TEXTS: MappingProxyType[str, dict[str, Any]] = MappingProxyType({
    "vi": {
        "page": "Tài liệu hội nghị",
        "documents": "Tài liệu",
        "files": ("{n} tệp", "{n} tệp"),
        "pages": ("{n} trang", "{n} trang"),
        "version": "Bản ngày\u00a0{day}",
        "version_again": "Bản thứ {n}, {time} ngày\u00a0{day}",
        "open": "Mở",
        "later": ("{n} tài liệu nữa sẽ mở lúc {at}", "{n} tài liệu nữa sẽ mở lúc {at}"),
        "first_later": ("{n} tài liệu sẽ mở lúc {at}", "{n} tài liệu sẽ mở lúc {at}"),
        "later_day": "{time} ngày {day}",
        "notices": "Thông báo",
        "changed": "Danh sách tài liệu vừa thay đổi.",
        "none": "Chưa có tài liệu nào",
        "none_hint": "Tài liệu của hội nghị sẽ hiện ở đây ngay khi ban tổ chức mở.",
        "reload": "Tải lại trang",
        "help": "Cần hỗ trợ?",
        "call": "Gọi {phone}",
        "privacy": "Chỉ đếm lượt mở theo điểm cầu, không lưu danh tính",
        "code": "Mã tài liệu",
        "ends": "dùng được đến {at}",
        "other": "English",
        "form": "Nhập mã tài liệu",
        "form_hint": "Mã gồm 11 chữ và số, in dưới hình QR của phòng họp.",
        "go": "Xem tài liệu",
        "unknown": "Mã này không mở được tài liệu nào",
        "unknown_hint": (
            "Có thể mã đã được thay, đã hết hạn, hoặc gõ chưa đúng."
            " Hãy quét lại hình QR đang dán trong phòng, hoặc nhập mã in dưới hình."
        ),
        "malformed": "Mã chưa đúng: cần đủ 11 chữ và số.",
        "expired": "Đường dẫn tải tệp đã hết hạn",
        "expired_hint": "Hãy quét lại hình QR đang dán trong phòng, hoặc nhập mã in dưới hình, rồi mở lại tài liệu.",
        "limited": "Quá nhiều lần thử",
        "limited_hint": "Hãy đợi {seconds} giây rồi nhập lại mã in dưới hình QR.",
        "busy": "Máy chủ đang bận",
        "busy_hint": "Trang sẽ tự mở lại sau vài giây.",
        "days": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    },
    "en": {
        "page": "Conference documents",
        "documents": "Documents",
        "files": ("{n} file", "{n} files"),
        "pages": ("{n} page", "{n} pages"),
        "version": "Version of {day}",
        "version_again": "Version {n}, {time} on {day}",
        "open": "Open",
        "later": ("{n} more document opens at {at}", "{n} more documents open at {at}"),
        "first_later": ("{n} document opens at {at}", "{n} documents open at {at}"),
        "later_day": "{time} on {day}",
        "notices": "Notices",
        "changed": "The documents have just changed.",
        "none": "No documents yet",
        "none_hint": "The documents of the conference appear here as soon as the organizers open them.",
        "reload": "Load again",
        "help": "Need help?",
        "call": "Call {phone}",
        "privacy": "Only openings are counted, by room; nobody’s identity is kept",
        "code": "Document code",
        "ends": "works until {at}",
        "other": "Tiếng Việt",
        "form": "Type a document code",
        "form_hint": "The code has 11 letters and digits; it is printed below the QR picture of the room.",
        "go": "Show the documents",
        "unknown": "This code opens no documents",
        "unknown_hint": (
            "It may have been replaced, it may have ended, or it is mistyped."
            " Scan the QR picture in the room again, or type the code below it."
        ),
        "malformed": "This is no code yet: it has 11 letters and digits.",
        "expired": "This file’s address has ended",
        "expired_hint": (
            "Scan the QR picture in the room again, or type the code below it, then open the document again."
        ),
        "limited": "Too many attempts",
        "limited_hint": "Please wait {seconds} seconds, then type the code below the QR picture again.",
        "busy": "The server is busy",
        "busy_hint": "The page loads itself again in a few seconds.",
        "days": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    },
})  # fmt: skip
