"""One command for every kind of event, found by a registry, so that a new event cannot be forgotten."""

from server.conference import Actor
from server.protocol import commands as c
from server.protocol.commands import Command, FileFacts, NewPoint, Scope, UnitNode

from .given import ADMIN, SYSTEM, T0, Conference, operator

FILE = FileFacts("a" * 64, 1_200, "application/pdf", "Nghị quyết.pdf", 24)
OTHER = FileFacts("b" * 64, 1_300, "application/pdf", "Nghị quyết.pdf", 25)

# In an order in which each holds: a morning with everything that can happen.
STORY: list[tuple[Command, Actor]] = [
    (c.EditConference(title="Hội nghị toàn Thành phố", help_phone="0243123456"), ADMIN),
    (
        c.AddPoints([UnitNode("00004", "Phường Trúc Bạch", "phường", "001", 6)], [NewPoint("00004", "CODE5")], first=5),
        ADMIN,
    ),
    (c.EditPoints([c.PointEdit(3, seats=70, expected=55), c.PointEdit(4, name="Hội trường")]), ADMIN),
    (c.IssueCode("NEWCODE", 1), ADMIN),
    (c.IssueCode("ALLCODE"), ADMIN),
    (c.SetCodeExpiry(T0 + 86_400_000), ADMIN),
    (c.EnrolDevice(1, "Android · Chrome"), SYSTEM),
    (c.EnrolDevice(1, "iPhone · Safari"), SYSTEM),
    (c.EnrolDevice(3, "Android · Zalo"), SYSTEM),
    (c.AddDocument("Toàn văn Nghị quyết", FILE), ADMIN),
    (c.AddDocument("Đề cương", OTHER, Scope(unit="271"), T0 + 3_600_000), ADMIN),
    (c.AddDocument("Riêng phòng", OTHER, Scope(point=1)), ADMIN),
    (c.AddVersion(1, OTHER), ADMIN),
    (c.EditDocument(2, title="Đề cương thảo luận", release_at=None), ADMIN),
    (c.OrderDocuments([2, 1, 3]), ADMIN),
    (c.CheckIn(1), operator(1)),
    (c.CheckIn(3), operator(3)),
    (c.CheckIn(4), ADMIN),
    (c.Ready(1), operator(1)),
    (c.Ready(3), operator(3)),
    (c.Ready(3, ready=False), operator(3)),
    (c.ReportHeadcount(1, 66, 4, 2), operator(1)),
    (c.ReportHeadcount(1, 68, 3, 1), operator(1, 2)),
    (c.ReportHeadcount(4, 58), ADMIN),
    (c.LineGone(3, T0 + 40_000), SYSTEM),
    (c.LineSeen(3), SYSTEM),
    (c.LineSeen(4), SYSTEM),
    (c.FollowTv(3), operator(3)),
    (c.AskHelp(1, "no_sound", "Loa không kêu"), operator(1)),
    (c.AskHelp(1, "no_picture"), operator(1)),
    (c.TakeHelp(1), ADMIN),
    (c.ResolveHelp(1, "Cắm lại dây"), ADMIN),
    (c.AskAir(1), ADMIN),
    (c.AnswerAir(1), operator(1)),
    (c.AskAir(3), ADMIN),
    (c.AnswerAir(3), operator(3)),
    (c.PutOnAir(3), ADMIN),
    (c.PutOnAir(1), ADMIN),
    (c.PutOnAir(None), ADMIN),
    (c.EndAir(3), ADMIN),
    (c.PutOnAir(1), ADMIN),
    (c.RenewMediaKeys(), ADMIN),
    (c.CountScans(T0, [c.ScanRow(1, 0, "scan", 40), c.ScanRow(1, 1, "open", 25), c.ScanRow(0, 0, "scan", 3)]), SYSTEM),
    (c.PostNotice("Hội nghị giải lao đến 9 giờ 30"), ADMIN),
    (c.PostNotice("Huyện Ba Vì nhận tài liệu tại phòng bên", "attendees", Scope(unit="271")), ADMIN),
    (c.PostNotice("Kiểm tra lại micro", "operators", Scope(point=1)), ADMIN),
    (c.WithdrawNotice(1), ADMIN),
    (c.WithdrawDocument(3), ADMIN),
    (c.RestoreDocument(3), ADMIN),
    (c.RemoveDevice(1, 2), ADMIN),
    (c.RevokeCode(1), ADMIN),
    (c.RevokeCode(), ADMIN),
    (c.MergePoints(1, [2]), ADMIN),
    (c.ClosePoints([5], "Không tổ chức"), ADMIN),
    (c.ReopenPoints([5]), ADMIN),
    (c.FollowTv(3, on=False), operator(3)),
    (c.RevokeLinks([3]), ADMIN),
    (c.RenewLinks([1, 3]), ADMIN),
    (c.Leave(1), operator(1)),
    (c.SetPhase("closed"), ADMIN),
]


def whole_story() -> Conference:
    conference = Conference("live")
    for command, actor in STORY:
        assert conference.when(command, actor), f"{command} led to nothing"
    return conference
