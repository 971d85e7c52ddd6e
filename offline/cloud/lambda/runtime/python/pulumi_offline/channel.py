"""How the process talks to the command: JSON, one text a line, on file descriptor 3. The messages are those of sandbox.ts."""

import io
import json
import os
import signal
import threading

CHANNEL = 3
PROCESS = os.getpid()
#: A handler of signals may write while its own thread does.
sending = threading.RLock()
#: The ID of the latest request. What that request leaves running still writes under it.
current_request = None
#: The level of the record that the logging module is writing, as Lambda's text names it: `[INFO]`.
current_level = None


def send(message):
    line = (json.dumps(message) + "\n").encode()
    with sending:
        while line:
            line = line[os.write(CHANNEL, line) :]


def receive(put):
    """Takes in what the command sends. When the command ends, however it does, so do this process and what it started."""
    parts = []
    try:
        while True:
            chunk = os.read(CHANNEL, 1 << 16)
            if not chunk:
                break
            head, end, tail = chunk.partition(b"\n")
            parts.append(head)
            if end:
                put(json.loads(b"".join(parts)))
                parts = [tail]
    finally:
        os.killpg(os.getpgrp(), signal.SIGKILL)


class Output(io.RawIOBase):
    """Sends what the function writes together with its request, and in order with the answer."""

    def __init__(self, descriptor):
        super().__init__()
        self.descriptor = descriptor

    def writable(self):
        return True

    def fileno(self):
        return self.descriptor

    def write(self, data):
        # A forked process must not write into the middle of a message.
        if os.getpid() != PROCESS:
            return os.write(self.descriptor, data)
        text = bytes(data).decode("utf-8", "replace")
        level = {} if current_level is None else {"level": current_level}
        send({"type": "output", "text": text, "requestId": current_request, **level})
        return len(data)


def open_output(descriptor):
    return io.TextIOWrapper(Output(descriptor), "utf-8", "backslashreplace", write_through=True)
