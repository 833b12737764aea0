/** The bytes before a server's payload (RFC 6455 §5.2): FIN, opcode, length; never masked. */
function frameFor(opcode: number, length: number): { readonly frame: Buffer; readonly header: number } {
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = 0x80 | opcode;
  if (header === 2) {
    frame[1] = length;
  } else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  return { frame, header };
}

/**
 * A server's text frame. Written by hand because it is written once and goes to every connection as the same bytes.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const { frame, header } = frameFor(1, length);
  frame.write(text, header, length, 'utf8');
  return frame;
}

/** A server's binary frame. */
export function binaryFrame(bytes: Uint8Array): Buffer {
  const { frame, header } = frameFor(2, bytes.byteLength);
  frame.set(bytes, header);
  return frame;
}

/** Takes whole frames apart that were made by `textFrame` and `binaryFrame`, and joined. `end`: where the next one begins. */
export function* payloadsOf(frames: Uint8Array): Generator<{ readonly binary: boolean; readonly payload: Buffer; readonly end: number }> {
  const bytes = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const short = bytes[at + 1] ?? 0;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6);
    const end = at + header + length;
    yield { binary: bytes[at] === 0x82, payload: bytes.subarray(at + header, end), end };
    at = end;
  }
}

/** A ping without a payload (§5.5.2). */
export const pingFrame = Buffer.from([0x89, 0]);
