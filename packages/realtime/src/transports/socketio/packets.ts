import { encodePacket, type Packet } from 'engine.io-parser';
import { binaryFrame, payloadsOf, textFrame } from '../websocket-frame.ts';

/** An Engine.IO packet as the complete WebSocket frame that carries it: the one form in which packets wait and are shared. */
export function frameOf(packet: Packet): Buffer {
  let frame: Buffer = Buffer.alloc(0);
  encodePacket(packet, true, (encoded) => {
    frame = typeof encoded === 'string' ? textFrame(encoded) : binaryFrame(encoded);
  });
  return frame;
}

export const closePacket = frameOf({ type: 'close' });
export const pingPacket = frameOf({ type: 'ping' });
export const noopPacket = frameOf({ type: 'noop' });
export const probePong = frameOf({ type: 'pong', data: 'probe' });

const separator = Buffer.from([0x1e]);
const binaryMark = Buffer.from('b');

/** Clients refuse an answer with more packets than this: python-engineio, and so python-socketio, counts to 16. */
export const PACKETS_PER_ANSWER = 16;

/** Part of what waits, as the body of a poll's answer, and what is left for the next one. */
export interface Payload {
  readonly body: Buffer;
  readonly rest: readonly Uint8Array[];
}

/**
 * The same packets as the body of a poll's answer: record separators between, binary as base64 (Engine.IO v4, "HTTP long-polling").
 * @param frames whole frames, or several joined
 */
export function payloadOf(frames: readonly Uint8Array[]): Payload {
  const parts: Buffer[] = [];
  let packets = 0;
  for (const [i, joined] of frames.entries()) {
    for (const { binary, payload, end } of payloadsOf(joined)) {
      if (packets++ > 0) parts.push(separator);
      if (binary) parts.push(binaryMark, Buffer.from(payload.toString('base64')));
      else parts.push(payload);
      if (packets < PACKETS_PER_ANSWER) continue;
      const cut = end < joined.length ? [joined.subarray(end)] : [];
      return { body: Buffer.concat(parts), rest: [...cut, ...frames.slice(i + 1)] };
    }
  }
  return { body: Buffer.concat(parts), rest: [] };
}
