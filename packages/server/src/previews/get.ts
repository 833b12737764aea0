import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { type Place, placeOf, type Reach, Unreachable } from './reach.ts';

const REDIRECTS = 3;
/** Addresses of one host that are tried. */
const TRIES = 2;
const AGENT = 'Mozilla/5.0 (compatible; Suda/0.1; link preview)';

export interface Got {
  /** Where it was in the end. */
  readonly url: URL;
  readonly response: IncomingMessage;
}

/**
 * Asks for an address, following redirects, each of which is checked as the first was. It carries no cookie and nothing of whoever said it.
 * @param accept the media types that are wanted
 * @throws Unreachable; what the network says
 */
export async function get(from: URL, accept: string, reach: Reach, signal: AbortSignal): Promise<Got> {
  let url = from;
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const response = await ask(url, accept, await placeOf(url, reach, signal), signal);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return { url, response };
    response.destroy();
    const next = statusCode >= 300 && statusCode < 400 ? URL.parse(headers.location ?? '', url) : null;
    if (next === null || headers.location === undefined) throw new Unreachable(`it answers ${statusCode}`);
    url = next;
  }
  throw new Unreachable('it redirects too often');
}

async function ask(url: URL, accept: string, place: Place, signal: AbortSignal): Promise<IncomingMessage> {
  let failure: unknown;
  for (const address of place.addresses.slice(0, TRIES)) {
    try {
      return await askAt(address, url, accept, place, signal);
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
    }
  }
  throw failure;
}

/** Connects to the address that was checked, and to nothing else; the name goes along for the certificate and the virtual host. */
function askAt(address: string, url: URL, accept: string, { host, port }: Place, signal: AbortSignal): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  const options: RequestOptions & { servername?: string } = {
    host: address,
    port,
    path: url.pathname + url.search,
    headers: { host: url.host, 'user-agent': AGENT, accept, 'accept-encoding': 'gzip, deflate, br', connection: 'close' },
    agent: false,
    signal,
    ...(secure ? { servername: isIP(host) === 0 ? host : '' } : {}),
  };
  return new Promise((resolve, reject) => {
    const request = (secure ? requestHttps : requestHttp)(options, resolve);
    request.on('error', reject);
    request.on('upgrade', (_response, socket) => socket.destroy());
    request.end();
  });
}
