"""Given / when / then over the pure rules: a conference is a list of events, a question is a command."""

from collections.abc import Sequence

from server.conference import Actor, Moment, Refusal, State, decide, evolve
from server.protocol.commands import AddPoints, Command, CreateConference, NewPoint, SetPhase, UnitNode
from server.protocol.events import Event, EventBody

T0 = 1_700_000_000_000
ADMIN = Actor("administrator", "account:1", name="Trần Thu Hà")
SYSTEM = Actor("system", "system")

UNITS = [
    UnitNode("HN", "Thành phố Hà Nội", "thành phố", None, 0),
    UnitNode("271", "Huyện Ba Vì", "huyện", "HN", 1),
    UnitNode("09619", "Xã Tản Lĩnh", "xã", "271", 2),
    UnitNode("09622", "Xã Minh Quang", "xã", "271", 3),
    UnitNode("001", "Quận Ba Đình", "quận", "HN", 4),
    UnitNode("00001", "Phường Phúc Xá", "phường", "001", 5),
]
POINTS = [
    NewPoint("09619", "CODE1", seats=90, expected=72),
    NewPoint("09619", "CODE2", name="Phòng 2", seats=40, expected=30),
    NewPoint("09622", "CODE3", seats=60, expected=50),
    NewPoint("00001", "CODE4", seats=80, expected=60),
]


def operator(point: int, device: int = 1) -> Actor:
    return Actor("operator", f"device:{point}.{device}", point=point)


class Conference:
    """A state that is only ever changed through commands, with a clock that is told."""

    def __init__(self, phase: str = "live") -> None:
        self.state = State("c1")
        self.events: list[Event] = []
        self.now = T0
        self.when(CreateConference("Hội nghị", T0))
        self.when(AddPoints(UNITS, POINTS))
        for step in {"draft": [], "rehearsal": ["rehearsal"], "live": ["live"], "closed": ["live", "closed"]}[phase]:
            self.when(SetPhase(step))  # type: ignore[arg-type]

    def when(
        self,
        command: Command,
        actor: Actor = ADMIN,
        *,
        tapped_at: int | None = None,
        sent_at: int | None = None,
        after: int = 1_000,
    ) -> list[EventBody]:
        """Decides `command` one second later and applies what it leads to. Raises `Refusal`."""
        self.now += after
        moment = Moment.of(self.now, tapped_at, sent_at)
        bodies = decide(self.state, command, actor, moment)
        for body in bodies:
            event = Event(self.state.seq + 1, self.now, actor.by, body, moment.occurred_at, moment.tapped_at)
            evolve(self.state, event)
            self.events.append(event)
        return bodies

    def refused(self, command: Command, actor: Actor = ADMIN) -> str:
        """The code with which a command is refused; fails when it is not, or when the state changed."""
        before = self.state.seq
        try:
            bodies = self.when(command, actor)
        except Refusal as refusal:
            assert self.state.seq == before
            return refusal.code
        raise AssertionError(f"{command} was accepted: {bodies}")


def fold(events: Sequence[Event]) -> State:
    state = State("c1")
    for event in events:
        evolve(state, event)
    return state
