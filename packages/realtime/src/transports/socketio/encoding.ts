import { Encoder, type Packet } from 'socket.io-parser';
import type { Encoding } from '../../connection.ts';
import { textFrame } from '../websocket-frame.ts';
import { frameOf } from './packets.ts';

const encoder = new Encoder();

/** A Socket.IO packet as WebSocket frames: one, or, with binary attachments, one more for each of them. */
export function framesOf(packet: Packet): Uint8Array[] {
  return encoder.encode(packet).map((data: string | Uint8Array) => frameOf({ type: 'message', data }));
}

/**
 * How a namespace's events and acknowledgements are written (Socket.IO v5, "Packet encoding"): EVENT `2`, ACK `3`, each in a message
 * packet `4`, each a whole WebSocket frame, so that a broadcast is encoded once and written to every connection as it is.
 * Written out here and not by `socket.io-parser`, because the data is JSON already: encoding it again for the parser's sake would
 * parse it first.
 */
export function encodingOf(namespace: string): Encoding {
  const prefix = namespace === '/' ? '' : `${namespace},`;
  return {
    name: 'socketio',
    event: (name, json) => textFrame(`42${prefix}[${JSON.stringify(name)},${json}]`),
    reply: (id, json) => textFrame(`43${prefix}${id}[{"data":${json}}]`),
    refusal: (id, error) => textFrame(`43${prefix}${id}[{"error":${JSON.stringify(error)}}]`),
  };
}
