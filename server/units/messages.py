"""What a person reads of a refused or doubtful row: code -> (Vietnamese, English)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "code_empty": (
        "Thiếu mã đơn vị.",
        "The unit's code is missing.",
    ),
    "code_too_long": (
        "Mã đơn vị dài quá {limit} ký tự.",
        "The unit's code is longer than {limit} characters.",
    ),
    "code_signs": (
        "Mã “{value}” chỉ được gồm chữ không dấu, chữ số và các dấu . _ / -",
        "The code “{value}” may only have letters without accents, digits and the signs . _ / -",
    ),
    "code_twice": (
        "Mã này đã có ở dòng {first} với nội dung khác.",
        "Row {first} has the same code with other content.",
    ),
    "code_twice_zeros": (
        "Mã này đã có ở dòng {first} với nội dung khác. Có thể Excel đã bỏ các số 0 ở đầu: hãy ghi đủ mã.",
        "Row {first} has this code with other content. Excel may have dropped leading zeros: write the whole code.",
    ),
    "code_zeros_lost": (
        "Có nhiều mã là “{value}” khi thêm số 0 ở đầu: {candidates}. Có thể Excel đã bỏ các số 0 đó: hãy ghi đủ mã.",
        "“{value}” may be any of {candidates}. Excel may have dropped leading zeros: write the whole code.",
    ),
    "zeros_restored": (
        "Hiểu là {code}, tệp ghi “{value}”: có thể Excel đã bỏ các số 0 ở đầu.",
        "Taken as {code}, as which “{value}” was read: Excel may have dropped leading zeros.",
    ),
    "code_is_alias": (
        "Mã “{value}” đang là mã cũ hoặc tên khác của {name}.",
        "The code “{value}” is an alias of {name}.",
    ),
    "name_empty": (
        "Thiếu tên đơn vị.",
        "The unit's name is missing.",
    ),
    "text_too_long": (
        "Nội dung dài quá {limit} ký tự.",
        "The text is longer than {limit} characters.",
    ),
    "too_many_aliases": (
        "Quá nhiều mã cũ, tên khác: tối đa {limit}.",
        "Too many aliases: {limit} at most.",
    ),
    "alias_is_code": (
        "“{alias}” đang là mã của đơn vị khác: {name}.",
        "“{alias}” is the code of another unit: {name}.",
    ),
    "date_bad": (
        "Ngày “{value}” không đúng. Hãy viết dạng 01/07/2025.",
        "The date “{value}” is not valid. Write it as 01/07/2025 (day first) or 2025-07-01.",
    ),
    "dates_reversed": (
        "Ngày hết hiệu lực ({end}) đứng trước ngày bắt đầu ({start}).",
        "The last day ({end}) is before the first day ({start}).",
    ),
    "parent_unknown": (
        "Không có đơn vị cấp trên “{value}”, cả trong tệp lẫn trong hệ thống.",
        "The parent unit “{value}” is neither in the file nor in the system.",
    ),
    "parent_ambiguous": (
        "Có nhiều đơn vị cấp trên “{value}”: {candidates}. Hãy ghi mã.",
        "Several units are called “{value}”: {candidates}. Write the code.",
    ),
    "parent_zeros_lost": (
        "Có nhiều đơn vị cấp trên “{value}”: {candidates}. Có thể Excel đã bỏ các số 0 ở đầu: hãy ghi đủ mã.",
        "The parent “{value}” may be {candidates}. Excel may have dropped leading zeros: write the whole code.",
    ),
    "parent_cycle": (
        "Các đơn vị cấp trên nối thành vòng: {path}.",
        "The parent units form a circle: {path}.",
    ),
    "parent_ended": (
        "Đơn vị cấp trên {name} đã hết hiệu lực từ sau ngày {day}.",
        "The parent unit {name} was valid until {day} only.",
    ),
    "row_repeated": (
        "Dòng này trùng với dòng {first}, chỉ tính một lần.",
        "This row repeats row {first} and counts once.",
    ),
    "unit_empty": (
        "Thiếu mã hoặc tên đơn vị.",
        "The unit's code or name is missing.",
    ),
    "unit_not_found": (
        "Không tìm thấy đơn vị “{value}”.",
        "There is no unit “{value}”.",
    ),
    "unit_ambiguous": (
        "Có nhiều đơn vị “{value}”: {candidates}. Hãy ghi mã đơn vị.",
        "Several units match “{value}”: {candidates}. Write the unit's code.",
    ),
    "unit_name_differs": (
        "Mã này là của {name}, còn tệp ghi “{value}”.",
        "This code belongs to {name}, but the file says “{value}”.",
    ),
    "point_twice": (
        "Phòng này đã có ở dòng {first} với nội dung khác. Hãy ghi tên phòng để phân biệt.",
        "Row {first} has the same room with other content. Name the rooms to tell them apart.",
    ),
    "count_bad": (
        "“{value}” không phải là số từ 0 đến {limit}.",
        "“{value}” is not a number from 0 to {limit}.",
    ),
    "more_than_seats": (
        "Triệu tập {expected} người nhưng phòng chỉ có {seats} chỗ.",
        "{expected} people are expected in a room of {seats} seats.",
    ),
    "phone_bad": (
        "“{value}” không phải là một số điện thoại. Mỗi dòng chỉ ghi một số, 8 đến 15 chữ số.",
        "“{value}” is not a telephone number. One number a row, 8 to 15 digits.",
    ),
    "position_bad": (
        "Tọa độ “{value}” không đúng. Hãy viết dạng 21.0285, 105.8542.",
        "The coordinates “{value}” are not valid. Write them as 21.0285, 105.8542.",
    ),
    "degrees_bad": (
        "“{value}” không phải là số độ từ -{limit} đến {limit}.",
        "“{value}” is not a number of degrees from -{limit} to {limit}.",
    ),
    "units_changed": (
        "Danh sách đơn vị vừa được người khác sửa. Hãy xem lại rồi thực hiện lần nữa.",
        "Somebody else has just changed the units. Look again and repeat.",
    ),
}
