"""API tokens of the one who asks."""

from msgspec import Struct

from server.http.problems import Problem
from server.http.routing import Allow, Call, Route
from server.live.conductor import Clock
from server.protocol.base import Label, Millis

from . import keys
from .authenticator import Authenticator, Within
from .calls import Unit, by, check_unit, number, own_account, person
from .model import AccountRole, Token
from .rules import check_expiry, check_scope, within_role
from .store import AccountStore
from .tokens import TokenStore


class TokenRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`role` and `unit` may be less than one's own; left out they are one's own. `expires_at` null: never."""

    name: Label
    role: AccountRole | None = None
    unit: Unit | None = None
    expires_at: Millis | None = None


class TokenMade(Struct, frozen=True):
    """`token` goes into `Authorization: Bearer …` or a socket's hello. It is shown this once."""

    id: int
    name: str
    role: AccountRole
    unit: str | None
    created_at: int
    expires_at: int | None
    token: str


class TokenList(Struct, frozen=True):
    """The newest first."""

    tokens: list[Token]


class TokenRoutes:
    """`within` tells whether a unit exists and lies in another's subtree."""

    def __init__(
        self, accounts: AccountStore, tokens: TokenStore, authenticator: Authenticator, within: Within, clock: Clock
    ) -> None:
        self._accounts, self._tokens = accounts, tokens
        self._authenticator, self._within, self._clock = authenticator, within, clock

    def routes(self) -> list[Route]:
        return [
            Route(
                "GET", "/api/tokens", self.list_mine, Allow.VIEWER, "One's own API tokens",
                answer=TokenList, errors=("session_needed",),
            ),
            Route(
                "POST", "/api/tokens", self.create, Allow.VIEWER, "Make an API token",
                body=TokenRequest, answer=TokenMade, status=201,
                errors=("session_needed", "token_role", "forbidden_scope", "unit_unknown", "administrator_whole",
                        "expiry_past", "too_many_tokens"),
            ),
            Route(
                "DELETE", "/api/tokens/{token}", self.revoke, Allow.VIEWER, "Revoke an API token",
                status=204, errors=("session_needed", "token_unknown"),
            ),
        ]  # fmt: skip

    async def list_mine(self, call: Call) -> TokenList:
        return TokenList(await self._tokens.of(own_account(person(call))))

    async def create(self, call: Call) -> TokenMade:
        body: TokenRequest = call.body
        owner = await self._accounts.get(own_account(person(call)))
        if owner is None:
            raise Problem(401, "unauthenticated")
        role, unit = body.role or owner.role, body.unit or owner.unit
        if not within_role(role, owner.role):
            raise Problem(403, "token_role", "role")
        check_scope(role, unit)
        await check_unit(self._within, unit, owner.unit)
        now, name, key = self._clock(), body.name, keys.new(keys.TOKEN)
        check_expiry(body.expires_at, now)
        made = await self._tokens.create(owner, key.digest, name, role, unit, body.expires_at, now)
        return TokenMade(made.id, name, role, unit, now, body.expires_at, key.secret)

    async def revoke(self, call: Call) -> None:
        who, id = person(call), number(call, "token", "token_unknown")
        if not await self._tokens.revoke(own_account(who), id, by(who), self._clock()):
            raise Problem(404, "token_unknown")
        self._authenticator.revoke(lambda p: p.by == f"token:{id}")
