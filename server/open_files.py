"""How many files, and so connections, this process may hold open."""

import resource

MOST = 2**20  # where the system sets no limit: tables that grow with it stay small


def limit() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else soft


def highest() -> int:
    """What `raise_limit` can reach."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if hard == resource.RLIM_INFINITY else hard


def raise_limit() -> int:
    """Shells begin with a thousand or so, although the system allows more. Gives what holds from now on."""
    wanted = min(highest(), MOST)
    if wanted > limit():
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return limit()
