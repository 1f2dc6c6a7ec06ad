"""Texts of what can go wrong at the border itself."""

from server.messages import Texts

MESSAGES: Texts = {
    "bad_json": ("Dữ liệu gửi lên không đọc được.", "The request could not be read."),
    "bad_value": ("Giá trị không hợp lệ: {detail}", "Invalid value: {detail}"),
    "bad_request": ("Yêu cầu không hợp lệ.", "The request is not valid."),
    "too_large": ("Dữ liệu gửi lên quá lớn (tối đa {limit}).", "The request is too large (at most {limit})."),
    "unauthenticated": ("Bạn cần đăng nhập.", "Please sign in."),
    "forbidden": ("Bạn không có quyền làm việc này.", "You are not allowed to do this."),
    "forbidden_scope": (
        "Việc này nằm ngoài phạm vi bạn phụ trách.",
        "This is outside of what you are responsible for.",
    ),
    "forbidden_origin": ("Yêu cầu đến từ một trang khác.", "The request came from another site."),
    "not_found": ("Không tìm thấy.", "Not found."),
    "method_not_allowed": (
        "Địa chỉ này không nhận cách gọi đó.",
        "This address does not accept that method.",
    ),
    "rate_limited": (
        "Quá nhiều lần thử. Hãy thử lại sau {seconds} giây.",
        "Too many attempts. Try again in {seconds} seconds.",
    ),
    "busy": ("Máy chủ đang bận, hãy thử lại sau giây lát.", "The server is busy, please try again shortly."),
    "internal": (
        "Máy chủ gặp lỗi. Hãy báo mã yêu cầu cho người quản trị.",
        "The server had a fault. Please give the request id to the administrator.",
    ),
    "web_not_built": (
        "Giao diện chưa được dựng. Hãy chạy “make web”.",
        "The pages are not built yet. Run `make web`.",
    ),
    "not_ready": ("Máy chủ chưa sẵn sàng: {reasons}", "The server is not ready: {reasons}"),
    "conference_unknown": ("Không có hội nghị này.", "There is no such conference."),
    "slow_request": ("Yêu cầu gửi quá chậm.", "The request came too slowly."),
    "too_many_connections": ("Quá nhiều kết nối từ địa chỉ này.", "Too many connections from this address."),
    "hello_expected": ("Thông điệp đầu tiên phải là hello.", "The first message must be hello."),
    "version_unknown": (
        "Trang này đã cũ, hãy tải lại.",
        "This page speaks another version of the protocol; load it again.",
    ),
    "watch_only": ("Màn hình này chỉ để xem.", "This screen is for watching only."),
}
