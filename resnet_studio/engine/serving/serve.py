"""The engine process: answers the window's requests, one JSON object a line, and ends with it. Knows no Qt.

One thread reads, so that `cancel` and the end of the window work while a request runs; the main thread answers what is
quick, in order; what takes long (export, download, data sets, trying learning rates) gets a thread of its own.
"""

from __future__ import annotations

import io
import logging
import os
import signal
import sys
import threading
from collections import deque
from typing import IO

from resnet_studio.design.errors import StudioError
from resnet_studio.engine import children
from resnet_studio.engine.serving.channel import Channel, Conversation
from resnet_studio.runs import wire
from resnet_studio.runs.exit_code import ExitCode

LOG = logging.getLogger(__name__)
_GRACE = 1.0
LONG = (
    wire.EXPORT, wire.DOWNLOAD, wire.DATASETS, wire.PROBE_DATA, wire.SURVEY_DATA, wire.MEMORY, wire.PRETRAINED, wire.LOOK_WEIGHTS, wire.EVALUATE,
    wire.RATES,
)  # fmt: skip
# These leave no file behind: the end of the window waits for no step of theirs. But where weights are read, a copy lies about.
_TRACELESS = (wire.RATES,)


class Server:
    """The queue between the reading thread and the answering ones."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._waiting: deque[Conversation] = deque()
        self._running: dict[int, Conversation] = {}
        self._changed = threading.Condition()
        self._over = False

    def accept(self, line: bytes) -> bool:
        """Take one line from the window; False when it asks to shut down."""
        try:
            request = wire.decode_request(line)
        except wire.WireError as error:
            self.channel.send(wire.Failure(wire.READY_ID, error.what, error.remedy))
            return True
        if request.do == wire.SHUTDOWN:
            self.channel.send(wire.Result(request.id, {}))
            return False
        if request.do == wire.CANCEL:
            self._cancel(request)
        else:
            self._queue(Conversation(request, self.channel))
        return True

    def close(self) -> None:
        """Let `work` return once its present request is done."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def give_up(self, seconds: float) -> None:
        """Take back what runs, and give what takes long a moment to remove its temporary files."""
        with self._changed:
            for talk in self._running.values():
                talk.cancelled.set()
            children.end_all()
            self._changed.wait_for(lambda: not self._long_ones(), timeout=seconds)

    def _long_ones(self) -> list[Conversation]:
        waited_for = set(LONG).difference(_TRACELESS)
        return [
            talk
            for talk in self._running.values()
            if talk.request.do in waited_for or talk.request.args.get("initial") is not None
        ]

    def work(self) -> None:
        """Answer requests until `close`."""
        while (talk := self._next()) is not None:
            if talk.request.do in LONG:
                threading.Thread(target=self._answer, args=(talk,), name=talk.request.do, daemon=True).start()
            else:
                self._answer(talk)

    def _queue(self, talk: Conversation) -> None:
        with self._changed:
            if talk.request.do in wire.SUPERSEDING:
                for old in [one for one in self._waiting if one.request.do == talk.request.do]:
                    self._drop(old, wire.SUPERSEDED)
            self._waiting.append(talk)
            self._running[talk.request.id] = talk
            self._changed.notify_all()

    def _drop(self, talk: Conversation, what: str) -> None:
        self._waiting.remove(talk)
        self._running.pop(talk.request.id, None)
        talk.fail(what)

    def _cancel(self, request: wire.Request) -> None:
        number = request.args.get("cancel")
        with self._changed:
            talk = self._running.get(number) if isinstance(number, int) else None
            if talk is not None:
                talk.cancelled.set()
                if talk in self._waiting:
                    self._drop(talk, wire.CANCELLED)
        self.channel.send(wire.Result(request.id, {"found": talk is not None}))

    def _next(self) -> Conversation | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._over)
            return None if self._over else self._waiting.popleft()

    def _answer(self, talk: Conversation) -> None:
        from resnet_studio.engine.serving import answers

        try:
            talk.succeed(answers.answer(talk))
        except StudioError as error:
            talk.fail(error.what, error.remedy)
        except MemoryError:
            talk.fail("There was not enough memory.", "Draw a smaller network, or close other programs.")
        except Exception as error:  # a bug in one answer must not end the engine; it is logged whole
            LOG.exception("request %r failed", talk.request.do)
            reason = f"{type(error).__name__}: {str(error)[:300]}"
            talk.fail(
                f"The engine failed at {talk.request.do!r} ({reason}).", "This is a bug; the log has more."
            )
        finally:
            with self._changed:
                self._running.pop(talk.request.id, None)
                self._changed.notify_all()


def serve(stdin: IO[bytes], stdout: IO[bytes], *, exit_at_end: bool = False) -> int:
    """Answer until the end of `stdin` or a `shutdown`.

    Args:
        stdin: where requests come from, as bytes.
        stdout: where answers go, as bytes; nothing else may write there.
        exit_at_end: leave the process at once when the window is gone, whatever is running.
    """
    server = Server(Channel(stdout))
    reader = threading.Thread(
        target=_read, args=(stdin, server, exit_at_end), name="engine reader", daemon=True
    )
    reader.start()  # before torch is imported: the window may be gone by then
    import torch

    from resnet_studio.engine.serving import answers

    server.channel.send(wire.Result(wire.READY_ID, dict(answers.ready())))
    torch.set_num_threads(
        min(2, torch.get_num_threads())
    )  # the other cores belong to the run that trains beside us
    answers.warm_up()
    server.work()
    reader.join()  # it is giving what runs a moment; the interpreter's own end would not
    return ExitCode.DONE


def _read(stdin: IO[bytes], server: Server, exit_at_end: bool) -> None:
    for line in iter(lambda: stdin.readline(wire.MAX_LINE + 2), b""):
        if line.strip() and not server.accept(line):
            break
    server.close()
    server.give_up(_GRACE)
    if exit_at_end:
        leave(ExitCode.DONE)


def leave(code: int) -> None:
    """End the process now, with no thread to wait for and no child left."""
    children.end_all()
    sys.stderr.flush()
    os._exit(code)


def main() -> int:
    """`resnet-studio serve`: take over stdin and stdout, so that no stray print reaches the window."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C in the terminal is for the window; we end with our stdin
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    sys.stdout.flush()
    private = os.dup(1)
    os.set_inheritable(private, False)
    os.dup2(2, 1)  # prints of C libraries go to stderr as well
    sys.stdout = sys.stderr
    requests = io.open(os.dup(0), "rb")  # noqa: SIM115, UP020  lives as long as the process
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123  a file descriptor is what dup2 wants
        os.dup2(nothing.fileno(), 0)
    answers = io.open(private, "wb", buffering=0)  # noqa: SIM115, UP020  lives as long as the process
    return serve(requests, answers, exit_at_end=True)


if __name__ == "__main__":
    sys.exit(main())
