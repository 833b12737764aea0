import type { Duplex } from 'node:stream';
import { decodePacket, type RawData as EngineData } from 'engine.io-parser';
import { type RawData, WebSocket } from 'ws';
import type { Engine } from './engine.ts';
import { probePong } from './packets.ts';
import { WebSocketCarrier } from './websocket.ts';

/** What a WebSocket brings, as packets. */
export function receiveFrom(client: WebSocket, engine: Engine): void {
  client.on('message', (data: RawData, binary: boolean) => {
    if (engine.alive()) engine.receive(decode(data, binary));
  });
}

const decode = (data: RawData, binary: boolean) => decodePacket((binary ? data : data.toString()) as EngineData);

/**
 * A WebSocket for a session that polls (Engine.IO v4, "Upgrade"): it says `2probe`, hears `3probe`, ends its polls and says `5`.
 * Until then it carries nothing else. One that takes too long, or says anything else, is closed; polls go on.
 * @param within milliseconds
 */
export function probe(engine: Engine, client: WebSocket, socket: Duplex, within: number): void {
  client.on('error', () => {});
  const abandon = (): void => client.close();
  if (!engine.probe(abandon)) {
    abandon();
    return;
  }
  const cancel = engine.clock.after(within, abandon);
  const gone = (): void => {
    cancel();
    engine.unprobe();
  };
  client.once('close', gone);
  let probed = false;
  const take = (data: RawData, binary: boolean): void => {
    const packet = decode(data, binary);
    const { state } = engine;
    if (state.at !== 'probing' || client.readyState !== WebSocket.OPEN) {
      abandon();
    } else if (packet.type === 'ping' && packet.data === 'probe' && !probed) {
      // Once: whoever asks again and again without reading the answers would fill our memory with them.
      probed = true;
      socket.write(probePong);
      state.carrier.release();
    } else if (packet.type === 'upgrade') {
      cancel();
      client.off('message', take);
      client.off('close', gone);
      receiveFrom(client, engine);
      engine.upgrade(new WebSocketCarrier(client, socket, engine));
    } else {
      abandon();
    }
  };
  client.on('message', take);
}
