import { Encoder, type Packet, PacketType } from 'socket.io-parser';
import type { Encoding } from '../../connection.ts';
import type { EncodeBinary } from '../../words.ts';
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
    asks: true,
    event: (name, json) => textFrame(`42${prefix}[${JSON.stringify(name)},${json}]`),
    words: ({ event, json, id, binary }) => binary ?? textFrame(`42${prefix}${id ?? ''}[${[JSON.stringify(event), ...json].join()}]`),
    acknowledgement: (id, args) => {
      if (!args.every(isPlain)) return Buffer.concat(framesOf(packetOf(PacketType.ACK, namespace, args, Number(id))));
      return textFrame(`43${prefix}${id}${JSON.stringify(args)}`);
    },
    reply: (id, json) => textFrame(`43${prefix}${id}[{"data":${json}}]`),
    refusal: (id, error) => textFrame(`43${prefix}${id}[{"error":${JSON.stringify(error)}}]`),
  };
}

/** An event with bytes among its arguments: header and attachments, as whole frames. */
export const encodeBinaryOf =
  (namespace: string): EncodeBinary =>
  (event, args, id) =>
    Buffer.concat(framesOf(packetOf(PacketType.EVENT, namespace, [event, ...args], id)));

/** Whether a value surely holds no bytes; what may is looked through by `socket.io-parser`. */
const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

function packetOf(type: PacketType, nsp: string, data: readonly unknown[], id: number | undefined): Packet {
  const packet = { type, nsp, data: [...data] };
  return id === undefined ? packet : { ...packet, id };
}
