import { bytesOf } from './bytes.ts';
import { jsonOf, type NewFrame, type Part, partsOf } from './frame.ts';

const opcodes: Readonly<Record<number, string>> = { 1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong' };

/** How many bytes say how long the payload is (RFC 6455 §5.2). */
const lengthBytes = (payload: number): 0 | 2 | 8 => (payload < 126 ? 0 : payload < 65_536 ? 2 : 8);

/**
 * Bytes of a WebSocket frame: two, the longer lengths, the masking key, the payload (RFC 6455 §5.2).
 * @param payload bytes  @param masked as everything from a browser is
 */
export const frameBytes = (payload: number, masked: boolean): number => 2 + lengthBytes(payload) + (masked ? 4 : 0) + payload;

/** The bits before a payload, as they must have been. */
export function frameHeader(payload: number, masked: boolean, opcode = 1): Part[] {
  const longer = lengthBytes(payload);
  return [
    { name: 'FIN', value: '1' },
    { name: 'RSV1–3', value: '0 0 0' },
    { name: 'opcode', value: `0x${opcode.toString(16)} ${opcodes[opcode] ?? ''}`.trim() },
    { name: 'MASK', value: masked ? '1, masking key 4 bytes' : '0' },
    {
      name: 'payload length',
      value: longer === 0 ? `${payload} (7 bits)` : `${payload} (${longer === 2 ? '126 + 16' : '127 + 64'} bits)`,
    },
  ];
}

/** A frame of ours: `{event, data, id}` or `{reply, data}` or `{reply, error}` in a text frame (PROTOCOL R5.2). */
export function decodeWebSocket(raw: string, way: 'up' | 'down'): NewFrame {
  const value = jsonOf(raw) as { event?: unknown; data?: unknown; reply?: unknown; error?: unknown; id?: unknown } | null;
  const payload = bytesOf(raw);
  const masked = way === 'up';
  const fields = typeof value === 'object' && value !== null ? value : {};
  const parts = Object.entries(fields).flatMap(([name, inner]) =>
    name === 'data' || name === 'error' ? partsOf(inner, name) : [{ name, value: JSON.stringify(inner) }],
  );
  const title = typeof fields.event === 'string' ? fields.event : fields.reply === undefined ? 'text' : `reply ${String(fields.reply)}`;
  return { way, title, raw, parts: [...frameHeader(payload, masked), ...parts], bytes: frameBytes(payload, masked) };
}

/** A closing frame: the code in two bytes, then the reason (RFC 6455 §5.5.1). */
export function closeFrame(code: number, reason: string, way: 'up' | 'down'): NewFrame {
  const payload = 2 + bytesOf(reason);
  return {
    way,
    title: `close ${code}`,
    raw: `${code} ${reason}`.trim(),
    parts: [
      ...frameHeader(payload, way === 'up', 8),
      { name: 'code', value: String(code) },
      { name: 'reason', value: JSON.stringify(reason) },
    ],
    bytes: frameBytes(payload, way === 'up'),
  };
}
