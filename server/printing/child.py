"""The process that prints: a job on standard input, a PDF on standard output. It ends afterwards, and with it
goes the memory that typst keeps."""

import resource
import sys

from .job import Cards, ConferencePoster, Job, Posters, decode
from .model import PrintingError
from .sheets import conference_poster, operator_cards, operator_sheets, posters

MAX_CPU_SECONDS = 120  # a thousand posters take ten
REFUSED = 3  # the exit status of a value that cannot be printed; standard error then says which


def make(job: Job) -> bytes:
    if isinstance(job, Posters):
        return posters(job.conference, job.points)
    if isinstance(job, ConferencePoster):
        return conference_poster(job.conference, job.code, job.url)
    if isinstance(job, Cards):
        return operator_cards(job.conference, job.points)
    return operator_sheets(job.conference, job.points)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pdf = make(decode(sys.stdin.buffer.read()))
    except PrintingError as error:
        sys.stderr.write(str(error))
        raise SystemExit(REFUSED) from error
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
