"""Texts of what can go wrong with points."""

MESSAGES: dict[str, tuple[str, str]] = {
    "unit_not_placed": (
        "Đơn vị {name} chưa có trong hội nghị này. Hãy nhờ ban tổ chức cấp trên thêm điểm cầu đầu tiên.",
        "The unit {name} is not part of this conference yet. Ask the organizers above to add its first point.",
    ),
    "status_unknown": (
        "Không có trạng thái “{value}”.",
        "There is no status “{value}”.",
    ),
    "status_alone": (
        "Trạng thái “{value}” chỉ được chọn một mình, không chọn cùng trạng thái khác.",
        "The status “{value}” stands alone: it cannot be chosen together with another.",
    ),
    "too_many_contacts": (
        "Một điểm cầu có tối đa {limit} người phụ trách.",
        "A point has at most {limit} contacts.",
    ),
    "contact_empty": (
        "Hãy ghi tên người phụ trách.",
        "Write the contact's name.",
    ),
    "import_unfinished": (
        "Mới lưu được một phần. Hãy nhập lại đúng tệp này để hoàn tất; phần đã lưu không bị trùng.",
        "Only a part is saved. Import the same file again to complete it; nothing is doubled.",
    ),
}
