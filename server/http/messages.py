"""Texts of what can go wrong at the border itself."""

from server.messages import Texts

MESSAGES: Texts = {
    "bad_http": ("Kết nối không gửi đúng dạng HTTP.", "What came over this connection is not proper HTTP."),
    "encoding_unsupported": (
        "Dữ liệu gửi lên không được nén (Content-Encoding).",
        "What is sent must not be compressed (Content-Encoding).",
    ),
    "bad_json": ("Dữ liệu gửi lên không đọc được.", "The request could not be read."),
    # A bad value: one code for programs, in words what is wrong with it.
    "bad_value": ("{where} không hợp lệ.", "{where} is not valid."),
    "where_field": ("Mục “{field}”", "The field “{field}”"),
    "where_all": ("Dữ liệu gửi lên", "What was sent"),
    "value_missing": ("Thiếu mục “{field}”.", "The field “{field}” is missing."),
    "value_unknown": ("Ở đây không có mục nào tên là “{field}”.", "There is no field “{field}” here."),
    "value_type": ("{where} phải là {expected}.", "{where} must be {expected}."),
    "value_choice": (
        "{where} không phải là một trong các giá trị được chọn.",
        "{where} is none of the values to choose from.",
    ),
    "value_pattern": (
        "{where} không đúng dạng, hoặc có ký tự không dùng được ở đây.",
        "{where} is not of the right form, or has signs that cannot be used here.",
    ),
    "value_empty": ("{where} không được để trống.", "{where} must not be empty."),
    "value_short": ("{where} phải có ít nhất {limit} ký tự.", "{where} must have at least {limit} characters."),
    "value_long": ("{where} chỉ được dài nhất {limit} ký tự.", "{where} can have at most {limit} characters."),
    "value_few": ("{where} phải có ít nhất {limit} phần.", "{where} must have at least {limit} items."),
    "value_many": ("{where} chỉ được có nhiều nhất {limit} phần.", "{where} can have at most {limit} items."),
    "value_exactly": ("{where} phải có đúng {limit} phần.", "{where} must have exactly {limit} items."),
    "value_low": ("{where} không được nhỏ hơn {limit}.", "{where} must not be below {limit}."),
    "value_high": ("{where} không được lớn hơn {limit}.", "{where} must not be above {limit}."),
    "value_step": ("{where} phải chia hết cho {limit}.", "{where} must be a multiple of {limit}."),
    "value_size": ("{where} là số lớn quá mức đọc được.", "{where} is a number too large to be read."),
    "kind_int": ("số nguyên", "a whole number"),
    "kind_float": ("số", "a number"),
    "kind_str": ("chữ", "text"),
    "kind_bool": ("true (đúng) hoặc false (sai)", "true or false"),
    "kind_array": ("danh sách", "a list"),
    "kind_object": ("nhóm các mục có tên", "an object"),
    "kind_null": ("để trống (null)", "nothing (null)"),
    "or": (" hoặc ", " or "),
    "bad_request": ("Yêu cầu không hợp lệ.", "The request is not valid."),
    "too_large": ("Dữ liệu gửi lên quá lớn (tối đa {limit}).", "The request is too large (at most {limit})."),
    "unauthenticated": ("Bạn cần đăng nhập.", "Please sign in."),
    "forbidden": ("Bạn không có quyền làm việc này.", "You are not allowed to do this."),
    "forbidden_scope": (
        "Việc này nằm ngoài phạm vi bạn phụ trách.",
        "This is outside of what you are responsible for.",
    ),
    "forbidden_origin": (
        "Yêu cầu đến từ một trang khác, hoặc thiếu tiêu đề X-Requested-With: nhipcau.",
        "The request came from another site, or lacks the header X-Requested-With: nhipcau.",
    ),
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
    "cannot_write": (
        "Máy chủ tạm chưa ghi được dữ liệu, hãy thử lại sau giây lát.",
        "The server cannot write its data now, please try again shortly.",
    ),
    "journal_gap": (
        "Nhật ký của hội nghị này bị thiếu nên chưa mở được. Người quản trị cần phục hồi từ bản sao lưu.",
        "The journal of this conference lacks events, so it is not opened. The administrator must restore a backup.",
    ),
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
