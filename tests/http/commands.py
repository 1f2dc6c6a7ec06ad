"""One of each command that may come from outside, about room 4 or about the whole conference."""

import msgspec

from server.protocol import commands as c

COMMANDS: dict[type[msgspec.Struct], msgspec.Struct] = {
    type(command): command
    for command in (
        c.EditConference(title="Đổi tên"),
        c.SetPhase("closed"),
        c.EditPoints([c.PointEdit(4, seats=1)]),
        c.MergePoints(4, [1]),
        c.ClosePoints([4]),
        c.ReopenPoints([4]),
        c.RenewLinks([4]),
        c.RevokeLinks([4]),
        c.RemoveDevice(4, 1),
        c.RevokeCode(4),
        c.SetCodeExpiry(1),
        c.CheckIn(4),
        c.Ready(4),
        c.ReportHeadcount(4, 1),
        c.FollowTv(4),
        c.Leave(4),
        c.AskHelp(4, "line"),
        c.TakeHelp(4),
        c.ResolveHelp(4),
        c.EditDocument(1, title="Đổi tên"),
        c.OrderDocuments([1]),
        c.WithdrawDocument(1),
        c.RestoreDocument(1),
        c.PostNotice("Vào phòng", scope=c.Scope(point=4)),
        c.WithdrawNotice(1),
        c.AskAir(4),
        c.AnswerAir(4),
        c.PutOnAir(4),
        c.EndAir(4),
        c.RenewMediaKeys(),
    )
}
