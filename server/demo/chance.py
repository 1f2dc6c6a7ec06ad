"""The only source of chance in plans: a seed, so that the same plan can be made again."""

from random import Random


def seeded(*parts: object) -> Random:
    """Two calls with the same parts draw the same numbers, on every machine."""
    return Random(" ".join(map(str, parts)))  # noqa: S311 - stories and names, no secrets
