"""A server that hangs up: what no well-behaved HTTP server can be made to do."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Closing"]

_AT_ONCE = struct.pack("ii", 1, 0)


class Closing:
    """Reads each request to its end, sends `said` and closes; with `reset`, as a host that crashed.

    asked: how many requests it has read.
    """

    def __init__(self, said: bytes = b"", *, reset: bool = True) -> None:
        self._said = said
        self._reset = reset
        self.asked = 0
        self.url = ""

    @contextmanager
    def serving(self) -> Iterator["Closing"]:
        """On a free port of this machine until the block ends."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            thread = threading.Thread(target=self._serve, args=(listener,), daemon=True)
            thread.start()
            yield self
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:  # the test is over
                return
            with connection:
                _read(connection)
                self.asked += 1
                connection.sendall(self._said)
                if self._reset:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)


def _read(connection: socket.socket) -> None:
    with connection.makefile("rb") as lines:
        length = 0
        for line in iter(lines.readline, b"\r\n"):
            name, _colon, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        lines.read(length)
