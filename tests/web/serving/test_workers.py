"""Workers: real processes that answer, decline, end, hang or never begin."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
import pytest

from indexer.process_pool import when_parent_ends
from search_app.serving.workers import NO_ANSWER, READY, Asked, Workers
from search_app.serving.wsgi import GREEDY, VERSION, Environ
from tests.patience import patience

pytestmark = pytest.mark.slow

HERE = b"made here"


def work(pipe: Connection) -> None:
    """Answers with the number of its process and what it was asked, or as the path says."""
    when_parent_ends(lambda: os._exit(0))
    pipe.send_bytes(READY)
    while True:
        try:
            asked = msgspec.msgpack.decode(pipe.recv_bytes(), type=Asked)
        except EOFError:
            return
        if asked.path == "/ends":
            os._exit(3)
        if asked.path == "/hangs":
            time.sleep(60)
        body = f"{os.getpid()} {asked.environ()} {asked.version}".encode()
        pipe.send_bytes(NO_ANSWER if asked.path == "/declines" else body)


def work_that_never_begins(pipe: Connection) -> None:
    os._exit(7)


def here(environ: Environ) -> bytes:
    return HERE


def request(path: str = "/search") -> Environ:
    return {"PATH_INFO": path, "QUERY_STRING": "q=%C3%A9", "SCRIPT_NAME": "/news", VERSION: "v1"}


@contextmanager
def busy(workers: Workers) -> Iterator[None]:
    """While this is entered, this process makes an answer, so that workers make the others."""
    begun, over = threading.Event(), threading.Event()

    def make(environ: Environ) -> bytes:
        begun.set()
        over.wait(60)
        return HERE

    thread = threading.Thread(target=workers.answer, args=(request(), make))
    thread.start()
    begun.wait(20)
    try:
        yield
    finally:
        over.set()
        thread.join()


def eventually(is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end and not is_so():
        time.sleep(0.01)
    return is_so()


def pid_of(answer: bytes) -> int:
    return int(answer.split()[0])


def test_the_only_request_is_answered_here_and_what_is_asked_meanwhile_by_workers() -> None:
    workers = Workers(work, 2)
    with workers:
        assert eventually(lambda: workers.ready == 2)
        assert workers.answer(request(), here) == HERE
        with busy(workers):
            answer = workers.answer(request(), here)
    told = "{'SCRIPT_NAME': '/news', 'PATH_INFO': '/search', 'QUERY_STRING': 'q=%C3%A9'} v1"
    assert answer == f"{pid_of(answer)} {told}".encode()
    assert pid_of(answer) != os.getpid()


def test_as_many_answer_at_a_time_as_there_are_and_others_wait_for_one() -> None:
    workers = Workers(work, 2, wait=30)
    answers: list[bytes] = []
    with workers:
        assert eventually(lambda: workers.ready == 2)
        with busy(workers):
            threads = [
                threading.Thread(target=lambda: answers.append(workers.answer(request(), here)))
                for _ in range(50)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
    assert HERE not in answers
    assert (len(answers), len({pid_of(one) for one in answers})) == (50, 2)


def test_a_light_request_waits_for_no_greedy_one_and_a_greedy_one_for_a_worker() -> None:
    workers = Workers(work, 1, wait=30)
    greedy: list[bytes] = []
    with workers, patience():
        assert eventually(lambda: workers.ready == 1)
        with busy(workers):
            pid = pid_of(workers.answer(request(), here))
            os.kill(pid, signal.SIGSTOP)
            threads = [
                threading.Thread(
                    target=lambda: greedy.append(workers.answer(request() | {GREEDY: True}, here))
                )
                for _ in range(2)
            ]
            for thread in threads:
                thread.start()
            time.sleep(0.1)
            assert workers.answer(request() | {GREEDY: False}, here) == HERE
            assert greedy == []
            os.kill(pid, signal.SIGCONT)
            for thread in threads:
                thread.join(20)
    assert [pid_of(answer) for answer in greedy] == [pid, pid]


def test_a_light_request_waits_for_another_one_but_not_long() -> None:
    workers = Workers(work, 1, wait=0.05)
    with workers, patience():
        assert eventually(lambda: workers.ready == 1)
        with busy(workers):
            pid = pid_of(workers.answer(request(), here))
            os.kill(pid, signal.SIGSTOP)
            thread = threading.Thread(target=workers.answer, args=(request(), here))
            thread.start()
            time.sleep(0.1)
            assert workers.answer(request(), here) == HERE
            os.kill(pid, signal.SIGCONT)
            thread.join(20)
            assert pid_of(workers.answer(request(), here)) == pid


def test_where_a_worker_has_no_answer_it_is_made_here() -> None:
    workers = Workers(work, 1)
    with workers:
        assert eventually(lambda: workers.ready == 1)
        with busy(workers):
            assert workers.answer(request("/declines"), here) == HERE
            assert workers.answer(request("/\udcff"), here) == HERE
            assert workers.answer(request(), here) != HERE
        unversioned = {name: value for name, value in request().items() if name != VERSION}
        with busy(workers):
            assert workers.answer(unversioned, here) == HERE


def test_what_making_an_answer_here_raises_is_raised() -> None:
    def fail(environ: Environ) -> bytes:
        raise ValueError("no")

    workers = Workers(work, 1)
    with workers:
        assert eventually(lambda: workers.ready == 1)
        with busy(workers), pytest.raises(ValueError, match="no"):
            workers.answer(request("/declines"), fail)
        with busy(workers):
            assert workers.answer(request(), here) != HERE


def test_a_worker_that_ends_costs_no_answer_and_another_one_comes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    workers = Workers(work, 1, pauses=(0.01, 60))
    with workers:
        assert eventually(lambda: workers.ready == 1)
        with busy(workers):
            first = pid_of(workers.answer(request(), here))
            assert workers.answer(request("/ends"), here) == HERE
            assert eventually(lambda: workers.answer(request(), here) != HERE)
            second = pid_of(workers.answer(request(), here))
            os.kill(second, signal.SIGKILL)  # while it is asked nothing
            assert eventually(lambda: workers.answer(request(), here) == HERE)
            assert eventually(lambda: workers.answer(request(), here) != HERE)
    assert first != second
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "a worker has ended with 3; another one is started in 0.01 s",
        "a worker has ended with -9; another one is started in 0.02 s",
    ]


def test_a_worker_that_hangs_is_ended_and_the_answers_are_made_here(
    caplog: pytest.LogCaptureFixture,
) -> None:
    workers = Workers(work, 1, patience=0.4, pauses=(0.01, 60))
    with workers:
        assert eventually(lambda: workers.ready == 1)
        with busy(workers):
            hung = pid_of(workers.answer(request(), here))
            waiting = threading.Thread(target=workers.answer, args=(request("/hangs"), here))
            waiting.start()
            assert eventually(lambda: not Path(f"/proc/{hung}").exists())
            waiting.join(20)
            assert not waiting.is_alive()
            assert eventually(lambda: workers.answer(request(), here) != HERE)
    assert "took more than 0.4 s over an answer and was ended" in caplog.text


def test_where_no_worker_begins_this_process_answers_and_tries_ever_more_seldom(
    caplog: pytest.LogCaptureFixture,
) -> None:
    workers = Workers(work_that_never_begins, 1, pauses=(0.01, 60))
    with workers:
        assert eventually(lambda: len(caplog.records) > 2)
        with busy(workers):
            assert workers.answer(request(), here) == HERE
    assert [record.getMessage().rpartition(" in ")[2] for record in caplog.records[:3]] == [
        "0.01 s",
        "0.02 s",
        "0.04 s",
    ]


def test_where_the_system_starts_no_process_this_one_answers(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.util.spawnv_passfds", refuse)
    workers = Workers(work, 1, pauses=(0.01, 60))
    with caplog.at_level(logging.WARNING), workers:
        assert eventually(lambda: bool(caplog.records))
        assert workers.answer(request(), here) == HERE
    assert "a worker could not be started: [Errno 11]" in caplog.records[0].getMessage()


def test_at_the_end_the_processes_are_gone_even_one_that_is_asked_and_the_answer_is_made() -> None:
    workers = Workers(work, 2)
    answers: list[bytes] = []
    with workers, patience():
        assert eventually(lambda: workers.ready == 2)
        with busy(workers):
            pid = pid_of(workers.answer(request(), here))
            thread = threading.Thread(
                target=lambda: answers.append(workers.answer(request("/hangs"), here))
            )
            thread.start()
            time.sleep(0.1)
            workers.__exit__()
            thread.join(20)
    assert answers == [HERE]
    assert not Path(f"/proc/{pid}").exists()
    with busy(workers):
        assert workers.answer(request(), here) == HERE


def test_without_workers_all_answers_are_made_here() -> None:
    workers = Workers(work, 0)
    with workers, busy(workers), busy(workers):
        assert workers.answer(request(), here) == HERE


def test_what_is_left_of_an_answer_that_could_not_be_read_answers_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workers = Workers(work, 1, pauses=(0.01, 60))
    with workers, patience():
        assert eventually(lambda: workers.ready == 1)
        with busy(workers):
            pid = pid_of(workers.answer(request("/first"), here))
            with monkeypatch.context() as patched:
                patched.setattr(Connection, "recv_bytes", lambda _: bytearray(2**62))
                assert workers.answer(request("/second"), here) == HERE
            for _ in range(20):
                answer = workers.answer(request("/third"), here)
                assert answer == HERE or b"/third" in answer
            assert eventually(lambda: workers.answer(request(), here) != HERE)
            assert pid_of(workers.answer(request(), here)) != pid
