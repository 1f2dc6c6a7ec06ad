"""Texts of what can go wrong with accounts and keys."""

from server.messages import Texts

MESSAGES: Texts = {
    "login_failed": (
        "Tên đăng nhập hoặc mật khẩu không đúng.",
        "The login or the password is wrong.",
    ),
    "login_bad": (
        "Tên đăng nhập gồm 2 đến 64 chữ không dấu, chữ số hoặc dấu . _ - + @, bắt đầu và kết thúc bằng chữ hoặc số.",
        "A login has 2 to 64 plain letters, digits or . _ - + @, and begins and ends with a letter or a digit.",
    ),
    "login_taken": ("Tên đăng nhập này đã có người dùng.", "This login is taken."),
    "password_wrong": ("Mật khẩu hiện tại không đúng.", "The current password is wrong."),
    "password_short": (
        "Mật khẩu phải có ít nhất {least} ký tự.",
        "A password has at least {least} characters.",
    ),
    "password_long": (
        "Mật khẩu có tối đa {most} ký tự.",
        "A password has at most {most} characters.",
    ),
    "password_is_login": (
        "Mật khẩu không được chứa tên đăng nhập.",
        "The password must not contain the login.",
    ),
    "password_obvious": (
        "Mật khẩu này quá dễ đoán. Một câu ngắn dễ nhớ thì tốt hơn.",
        "This password is too easily guessed. A short sentence is better.",
    ),
    "password_own": (
        "Hãy đổi mật khẩu của chính mình ở trang tài khoản, bằng mật khẩu hiện tại.",
        "Change your own password on your account's page, with the current one.",
    ),
    "setup_over": (
        "Đường dẫn thiết lập không đúng, đã dùng hoặc đã quá 24 giờ. Khởi động lại máy chủ để có đường dẫn mới.",
        "The setup link is wrong, used, or older than 24 hours. Start the server again to get another.",
    ),
    "session_needed": (
        "Việc này cần đăng nhập bằng mật khẩu, không dùng được mã truy cập.",
        "This needs a sign-in with a password; a token does not do.",
    ),
    "session_unknown": ("Không có phiên đăng nhập này.", "There is no such session."),
    "account_unknown": ("Không có tài khoản này.", "There is no such account."),
    "too_many_accounts": ("Có tối đa {limit} tài khoản.", "There are at most {limit} accounts."),
    "last_administrator": (
        "Đây là người quản trị cuối cùng đang hoạt động. Hãy giao quyền quản trị cho người khác trước.",
        "This is the last active administrator. Make somebody else an administrator first.",
    ),
    "administrator_whole": (
        "Quyền quản trị luôn áp dụng cho mọi đơn vị. Hãy để trống đơn vị.",
        "An administrator is responsible for every unit. Leave the unit empty.",
    ),
    "token_role": (
        "Mã truy cập không thể có quyền cao hơn người tạo.",
        "A token cannot have a higher role than who makes it.",
    ),
    "token_unknown": ("Không có mã truy cập này.", "There is no such token."),
    "too_many_tokens": (
        "Một tài khoản có tối đa {limit} mã truy cập. Hãy thu hồi bớt.",
        "An account has at most {limit} tokens. Revoke some first.",
    ),
    "expiry_past": ("Thời điểm hết hạn đã qua.", "The time of expiry has passed."),
    "kiosk_unknown": ("Không có đường dẫn màn hình này.", "There is no such kiosk."),
    "too_many_kiosks": (
        "Một hội nghị có tối đa {limit} đường dẫn màn hình. Hãy thu hồi bớt.",
        "A conference has at most {limit} kiosks. Revoke some first.",
    ),
}
