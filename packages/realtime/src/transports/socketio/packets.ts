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

/** The same packets as the body of a poll's answer: record separators between, binary as base64 (Engine.IO v4, "HTTP long-polling"). */
export function payloadOf(frames: readonly Uint8Array[]): Buffer {
  const parts: Buffer[] = [];
  for (const joined of frames) {
    for (const { binary, payload } of payloadsOf(joined)) {
      if (parts.length > 0) parts.push(separator);
      if (binary) parts.push(binaryMark, Buffer.from(payload.toString('base64')));
      else parts.push(payload);
    }
  }
  return Buffer.concat(parts);
}
