import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gif } from './pictures.ts';

/** Someone who has GIFs, on loopback: answers as Giphy and Klipy do, counts who asks, and breaks when told to. */
export class FakeProvider {
  readonly #server: Server;
  /** What was asked for, without the key. */
  readonly asked: string[] = [];
  keys = new Set<string>();
  /** Answers a search with this status. */
  status = 200;
  /** Takes requests and never answers. */
  mute = false;
  /** What stands where the file should be. */
  file: (response: ServerResponse) => void | Promise<void>;
  /** Where results say that their files are; this server's own address if not set. */
  elsewhere: string | undefined;

  private constructor() {
    this.file = async (response) => void response.writeHead(200, { 'content-type': 'image/gif' }).end(await gif(3, 90, 120, 80));
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<FakeProvider> {
    const provider = new FakeProvider();
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const klipy = /^\/api\/v1\/([^/]+)\/gifs\/search$/.exec(url.pathname);
    this.keys.add(klipy?.[1] ?? url.searchParams.get('api_key') ?? '');
    url.searchParams.delete('api_key');
    this.asked.push(
      klipy
        ? `search ${url.searchParams.get('q')}`
        : url.pathname === '/v1/gifs/search'
          ? `search ${url.searchParams.get('q')}`
          : url.pathname,
    );
    if (this.mute) return;
    if (url.pathname.startsWith('/media/')) return this.file(response);
    if (this.status !== 200) return void response.writeHead(this.status).end('{}');
    const q = url.searchParams.get('q') ?? '';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(klipy ? { result: true, data: { data: this.#klipy(q) } } : { data: this.#giphy(q) }));
  }

  #at(path: string): string {
    return `${this.elsewhere ?? this.url}/media/${path}`;
  }

  #giphy(q: string): object[] {
    const rendition = (path: string) => ({ url: this.#at(path), width: '120', height: '80', size: '999' });
    const images = (n: number) => ({ original: rendition(`${n}.gif`), fixed_width: rendition(`${n}-small.gif`) });
    return [{ id: 'broken' }, ...[1, 2].map((n) => ({ type: 'gif', id: `g${n}`, title: `${q} ${n}`, images: images(n) }))];
  }

  #klipy(q: string): object[] {
    const rendition = (path: string) => ({ gif: { url: this.#at(path), width: 120, height: 80 } });
    return [
      { id: 99, type: 'ad', content: '<b>buy</b>' },
      ...[1, 2].map((n) => ({
        id: n,
        type: 'gif',
        title: `${q} ${n}`,
        file: { hd: rendition(`${n}.gif`), sm: rendition(`${n}-small.gif`) },
      })),
    ];
  }
}
