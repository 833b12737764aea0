import type { Encoding } from '../connection.ts';
import { oneOf } from '../words.ts';
import type { Speech } from './websocket.ts';
import { binaryFrame, textFrame } from './websocket-frame.ts';

/** One text, or one lot of bytes: that is a frame. Everything else is written as on the other WebSocket, `{event, data}`. */
function frameOf(name: string, args: readonly unknown[]): Buffer {
  const [only] = args;
  if (name === 'message' && args.length === 1) {
    if (typeof only === 'string') return textFrame(only);
    if (ArrayBuffer.isView(only)) return binaryFrame(new Uint8Array(only.buffer, only.byteOffset, only.byteLength));
    if (only instanceof ArrayBuffer) return binaryFrame(new Uint8Array(only));
    return textFrame(oneOf(args));
  }
  return textFrame(`{"event":${JSON.stringify(name)},"data":${oneOf(args)}}`);
}

const encoding: Encoding = {
  name: 'plain',
  event: (name, json) => textFrame(`{"event":${JSON.stringify(name)},"data":${json}}`),
  words: frameOf,
  reply: (id, json) => textFrame(`{"reply":${JSON.stringify(id)},"data":${json}}`),
  refusal: (id, error) => textFrame(`{"reply":${JSON.stringify(id)},"error":${JSON.stringify(error)}}`),
};

/** A WebSocket without any envelope, as programs for `ws` speak it: each frame is the event `message`, and `send` is a frame. */
export const plainSpeech: Speech = {
  encoding,
  choose: (offered) => offered.values().next().value,
  hear(realtime, session, data, binary) {
    const said = binary ? data : data.toString();
    realtime.receive(session, { event: 'message', data: said, args: [said] });
  },
};
