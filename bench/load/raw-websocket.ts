import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A client's text frame, masked with zeros: the mask is for the server's sake and costs it the same. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const header =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}

/** Opens a WebSocket by hand and hands out the bare socket. @param host a loopback address */
export function openRaw(host: string, port: number, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      const lines = Object.entries({
        Host: `${host}:${port}`,
        Upgrade: 'websocket',
        Connection: 'Upgrade',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
        ...headers,
      }).map(([name, value]) => `${name}: ${value}`);
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    });
    let answer = '';
    const onData = (chunk: Buffer): void => {
      answer += chunk.toString('latin1');
      const end = answer.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', onData);
      socket.off('error', reject);
      socket.on('error', () => {});
      if (!answer.startsWith('HTTP/1.1 101')) reject(new Error(answer.slice(0, 300)));
      else {
        const rest = answer.slice(end + 4);
        if (rest.length > 0) socket.unshift(Buffer.from(rest, 'latin1'));
        resolve(socket);
      }
    };
    socket.on('data', onData);
  });
}
