"""Documents: versions, order, a release time before which nobody gets them, a scope, withdrawal."""

import msgspec
from msgspec import UNSET

from server.protocol.commands import (
    AddDocument,
    AddVersion,
    EditDocument,
    OrderDocuments,
    RestoreDocument,
    WithdrawDocument,
)
from server.protocol.events import (
    DocumentAdded,
    DocumentEdited,
    DocumentRestored,
    DocumentsOrdered,
    DocumentWithdrawn,
    Event,
    EventBody,
    VersionAdded,
)
from server.protocol.terms import DocumentState

from .rules import ORGANIZERS, Actor, Moment, Refusal, applies, known_scope, rule, whole
from .state import Document, Stamp, State

MAX_DOCUMENTS = 500  # one page lists them all on a cheap phone
MAX_VERSIONS = 50


@rule(AddDocument, allow=ORGANIZERS, reach=whole)
def add(state: State, c: AddDocument, actor: Actor, moment: Moment) -> list[EventBody]:
    if len(state.documents) >= MAX_DOCUMENTS:
        raise Refusal("too_many_documents", limit=MAX_DOCUMENTS)
    known_scope(state, c.scope)
    return [DocumentAdded(state.next_document, c.title.strip(), c.file, c.scope, c.release_at)]


@applies(DocumentAdded)
def added(state: State, event: Event, body: DocumentAdded) -> None:
    state.documents[body.document] = Document(
        body.document, body.title, [body.file], [Stamp(event.at, event.by)], body.scope, body.release_at
    )
    state.order.append(body.document)
    state.next_document = body.document + 1


@rule(AddVersion, allow=ORGANIZERS, reach=whole)
def add_version(state: State, c: AddVersion, actor: Actor, moment: Moment) -> list[EventBody]:
    document = _find(state, c.document)
    if document.versions[-1].hash == c.file.hash and document.versions[-1].name == c.file.name:
        return []
    if len(document.versions) >= MAX_VERSIONS:
        raise Refusal("too_many_versions", limit=MAX_VERSIONS)
    return [VersionAdded(document.id, len(document.versions) + 1, c.file)]


@applies(VersionAdded)
def version_added(state: State, event: Event, body: VersionAdded) -> None:
    document = state.documents[body.document]
    document.versions.append(body.file)
    document.stamps.append(Stamp(event.at, event.by))


@rule(EditDocument, allow=ORGANIZERS, reach=whole)
def edit(state: State, c: EditDocument, actor: Actor, moment: Moment) -> list[EventBody]:
    document = _find(state, c.document)
    if c.title is not UNSET and not c.title.strip():
        raise Refusal("empty", "title")
    if c.scope is not UNSET:
        known_scope(state, c.scope)
    changed = {
        f: v
        for f in ("title", "scope", "release_at")
        if (v := getattr(c, f)) is not UNSET and v != getattr(document, f)
    }
    return [DocumentEdited(document.id, **changed)] if changed else []


@applies(DocumentEdited)
def edited(state: State, event: Event, body: DocumentEdited) -> None:
    document = state.documents[body.document]
    for name in ("title", "scope", "release_at"):
        if (value := getattr(body, name)) is not msgspec.UNSET:
            setattr(document, name, value)


@rule(OrderDocuments, allow=ORGANIZERS, reach=whole)
def order(state: State, c: OrderDocuments, actor: Actor, moment: Moment) -> list[EventBody]:
    if sorted(c.documents) != sorted(state.order):
        raise Refusal("order_incomplete", "documents")
    return [] if c.documents == state.order else [DocumentsOrdered(c.documents)]


@applies(DocumentsOrdered)
def ordered(state: State, event: Event, body: DocumentsOrdered) -> None:
    state.order = list(body.documents)


@rule(WithdrawDocument, allow=ORGANIZERS, reach=whole)
def withdraw(state: State, c: WithdrawDocument, actor: Actor, moment: Moment) -> list[EventBody]:
    return [] if _find(state, c.document).withdrawn else [DocumentWithdrawn(c.document)]


@applies(DocumentWithdrawn)
def withdrawn(state: State, event: Event, body: DocumentWithdrawn) -> None:
    state.documents[body.document].withdrawn = True


@rule(RestoreDocument, allow=ORGANIZERS, reach=whole)
def restore(state: State, c: RestoreDocument, actor: Actor, moment: Moment) -> list[EventBody]:
    return [DocumentRestored(c.document)] if _find(state, c.document).withdrawn else []


@applies(DocumentRestored)
def restored(state: State, event: Event, body: DocumentRestored) -> None:
    state.documents[body.document].withdrawn = False


# --- reading


def state_of(document: Document, now: int) -> DocumentState:
    if document.withdrawn:
        return "withdrawn"
    return "waiting" if document.release_at is not None and now < document.release_at else "released"


def offered(state: State, point: int | None, now: int) -> list[Document]:
    """What somebody at `point` (None: with the conference's own code) may have now, in order."""
    return [d for d in (state.documents[i] for i in state.order) if gives(state, d, point, now)]


def gives(state: State, document: Document, point: int | None, now: int) -> bool:
    return state_of(document, now) == "released" and state.covers(document.scope, point)


def _find(state: State, document: int) -> Document:
    found = state.documents.get(document)
    if found is None:
        raise Refusal("document_unknown", "document")
    return found
