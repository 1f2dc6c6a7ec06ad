"""Texts of the rules' refusals: what is wrong and what to do next."""

MESSAGES: dict[str, tuple[str, str]] = {
    "conference_exists": ("Hội nghị này đã được tạo.", "This conference exists already."),
    "conference_closed": ("Hội nghị đã kết thúc.", "The conference is closed."),
    "not_begun": (
        "Ban tổ chức chưa mở hội nghị. Hãy thử lại sau.",
        "The organizers have not opened the conference yet. Try again later.",
    ),
    "phase_order": (
        "Không thể chuyển từ “{now}” sang “{wanted}”.",
        "The phase cannot go from “{now}” to “{wanted}”.",
    ),
    "empty": ("Không được để trống.", "This must not be empty."),
    "point_unknown": ("Không có điểm cầu số {point}.", "There is no point {point}."),
    "point_closed": ("Điểm cầu này đã đóng.", "This point is closed."),
    "point_merged": (
        "Điểm cầu này đã được gộp vào điểm cầu khác.",
        "This point was merged into another one.",
    ),
    "not_checked_in": ("Phòng chưa vào. Hãy bấm “Vào phòng” trước.", "The room has not checked in yet."),
    "room_decides": (
        "Chỉ cán bộ của điểm cầu mới trả lời được.",
        "Only the room's own operators can answer.",
    ),
    "air_not_asked": (
        "Ban tổ chức không còn mời điểm cầu này phát biểu.",
        "The organizers no longer ask this room to speak.",
    ),
    "air_not_ready": (
        "Điểm cầu này chưa đồng ý phát biểu. Hãy mời trước.",
        "This room has not agreed to speak. Ask it first.",
    ),
    "unit_unknown": ("Không có đơn vị mã {unit}.", "There is no unit {unit}."),
    "too_many_points": (
        "Một hội nghị có tối đa {limit} điểm cầu.",
        "A conference has at most {limit} points.",
    ),
    "points_changed": (
        "Người khác vừa thêm điểm cầu vào hội nghị này. Hãy xem trước lại rồi nhập.",
        "Somebody else has just added points to this conference. Preview again, then import.",
    ),
    "position_half": (
        "Tọa độ cần cả vĩ độ và kinh độ.",
        "A position needs both latitude and longitude.",
    ),
    "merge_with_itself": (
        "Không thể gộp một điểm cầu với chính nó.",
        "A point cannot be merged with itself.",
    ),
    "no_help_open": ("Điểm cầu này không còn yêu cầu hỗ trợ.", "This point has no open call for help."),
    "link_revoked": (
        "Đường dẫn này đã bị thu hồi. Hãy hỏi ban tổ chức đường dẫn mới.",
        "This link was revoked. Ask the organizers for a new one.",
    ),
    "too_many_devices": (
        "Điểm cầu này đã có {limit} thiết bị. Hãy nhờ ban tổ chức gỡ bớt.",
        "This point has {limit} devices already. Ask the organizers to remove one.",
    ),
    "device_unknown": ("Không có thiết bị này.", "There is no such device."),
    "document_unknown": ("Không có tài liệu này.", "There is no such document."),
    "too_many_documents": (
        "Một hội nghị có tối đa {limit} tài liệu.",
        "A conference has at most {limit} documents.",
    ),
    "too_many_versions": (
        "Một tài liệu có tối đa {limit} phiên bản.",
        "A document has at most {limit} versions.",
    ),
    "too_many_notices": (
        "Đã có {limit} thông báo cho cùng nơi nhận. Hãy gỡ bớt trước khi đăng thêm.",
        "{limit} notices stand for the same rooms already. Take one back first.",
    ),
    "order_incomplete": (
        "Danh sách thứ tự phải gồm đủ mọi tài liệu.",
        "The order must name every document exactly once.",
    ),
    "id_reused": (
        "Mã lệnh này đã dùng cho một việc khác.",
        "This command id was used for something else.",
    ),
}
