"""A session: one publisher or viewer, from the answer to the goodbye."""

import asyncio
import hashlib
import hmac
import secrets
import time
from asyncio import Task
from collections.abc import Callable
from typing import Literal

from bridge.orders import Admit, Answering, Fetch, Publish, Watch
from bridge.wire.sdp import Codec
from server.protocol.passes import Pass

from .carrier import Carrier
from .dtls import Certificate, Handshake
from .ice import Credentials
from .workers import Worker

State = Literal["setting_up", "connected", "over"]


class Session:
    """`number` names it between door and worker, `id` over HTTP; `name` is that of its source or output. `etag`: of its
    ICE credentials. `codecs`: of a publisher, by kind. `alive`: of a publisher, whether his packets come, since
    `changed_at` (monotonic seconds). `opened`: it came to keys; `calls`: we asked, at another bridge."""

    def __init__(self, number: int, worker: Carrier, allowed: Pass, token: str, etag: str) -> None:
        self.id = secrets.token_urlsafe(18)
        self.number, self.worker, self.allowed, self.etag = number, worker, allowed, etag
        self.publishes = allowed.act == "publish"
        self.name = f"{allowed.conference}/{allowed.stream}"
        self.state: State = "setting_up"
        self.opened, self.calls = False, False
        self.their_ufrag = self.their_pwd = ""
        self.codecs: dict[str, Codec] = {}
        self.alive, self.changed_at = False, time.monotonic()
        self.ended = asyncio.Event()
        self._token = _digest(token)

    def opened_with(self, token: str) -> bool:
        return hmac.compare_digest(self._token, _digest(token))

    def pulse(self, alive: bool) -> None:
        self.alive, self.changed_at = alive, time.monotonic()

    def silent_for(self) -> float:
        """Seconds; 0 while packets come. A session that is being set up has been silent since it began."""
        return 0.0 if self.alive else time.monotonic() - self.changed_at


class Carried(Session):
    """One whose handshake is made here and whose packets a worker of ours carries. `reached`: whom we call has answered
    from an address."""

    worker: Worker

    def __init__(
        self,
        number: int,
        worker: Worker,
        allowed: Pass,
        token: str,
        ice: Credentials,
        role: Publish | Watch | Fetch,
        certificate: Certificate,
        on_goodbye: Callable[[Session], None],
    ) -> None:
        super().__init__(number, worker, allowed, token, ice.etag)
        self._ice, self._role = ice, role
        self.calls = isinstance(role, Fetch)
        self.setting_up: Task[None] | None = None
        self.reached = asyncio.Event()
        self.handshake = Handshake(
            certificate, self._send, lambda: on_goodbye(self), "client" if self.calls else "server"
        )

    def _send(self, data: bytes) -> None:
        self.worker.say(Answering(self.number, data))

    def admit(self, ice: Credentials | None = None) -> None:
        """Whoever proves its ICE credentials may come from now on; new ones are a restart."""
        self._ice = ice or self._ice
        self.etag = self._ice.etag
        ours = self._ice
        self.worker.say(Admit(self.number, ours.ufrag, ours.pwd, self.their_ufrag, self.their_pwd, self._role))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
