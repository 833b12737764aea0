import type { Encoding } from '../connection.ts';
import { oneOf, type Spoken } from '../words.ts';
import type { Speech } from './websocket.ts';
import { binaryFrame, textFrame } from './websocket-frame.ts';

/** One text, or one lot of bytes: that is a frame. Everything else is written as on the other WebSocket, `{event, data}`. */
function frameOf({ event, json, bare }: Spoken): Buffer {
  if (event !== 'message' || json.length !== 1) return textFrame(`{"event":${JSON.stringify(event)},"data":${oneOf(json)}}`);
  if (bare === undefined) return textFrame(oneOf(json));
  return typeof bare === 'string' ? textFrame(bare) : binaryFrame(bare);
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
