import { bytesOf } from './bytes.ts';
import { jsonOf, type NewFrame, type Part, partsOf } from './frame.ts';
import { frameBytes } from './websocket.ts';

/** Engine.IO v4's packet types, by their first sign. */
const engineTypes = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop'];
/** Socket.IO v5's packet types, by the sign after Engine.IO's `4`. */
const socketTypes = ['CONNECT', 'DISCONNECT', 'EVENT', 'ACK', 'CONNECT_ERROR', 'BINARY_EVENT', 'BINARY_ACK'];

/** Engine.IO's names back to its signs. */
export function engineText({ type, data }: { readonly type: string; readonly data?: unknown }): string {
  return `${engineTypes.indexOf(type)}${typeof data === 'string' ? data : ''}`;
}

/** A Socket.IO packet, which is what an Engine.IO message carries: type, namespace, acknowledgement id, JSON. */
function decodeSocket(text: string): { readonly title: string; readonly parts: Part[] } {
  const [, sign = '', attachments, namespace, ack, json = ''] = /^(\d)(?:(\d+)-)?(\/[^,]*,)?(\d+)?([\s\S]*)$/.exec(text) ?? [];
  const type = socketTypes[Number(sign)] ?? '?';
  const parts: Part[] = [{ name: 'Socket.IO', value: `${sign} ${type}` }];
  if (attachments !== undefined) parts.push({ name: 'attachments', value: attachments });
  parts.push({ name: 'namespace', value: namespace?.slice(0, -1) ?? '/' });
  if (ack !== undefined) parts.push({ name: 'ack id', value: ack });
  const value = json === '' ? undefined : jsonOf(json);
  if (!Array.isArray(value)) return { title: type, parts: value === undefined ? parts : [...parts, ...partsOf(value)] };
  if (type === 'ACK') return { title: `ACK ${ack ?? ''}`.trim(), parts: [...parts, ...value.flatMap((one) => partsOf(one))] };
  const [event, ...rest] = value as [unknown, ...unknown[]];
  return { title: String(event), parts: [...parts, { name: 'event', value: String(event) }, ...rest.flatMap((one) => partsOf(one))] };
}

/**
 * One packet taken apart.
 * @param carrier what it travelled on: a WebSocket frame of its own, or a body that it shares with others
 */
export function decodeEngine(raw: string, way: 'up' | 'down', carrier: 'polling' | 'websocket'): NewFrame {
  const type = engineTypes[Number(raw[0])] ?? '?';
  const rest = raw.slice(1);
  const head: Part[] = [
    { name: 'on', value: carrier === 'websocket' ? 'WebSocket' : 'HTTP polling' },
    { name: 'Engine.IO', value: `${raw[0] ?? ''} ${type}` },
  ];
  const inner = type === 'message' ? decodeSocket(rest) : { title: type, parts: rest === '' ? [] : partsOf(jsonOf(rest)) };
  const payload = bytesOf(raw);
  return {
    way,
    title: inner.title,
    raw,
    parts: [...head, ...inner.parts],
    bytes: carrier === 'websocket' ? frameBytes(payload, way === 'up') : payload,
    idle: type === 'ping' || type === 'pong' || type === 'noop',
  };
}
