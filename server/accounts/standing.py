"""Whether what was opened by a key may stay open: another server may have taken the key back."""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from server.http.routing import Principal
from server.live.conductor import Clock

from .authenticator import Authenticator, note
from .kiosks import KioskStore
from .rules import SEEN_EVERY
from .sessions import SessionStore
from .tokens import TokenStore

log = structlog.get_logger()

LOT = 5_000  # keys in one question; databases take some 30,000
Key = TypeVar("Key", str, int)


class Standing:
    """Three small questions for all that is open, however much it is."""

    def __init__(
        self, sessions: SessionStore, tokens: TokenStore, kiosks: KioskStore, authenticator: Authenticator, clock: Clock
    ) -> None:
        self._sessions, self._tokens, self._kiosks = sessions, tokens, kiosks
        self._authenticator, self._clock = authenticator, clock

    async def recheck(self, held: Collection[Principal]) -> None:
        """Revokes those of `held` (whose sockets are open) whose key is gone or gives other rights now. To be called
        every few seconds. While the database is away nothing is known, and everything stays."""
        try:
            lost = {
                *await self._lost_sessions([p for p in held if p.session]),
                *await self._lost_tokens({int(p.by.partition(":")[2]): p for p in held if p.kind == "token"}),
                *await self._lost_kiosks({p.by.partition(":")[2]: p for p in held if p.kind == "kiosk"}),
            }
        except (SQLAlchemyError, OSError) as error:
            log.debug("keys_unchecked", error=repr(error))
            return
        self._authenticator.confirm({p for p in held if p not in lost})
        if lost:
            log.info("keys_revoked_elsewhere", keys=len(lost))
            self._authenticator.revoke(lambda p: p in lost)

    async def _lost_sessions(self, held: Sequence[Principal]) -> list[Principal]:
        """Who only looks at a wall is there as well: his session goes on while it is open."""
        now, lost = self._clock(), []
        for lot in _lots([p.session for p in held if p.session]):
            found = await self._sessions.standing(lot)
            for session, account in found.values():
                if now - session.last_seen_at >= SEEN_EVERY and session.expires_at > now:
                    await note(self._sessions.seen(session, account.id, now))
            rights = {id: (account.role, account.unit) for id, (_, account) in found.items()}
            asked = set(lot)
            lost += [p for p in held if p.session in asked and rights.get(p.session or "") != (p.role, p.unit)]
        return lost

    async def _lost_tokens(self, held: dict[int, Principal]) -> list[Principal]:
        lost = []
        for lot in _lots(sorted(held)):
            found = await self._tokens.standing(lot)
            for id in lot:
                now = await self._authenticator.of_token(*found[id]) if id in found else None
                if now is None or (now.role, now.unit) != (held[id].role, held[id].unit):
                    lost.append(held[id])
        return lost

    async def _lost_kiosks(self, held: dict[str, Principal]) -> list[Principal]:
        lost = []
        for lot in _lots(sorted(held)):
            found = await self._kiosks.standing(lot)
            lost += [held[id] for id in lot if id not in found]
        return lost


def _lots(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    return (keys[i : i + LOT] for i in range(0, len(keys), LOT))
