import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Refuses a handshake the way HTTP does (RFC 9110), with a JSON body. */
export function refuseUpgrade(socket: Duplex, status: number, body: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
