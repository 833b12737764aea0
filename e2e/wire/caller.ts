import { type CommandName, type CommandOutput, type CommandRequest, routeOf } from '@suda/protocol';
import { Refusal } from './refusal.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came, as it came
  readonly json: any;
}

export interface Call {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Speaks plain HTTP to a server, wherever its addresses begin. */
export class Caller {
  readonly url: string;

  /** @param url without a slash at its end */
  constructor(url: string) {
    this.url = url;
  }

  async call(method: string, path: string, { token, body, headers = {}, signal }: Call = {}): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  }

  /** One command over its REST route. @throws Refusal */
  async ask<N extends CommandName>(
    name: N,
    input: CommandRequest<N>,
    token?: string,
    headers: Call['headers'] = {},
  ): Promise<CommandOutput<N>> {
    const { method, path, pathFields } = routeOf(name);
    const fields = Object.entries(input as Record<string, unknown>);
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, field: string) =>
      encodeURIComponent(String((input as Record<string, unknown>)[field])),
    );
    const rest = fields.filter(([field]) => !pathFields.includes(field));
    const inQuery = method === 'GET' || method === 'DELETE';
    const query = inQuery && rest.length > 0 ? `?${new URLSearchParams(rest.map(([field, value]) => [field, String(value)]))}` : '';
    const { status, json } = await this.call(method, filled + query, {
      ...(inQuery ? {} : { body: Object.fromEntries(rest) }),
      ...(token === undefined ? {} : { token }),
      headers,
    });
    if (status !== 200) throw new Refusal(json.error);
    return json;
  }
}
