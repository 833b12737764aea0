"""What a program on any library must do about a room, to miss nothing of it (PROTOCOL R4.2, R9.6)."""

import json
import threading

_printing = threading.Lock()


def report(what, **fields):
    """Says one thing to whoever started this program: a line of JSON."""
    with _printing:
        print(json.dumps({"is": what, **fields}), flush=True)


class Room:
    """A cursor, and what moves it.

    `socketio.Client` runs every handler in a thread of its own, so that two events may change places on their last inch:
    whatever comes too early is kept until what it follows is here.
    """

    def __init__(self, token, room):
        self.token = token
        self.room = room
        self.cursor = {}
        self.early = {}
        self.lock = threading.Lock()

    def auth(self):
        """Asked for at every connection: each begins where the one before it ended."""
        with self.lock:
            return {"token": self.token, "rooms": [{"room": self.room, **self.cursor}]}

    def reset(self, page):
        with self.lock:
            self.cursor = {"epoch": page["epoch"], "rev": page["head"]}
            report("reset", rev=page["head"])
            self._apply()

    def message(self, message):
        with self.lock:
            self.early[message["rev"]] = message
            self._apply()

    def _apply(self):
        for rev in sorted(self.early):
            message = self.early[rev]
            if "rev" not in self.cursor or message.get("after", rev - 1) > self.cursor["rev"]:
                report("early", rev=rev)
                return
            del self.early[rev]
            if rev <= self.cursor["rev"]:
                report("known", rev=rev)
            else:
                self.cursor["rev"] = rev
                report("message", rev=rev, text=message["text"])
