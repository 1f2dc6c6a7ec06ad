"""Documents held against the journals that name them."""

import hashlib
from collections.abc import Mapping

from server.documents.storage import Storage

from .reading import Backup
from .report import Report
from .steps import Steps


async def verify_documents(storage: Storage, named: Mapping[str, int], report: Report, steps: Steps) -> None:
    """Every document that a journal names is in the store, byte for byte. `StorageAway`."""
    advance = steps("documents", sum(named.values()))
    for hash, size in named.items():
        if problem := await _document_problem(storage, hash, size):
            report.differs(f"documents/{hash}", problem)
        report.documents += 1
        report.document_bytes += size
        advance(size)
    async for blob in storage.blobs():
        if blob.hash not in named:
            report.orphans += 1
            report.orphan_bytes += blob.size


async def _document_problem(storage: Storage, hash: str, size: int) -> str:
    found = await storage.find(hash)
    if found is None:
        return "is not in the store"
    if found.size != size:
        return f"has {found.size} bytes instead of {size}"
    digest = hashlib.sha256()
    try:
        async for chunk in storage.read(hash, 0, size):
            digest.update(chunk)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    return "" if digest.hexdigest() == hash else "its content was changed"


def verify_kept_documents(backup: Backup, named: Mapping[str, int], report: Report) -> None:
    """The same for a backup whose parts were checked: it must hold what its journals name."""
    there = dict(backup.documents())
    for hash, size in named.items():
        if hash not in there:
            gone = hash in backup.manifest.lost
            report.differs(f"files/{hash}", "was lost when the backup was made" if gone else "is not in the backup")
        elif there[hash] != size:
            report.differs(f"files/{hash}", f"has {there[hash]} bytes instead of {size}")
    for part in backup.manifest.parts:
        if part.name.startswith("files/") and part.name != f"files/{part.sha256}":
            report.differs(part.name, "is not the content that its name says")
    report.documents, report.document_bytes = len(named), sum(named.values())
    report.orphans = len(there.keys() - named.keys())
