"""An ordinary program on `socketio.AsyncClient`. Its argument: {url, token, room, transports}."""

import asyncio
import json
import sys

import socketio
from room import Room, report

place = json.loads(sys.argv[1])


async def main():
    room = Room(place["token"], place["room"])
    client = socketio.AsyncClient(reconnection_delay=0.05, reconnection_delay_max=0.2)
    connected = asyncio.Event()

    client.on("reset", room.reset)
    client.on("message", room.message)
    client.on("message.changed", room.message)
    client.on("error", lambda refusal: report("error", **refusal))

    @client.event
    async def connect():
        connected.set()
        report("connected", id=client.get_sid(), transport=client.transport())

    @client.event
    async def disconnect(reason):
        connected.clear()
        report("disconnected", reason=reason)

    async def send(client_id, text):
        """Until it is answered: the same clientId is the same message, however often it goes out (R3.4)."""
        tries = 0
        while True:
            tries += 1
            try:
                await connected.wait()
                message = {"room": room.room, "clientId": client_id, "text": text}
                answer = await client.call("message.send", message, timeout=1)
                report("sent", clientId=client_id, answer=answer, tries=tries)
                return
            except socketio.exceptions.SocketIOError:
                continue

    await client.connect(place["url"], auth=room.auth, transports=place["transports"], retry=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        asked = json.loads(line)
        if asked["do"] == "send":
            await send(asked["clientId"], asked["text"])
        elif asked["do"] == "transport":
            report("transport", name=client.transport())
        else:
            break
    await client.disconnect()
    report("gone")


asyncio.run(main())
