"""What only Socket.IO has: namespaces, several arguments, bytes in any of them, acknowledgements. Its argument: {url, transports}."""

import json
import sys
import threading

import socketio
from room import report

place = json.loads(sys.argv[1])
client = socketio.Client(reconnection=False)
heard = {"/": threading.Event(), "/custom": threading.Event(), "back": threading.Event()}


def plain(value):
    """Bytes as JSON can say them."""
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": list(value)}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def hear_auth(namespace):
    def on_auth(auth):
        report("auth", namespace=namespace, auth=auth)
        heard[namespace].set()

    client.on("auth", on_auth, namespace=namespace)


@client.on("message-back")
def back(*args):
    report("back", args=plain(args))
    heard["back"].set()


hear_auth("/")
hear_auth("/custom")
client.connect(place["url"], auth={"token": "123"}, namespaces=["/", "/custom"], transports=place["transports"], wait_timeout=10)
heard["/"].wait(10)
heard["/custom"].wait(10)
client.emit("message", ("text", {"deep": [b"\x01\x02\x03"]}, 7, b"\xff" * 70_000))
heard["back"].wait(10)
report("ack", args=plain(client.call("message-with-ack", ("two", b"\x04\x05"), timeout=10)))
try:
    client.call("message", "is never acknowledged", timeout=0.1)
except socketio.exceptions.TimeoutError:
    report("timeout")
client.disconnect()

stranger = socketio.Client(reconnection=False)
try:
    stranger.connect(place["url"], namespaces=["/random"], transports=place["transports"], wait_timeout=10)
except socketio.exceptions.ConnectionError as refused:
    report("refused", why=str(refused))
stranger.disconnect()
