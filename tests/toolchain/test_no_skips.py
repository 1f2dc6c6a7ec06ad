"""The plugin that makes a skipped test fail a run in continuous integration, run on small suites."""

import pytest

pytest_plugins = ["pytester"]

PASSING = "def test_a(): pass\n"
SKIPPED = "import pytest\ndef test_a(): pass\n@pytest.mark.skip(reason='no database')\ndef test_b(): pass\n"
SKIPPED_MODULE = "import pytest\npytest.importorskip('no_such_module')\ndef test_a(): pass\n"
EXPECTED_FAILURE = "import pytest\n@pytest.mark.xfail(strict=True)\ndef test_a(): assert False\n"


@pytest.mark.parametrize(
    ("suite", "ci", "outcome"),
    [
        (SKIPPED, "true", pytest.ExitCode.TESTS_FAILED),
        (SKIPPED_MODULE, "true", pytest.ExitCode.TESTS_FAILED),
        (EXPECTED_FAILURE, "true", pytest.ExitCode.OK),
        (PASSING, "true", pytest.ExitCode.OK),
        (SKIPPED, "false", pytest.ExitCode.OK),
    ],
)
def test_skips_fail_only_in_continuous_integration(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, suite: str, ci: str, outcome: int
) -> None:
    monkeypatch.setenv("CI", ci)
    # A passing module beside it, so that nothing here hangs on "no tests were collected".
    pytester.makepyfile(test_suite=suite, test_other=PASSING)

    result = pytester.runpytest_inprocess("-p", "tests.plugins.no_skips", "-p", "no:xdist", "-p", "no:asyncio")

    assert result.ret == outcome
    result.assert_outcomes(**expected_counts(suite))


def expected_counts(suite: str) -> dict[str, int]:
    return {
        PASSING: {"passed": 2},
        SKIPPED: {"passed": 2, "skipped": 1},
        SKIPPED_MODULE: {"passed": 1, "skipped": 1},
        EXPECTED_FAILURE: {"passed": 1, "xfailed": 1},
    }[suite]


def test_skips_in_worker_processes_count_as_well(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile(test_suite=SKIPPED, test_module=SKIPPED_MODULE)

    result = pytester.runpytest_subprocess("-p", "tests.plugins.no_skips", "-n", "1")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*skipped tests fail this run*", "*test_module.py*", "*test_suite.py::test_b*"])
