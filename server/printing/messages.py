"""The words on paper, Vietnamese and English. They promise only what the product does today."""

from msgspec import Struct

from .model import Lang


class Step(Struct, frozen=True):
    title: str
    text: str


class PosterTexts(Struct, frozen=True):
    headline: str
    go_to: str
    enter_code: str
    steps: tuple[Step, Step, Step]
    room: str
    own_code: str
    shared: str
    everywhere: str
    shared_code: str
    anonymous: str


class CardTexts(Struct, frozen=True):
    kind: str
    steps: tuple[str, str, str]
    private: str
    help_desk: str


class Stage(Struct, frozen=True):
    """A moment before the beginning and what an operator ticks off until then."""

    mark: str
    when: str
    title: str
    checks: tuple[str, ...]


class SheetTexts(Struct, frozen=True):
    kind: str
    scan: str
    page: str
    or_type: str
    private: str
    leaked: str
    stages: tuple[Stage, Stage, Stage]
    help: str
    help_how: str
    note: str


POSTER: dict[Lang, PosterTexts] = {
    "vi": PosterTexts(
        headline="Quét để xem tài liệu",
        go_to="Không quét được? Vào",
        enter_code="và gõ mã",
        steps=(
            Step("Mở máy ảnh", "hoặc ứng dụng trò chuyện có quét mã QR"),
            Step("Đưa vào mã", "rồi chạm vào đường dẫn hiện trên màn hình"),
            Step("Xem tài liệu", "ngay trên điện thoại, không cần cài ứng dụng"),
        ),
        room="Điểm cầu",
        own_code="Mã của riêng phòng này",
        shared="Dùng ở",
        everywhere="Mọi điểm cầu",
        shared_code="Mã chung của hội nghị",
        anonymous="Chỉ đếm lượt mở, không lưu danh tính",
    ),
    "en": PosterTexts(
        headline="Scan to read the documents",
        go_to="Cannot scan? Go to",
        enter_code="and enter the code",
        steps=(
            Step("Open a camera", "or a chat app that scans QR codes"),
            Step("Aim at the code", "then tap the link that appears"),
            Step("Start reading", "on your phone, with no app to install"),
        ),
        room="Connection point",
        own_code="This code belongs to this room",
        shared="Valid in",
        everywhere="All rooms",
        shared_code="One code for the whole conference",
        anonymous="Anonymous: only openings are counted",
    ),
}

CARD: dict[Lang, CardTexts] = {
    "vi": CardTexts(
        kind="Cán bộ phụ trách điểm cầu",
        steps=(
            "Quét mã, mở trang điểm cầu",
            "Báo vào phòng, báo số người",
            "Thử hình tiếng, báo sẵn sàng",
        ),
        private="Bí mật, chỉ cán bộ phụ trách giữ",
        help_desk="Hỗ trợ",
    ),
    "en": CardTexts(
        kind="Operator of connection point",
        steps=(
            "Scan to open the page",
            "Check in, report the headcount",
            "Test the line, report ready",
        ),
        private="Secret: for the operator only",
        help_desk="Help desk",
    ),
}

SHEET: dict[Lang, SheetTexts] = {
    "vi": SheetTexts(
        kind="Phiếu phụ trách điểm cầu",
        scan="Quét để mở trang của điểm cầu",
        page=(
            "Mọi việc báo ở đây: vào phòng, số người dự, sẵn sàng, cần hỗ trợ. "
            "Không cần cài ứng dụng, không cần mật khẩu."
        ),
        or_type="Hoặc gõ địa chỉ",
        private="Bí mật, chỉ cán bộ phụ trách giữ",
        leaked=(
            "Ai có mã này đều báo thay được điểm cầu. Không chụp lại, không chuyển tiếp. "
            "Lộ mã thì báo ban tổ chức để đổi mã mới."
        ),
        stages=(
            Stage(
                "T−60",
                "trước 60 phút",
                "Chuẩn bị phòng",
                (
                    "Bật máy, màn hình, loa, micro; thử hình và thử tiếng",
                    "Quét mã trên phiếu này, báo đã vào phòng",
                    "Dán áp phích mã tài liệu ở cửa và trong phòng",
                ),
            ),
            Stage(
                "T−15",
                "trước 15 phút",
                "Chốt số người dự",
                (
                    "Đếm người trong phòng, báo số người dự",
                    "Nếu được hỏi, báo thêm số vắng có lý do và không lý do",
                    "Hình và tiếng đều tốt thì báo sẵn sàng",
                ),
            ),
            Stage(
                "T−0",
                "khai mạc",
                "Theo dõi hội nghị",
                (
                    "Số người thay đổi thì báo lại",
                    "Mất đường truyền: theo dõi qua TV hoặc đài, báo trên trang của điểm cầu",
                    "Điện thoại mất mạng: cứ bấm, trang giữ lại và tự gửi khi có mạng",
                    "Kết thúc thì báo rời phòng",
                ),
            ),
        ),
        help="Cần hỗ trợ",
        help_how="Báo trên trang điểm cầu, hoặc gọi",
        note="Ghi chú",
    ),
    "en": SheetTexts(
        kind="Sheet of the point's operator",
        scan="Scan to open the page of this point",
        page=("Report everything here: check-in, headcount, ready, a call for help. No app to install, no password."),
        or_type="Or type the address",
        private="Secret: for the operator only",
        leaked=(
            "Whoever has this code can report for the point: do not photograph or forward it. "
            "If it leaks, ask for a new one."
        ),
        stages=(
            Stage(
                "T−60",
                "60 minutes before",
                "Prepare the room",
                (
                    "Switch everything on; test picture, sound and microphone",
                    "Scan the code on this sheet and check in",
                    "Put up the document poster at the door and in the room",
                ),
            ),
            Stage(
                "T−15",
                "15 minutes before",
                "Settle the headcount",
                (
                    "Count the people in the room and report the number",
                    "If asked, add who is absent with leave and without",
                    "Report ready once picture and sound are good",
                ),
            ),
            Stage(
                "T−0",
                "opening",
                "Follow the conference",
                (
                    "Report again when the number of people changes",
                    "Line lost: follow on TV or radio and report it on the page of the point",
                    "Phone offline: keep tapping, the page keeps it and sends it later",
                    "Report that the room has left when it is over",
                ),
            ),
        ),
        help="Need help?",
        help_how="Report it on the page, or call",
        note="Notes",
    ),
}
