"""An ordinary program on `socketio.Client`. Its argument: {url, token, room, transports}."""

import json
import sys
import threading

import socketio
from room import Room, report

place = json.loads(sys.argv[1])
room = Room(place["token"], place["room"])
client = socketio.Client(reconnection_delay=0.05, reconnection_delay_max=0.2)
connected = threading.Event()

client.on("reset", room.reset)
client.on("message", room.message)
client.on("message.changed", room.message)
client.on("error", lambda refusal: report("error", **refusal))


@client.event
def connect():
    connected.set()
    report("connected", id=client.get_sid(), transport=client.transport())


@client.event
def disconnect(reason):
    connected.clear()
    report("disconnected", reason=reason)


def send(client_id, text):
    """Until it is answered: the same clientId is the same message, however often it goes out (R3.4)."""
    tries = 0
    while True:
        tries += 1
        try:
            connected.wait()
            answer = client.call("message.send", {"room": room.room, "clientId": client_id, "text": text}, timeout=1)
            report("sent", clientId=client_id, answer=answer, tries=tries)
            return
        except socketio.exceptions.SocketIOError:
            continue


client.connect(place["url"], auth=room.auth, transports=place["transports"], retry=True)
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "send":
        send(asked["clientId"], asked["text"])
    elif asked["do"] == "transport":
        report("transport", name=client.transport())
    else:
        break
client.disconnect()
report("gone")
