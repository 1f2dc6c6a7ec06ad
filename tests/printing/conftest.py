"""A conference as it is printed: plain names, long names, and texts that try to be more than text."""

import pytest

from server.printing.model import CardPoint, PosterConference, PosterPoint

HOSTILE = (
    '#eval("1") #panic() ] [ * _x_ $a^2$ "quoted" \\ // /* */ @ref <label> `raw` = - + ~ {{ }} %s {0} \' & <b>',
    "#" * 200,
    "]" * 60 + "}" * 60,
    "Ẵ" * 500,
    "W" * 500,
    ("dài " * 200)[:500],
    "Xã\nTản\tLĩnh\x00\x07\u202e\u2028huyện\ud800 Ba\u200b Vì",
    "Ngọc Hồi — зал № 3, αίθουσα",
)


@pytest.fixture(scope="session")
def conference() -> PosterConference:
    return PosterConference(
        title="Hội nghị nghiên cứu, học tập, quán triệt Nghị quyết năm 2023",
        when="07:30 · Thứ Năm, 18/05/2023",
        host="nhipcau.example",
        help_desk="024 3825 1234",
    )


@pytest.fixture(scope="session")
def poster_points() -> list[PosterPoint]:
    return [
        PosterPoint(
            name="Xã Tản Lĩnh",
            group="Huyện Ba Vì",
            address="Hội trường UBND xã",
            code="K7Q4TLXM9AB",
            url="HTTPS://NHIPCAU.EXAMPLE/D/K7Q4TLXM9AB",
        ),
        PosterPoint(
            name="Đảng ủy Khối các cơ quan Trung ương, phòng họp số 2 tầng 3 nhà B",
            group="Ban Tuyên giáo Thành ủy Hà Nội",
            address="Số 7 phố Lý Thường Kiệt, phường Phan Chu Trinh, quận Hoàn Kiếm, Hà Nội",
            code="M2WXZ4T8RCD",
            url="HTTPS://HOINGHI.TUYENGIAO.HANOI.GOV.VN:8443/D/M2WXZ4T8RCD",
        ),
        PosterPoint("Phường Trúc Bạch", "Quận Ba Đình", "", "AAAABBBBCCC", "HTTPS://A.VN/D/AAAABBBBCCC"),
    ]


@pytest.fixture(scope="session")
def card_points() -> list[CardPoint]:
    secret = "7rPq2mVZx0KcD9sW4hYtB6nJ1uEaLfGi8oQwRk3X5yM"
    return [
        CardPoint("Xã Tản Lĩnh", "Huyện Ba Vì", f"https://nhipcau.example/o#{secret}", "Hội trường UBND xã"),
        CardPoint(
            name="Đảng ủy Khối các cơ quan Trung ương, phòng họp số 2 tầng 3 nhà B",
            group="Ban Tuyên giáo Thành ủy Hà Nội",
            url=f"https://hoinghi.tuyengiao.hanoi.gov.vn:8443/o#{secret[::-1]}",
            address="Số 7 phố Lý Thường Kiệt, phường Phan Chu Trinh, quận Hoàn Kiếm, Hà Nội",
            note="Phòng này ghép hai đơn vị; gọi trước 07:00 để thử đường truyền.",
        ),
        *(
            CardPoint(f"Phường số {number}", "Quận Ba Đình", f"https://nhipcau.example/o#{number:043d}")
            for number in range(8)
        ),
    ]


@pytest.fixture(params=HOSTILE, ids=[f"hostile{number}" for number in range(len(HOSTILE))])
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)
