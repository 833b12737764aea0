import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { publicReach, type Reach } from './reach.ts';

export interface Site {
  /** Its address, under a name that only the stage knows. */
  readonly url: string;
  readonly port: number;
  readonly requests: IncomingMessage[];
  /** Hosts whose addresses were asked for. */
  readonly asked: string[];
}

/** A web server that stands for a public one: `web.example` is it, and nothing else that is inside is reached. */
export async function site(context: TestContext, answer: RequestListener): Promise<Site & { reach: Reach }> {
  const requests: IncomingMessage[] = [];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const reach: Reach = {
    async resolve(host) {
      asked.push(host);
      return host.endsWith('.example') ? ['127.0.0.1'] : [];
    },
    allowsAddress: (address) => address === '127.0.0.1' || publicReach.allowsAddress(address),
    allowsPort: (other) => other === port,
  };
  return { url: `http://web.example:${port}`, port, requests, asked, reach };
}

export const html = (head: string, body = ''): string => `<!doctype html><html><head>${head}</head><body>${body}</body></html>`;
