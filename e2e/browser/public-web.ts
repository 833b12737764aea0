import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '@suda/server';

/** A web server that stands for a public one, for a Suda whose world has it: it is `web.example`, and everything else inside is still refused. */
export class PublicWeb {
  readonly #server;
  readonly requests: string[] = [];

  constructor(answer: RequestListener) {
    this.#server = createServer((request, response) => {
      this.requests.push(request.url ?? '');
      answer(request, response);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://web.example:${this.port}`;
  }

  readonly world: World = {
    reach: {
      resolve: async (host) => (host === 'web.example' ? ['127.0.0.1'] : []),
      allowsAddress: (address) => address === '127.0.0.1',
      allowsPort: (port) => port === this.port,
    },
  };

  listen(): Promise<void> {
    return new Promise((listening) => this.#server.listen(0, '127.0.0.1', listening));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
