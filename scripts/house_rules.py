"""The house rules that a linter off the shelf does not know. Every message says why the rule is there.

Run as `python -m scripts.house_rules`; it looks at every file git knows or would add, prints
`file:line: reason` for each breach and exits 1 when there is one.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Nothing hand-written comes near this; what does was built, recorded or copied, and belongs elsewhere.
LARGEST_FILE = 1_000_000

TASKS = "server/tasks.py"
PURE = ("server/protocol/", "server/conference/")
IMPURE_MODULES = {"random", "secrets", "time", "socket", "os", "asyncio", "threading"}
IMPURE_CALLS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "uuid.uuid1", "uuid.uuid4"}

# Spelled in pieces, so that this file does not break its own rule.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"]) + r")\b")
REGISTRY = re.compile(
    r"\b(registry\.npm" + r"js\.org|py" + r"pi\.org|python" + r"hosted\.org|deb\.deb" + r"ian\.org)\b"
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|farm|root|home/\w+)/\w")


@dataclass(frozen=True)
class Breach:
    path: str
    line: int
    reason: str


def main() -> int:
    breaches = [breach for path in project_files() for breach in breaches_of(path, (ROOT / path).read_bytes())]
    for breach in breaches:
        print(f"{breach.path}:{breach.line}: {breach.reason}")
    return 1 if breaches else 0


def project_files() -> list[str]:
    """Tracked files and new ones that are not ignored, as they stand in the work tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def breaches_of(path: str, content: bytes) -> Iterator[Breach]:
    """All breaches of one file; `path` is relative to the repository, with forward slashes."""
    if len(content) > LARGEST_FILE:
        yield Breach(path, 1, "over 1 MB: a repository keeps what people write; build or fetch the rest")
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return
    yield from text_breaches(path, text)
    if path.endswith(".py"):
        yield from python_breaches(path, ast.parse(text, filename=path))


def text_breaches(path: str, text: str) -> Iterator[Breach]:
    for number, line in enumerate(text.splitlines(), start=1):
        if MACHINE_PATH.search(line):
            yield Breach(path, number, "a path of one machine: others do not have it; use a path inside the project")
        if REGISTRY.search(line):
            yield Breach(
                path, number, "a registry's address: versions and hashes are ours, where they come from is not"
            )
        if UNFINISHED.search(line):
            yield Breach(path, number, "a note of unfinished work: finish it, or write it where work is planned")


def python_breaches(path: str, tree: ast.AST) -> Iterator[Breach]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from call_breaches(path, node)
        elif isinstance(node, ast.ExceptHandler):
            yield from handler_breaches(path, node)
        elif isinstance(node, ast.Import | ast.ImportFrom) and path.startswith(PURE):
            yield from import_breaches(path, node)


def call_breaches(path: str, call: ast.Call) -> Iterator[Breach]:
    name = ast.unparse(call.func)
    if is_bare_task(name) and path != TASKS:
        yield Breach(path, call.lineno, f"a bare task is lost when it fails: start it through {TASKS}, named and owned")
    if path.startswith("tests/") and name in {"time.sleep", "asyncio.sleep", "sleep"} and not is_zero(call):
        yield Breach(path, call.lineno, "a sleep is slow when it works and flaky when not: wait for the condition")
    if path.startswith(PURE) and any(name == impure or name.endswith("." + impure) for impure in IMPURE_CALLS):
        yield Breach(path, call.lineno, "rules read no clock and draw no chance, so that a replay decides the same")


def is_bare_task(name: str) -> bool:
    """A task group awaits and cancels what it started; everything else starts tasks that nobody may own."""
    return name.endswith((".create_task", ".ensure_future")) and not name.endswith("group.create_task")


def is_zero(call: ast.Call) -> bool:
    """`sleep(0)` waits for nothing: it lets others run."""
    return len(call.args) == 1 and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0


def handler_breaches(path: str, handler: ast.ExceptHandler) -> Iterator[Breach]:
    catches = ast.unparse(handler.type) if handler.type else "BaseException"
    if catches in {"Exception", "BaseException"} and all(isinstance(step, ast.Pass) for step in handler.body):
        yield Breach(
            path,
            handler.lineno,
            "swallows every failure, also those nobody has met yet: name the expected one",
        )


def import_breaches(path: str, node: ast.Import | ast.ImportFrom) -> Iterator[Breach]:
    modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
    for module in modules:
        if module.split(".")[0] in IMPURE_MODULES or {"uuid4", "uuid1"} & set(names):
            yield Breach(path, node.lineno, f"pure rules do not use {module}: time and chance come in as arguments")


if __name__ == "__main__":
    sys.exit(main())
