import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { request } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import type { TestContext } from 'node:test';
import { ServerProcess } from './server-process.ts';
import type { Answer, Call } from './wire/caller.ts';
import type { Socket } from './wire/socket.ts';
import { Site } from './wire/stage.ts';

/** Which process has what is found out here as Linux tells it. */
export const noProc = process.platform === 'linux' ? false : 'needs /proc';

/** `suda start --workers N`, as it is started, and people who use it. */
export class WorkersSite extends Site {
  readonly server: ServerProcess;

  constructor(server: ServerProcess) {
    super(server.port);
    this.server = server;
  }

  /** Opens one for a test, and ends it afterwards. @param flags beside a rate of 0 */
  static async open(context: Pick<TestContext, 'after'>, workers: number, flags: readonly string[] = []): Promise<WorkersSite> {
    const server = await ServerProcess.start(['--rate', '0', '--workers', String(workers), ...flags]);
    context.after(() => server.remove());
    return new WorkersSite(server);
  }

  /** The workers that run now, by their process ids. */
  workers(): number[] {
    return workersOf(this.server);
  }

  /** In which worker a socket's other end is. */
  workerOf({ ws }: Socket): number {
    const { localPort } = (ws as unknown as { readonly _socket: TcpSocket })._socket;
    const portOf = (address = ''): number => Number.parseInt(address.split(':')[1] ?? '', 16);
    const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n');
    const fields = rows
      .map((row) => row.trim().split(/\s+/))
      .find(([, local, remote]) => portOf(local) === this.port && portOf(remote) === localPort);
    const name = `socket:[${fields?.[9]}]`;
    const worker = this.workers().find((pid) => readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(pid, fd) === name));
    if (worker === undefined) throw new Error(`no worker has the connection from port ${localPort}`);
    return worker;
  }

  /** Each over a connection of its own, so that it may come to any worker. */
  override call(method: string, path: string, { token, body, headers = {}, signal }: Call = {}): Promise<Answer> {
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request(
        this.url + path,
        {
          method,
          agent: false,
          headers: {
            ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...headers,
          },
          ...(signal === undefined ? {} : { signal }),
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          response.once('error', reject);
          response.once('end', () => {
            let json: unknown;
            try {
              json = JSON.parse(text);
            } catch {
              json = undefined;
            }
            const status = response.statusCode ?? 0;
            resolve({ status, headers: new Headers(response.headers as Record<string, string>), text, json });
          });
        },
      );
      asked.once('error', reject);
      asked.end(payload);
    });
  }
}

/** What a file of a process leads to; nothing when it was closed meanwhile. */
function linkOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return '';
  }
}

export function workersOf({ pid }: ServerProcess): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}
