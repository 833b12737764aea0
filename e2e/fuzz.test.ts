import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { type CommandName, commands, jsonSchema, limits, routeOf, routes } from '@suda/protocol';
import { within } from './wire/inbox.ts';
import { Numbers } from './wire/numbers.ts';
import { frame, Raw } from './wire/raw.ts';
import type { Socket } from './wire/socket.ts';
import { type Person, Stage } from './wire/stage.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Fifteen thousand cases in all; more of them with FUZZ=10 and the like. */
const times = Number(process.env.FUZZ ?? 3);

const names = Object.keys(routes) as CommandName[];
const nested = (depth: number): string => `${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`;
const strange: readonly string[] = [
  '\u0000',
  '\ud800',
  '\udfff\ud800',
  '../../etc/passwd',
  '%00',
  "'; DROP TABLE messages; --",
  '{{7*7}}',
  '__proto__',
  'constructor',
  'd_a_a',
  'room:lobby',
  '💥'.repeat(50),
  'ﷺ'.repeat(100),
  'e\u0301'.repeat(200),
  '\u202e\u2066x',
  'x'.repeat(5_000),
  ' '.repeat(100),
  '"\\',
  '* OR "',
  'NEAR(a b)',
  '(((((',
];
/** JSON texts of values that nobody expects. */
const oddJson: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e308',
  '-1e308',
  '9007199254740993',
  '123456789012345678901234567890',
  '""',
  '[]',
  '{}',
  '[null]',
  '[[[[]]]]',
  '{"__proto__":{"polluted":1}}',
  '{"toString":1,"valueOf":2,"then":3,"length":1e9}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  nested(2_000),
  '['.repeat(3_000) + ']'.repeat(3_000),
  ...strange.map((text) => JSON.stringify(text)),
];

describe(`fuzz (SEED=${seed})`, { timeout: 300_000 }, () => {
  const numbers = new Numbers(seed);
  let stage: Stage;
  let bystander: { socket: Socket; person: Person; room: string; head: number };
  let person: Person;
  let room: string;

  before(async () => {
    stage = await Stage.open(undefined);
    const scene = await stage.room(['Bystander'], { kind: 'private' });
    const socket = await scene.people[0].socket();
    const { head } = await socket.ask('room.open', { room: scene.room });
    bystander = { socket, person: scene.people[0], room: scene.room, head };
    await renew();
  });
  after(async () => {
    await bystander.socket.close();
    await stage.server.stop();
  });

  /** A new fuzzer in a room of their own: the last one may have left theirs. */
  const renew = async (): Promise<void> => {
    const scene = await stage.room(['Fuzzer', 'Friend']);
    person = scene.people[0];
    room = scene.room;
    await person.say(room, 'a message to be worked on');
  };

  /** The server serves, and the bystander's room is as it was but for what they say themselves. */
  afterEach(async () => {
    const { socket, person: by, room: at } = bystander;
    const { rev } = await by.say(at, 'still here');
    assert.equal(rev, bystander.head + 1, 'nothing but this was said in the bystander’s room');
    bystander.head = rev;
    await socket.events.first('what was said', ({ event, data }) => event === 'message' && data.rev === rev);
    const { members } = await by.ask('room.members', { room: at });
    assert.deepEqual(
      members.map(({ user }) => user.id),
      [by.id],
    );
    assert.deepEqual((await stage.call('GET', '/healthz')).json, { ok: true });
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    const stranger = await stage.person('Stranger');
    assert.ok((await stranger.ask('room.list', {})).rooms.length > 0);
    await renew();
  });

  /** A field's value as JSON text: mostly a plausible one. */
  const field = (name: string): string => {
    if (numbers.chance(1, 6)) return numbers.pick(oddJson);
    switch (name) {
      case 'room':
      case 'via':
        return JSON.stringify(numbers.pick([room, room, room, 'lobby', 'nowhere', bystander.room, `d_${person.id}_${person.id}`]));
      case 'user':
        return JSON.stringify(numbers.pick([person.id, bystander.person.id, 'unobody']));
      case 'pos':
      case 'replyTo':
      case 'before':
      case 'after':
      case 'around':
      case 'rev':
      case 'limit':
      case 'capacity':
        return String(numbers.pick([0, 1, 2, 3, 4, 100, 2 ** 53 - 1]));
      case 'kind':
        return JSON.stringify(numbers.pick(['public', 'private', 'direct']));
      case 'ephemeral':
      case 'ban':
      case 'typing':
        return numbers.pick(['true', 'false']);
      case 'epoch':
        return JSON.stringify(numbers.pick(['e1', '0']));
      case 'password':
        return 'null';
      case 'emoji':
        return JSON.stringify(numbers.pick(['👍', '🎉']));
      default:
        return JSON.stringify(`${name}${numbers.below(1_000)}`);
    }
  };

  const fieldsOf = (name: CommandName): readonly string[] =>
    Object.keys((jsonSchema(commands[name].input, 'input') as { properties?: object }).properties ?? {});

  /** An input as JSON text: some fields missing, some wrong, sometimes one too many, sometimes no object at all. */
  const input = (name: CommandName): string => {
    if (numbers.chance(1, 15)) return numbers.pick(oddJson);
    const fields = fieldsOf(name).filter(() => numbers.chance(4, 5));
    const entries = fields.map((of) => `${JSON.stringify(of)}:${field(of)}`);
    if (numbers.chance(1, 10)) entries.push(`${JSON.stringify(numbers.pick(strange))}:${numbers.pick(oddJson)}`);
    return `{${entries.join(',')}}`;
  };

  it('P8 R5.2 R5.4 WebSocket: every frame gets one answer, and no answer is `internal`', async () => {
    for (let round = 0; round < 10 * times; round++) {
      const socket = await person.socket();
      const asked = new Map<string, string>();
      for (let i = 0; i < 150; i++) {
        const name = numbers.pick(names);
        const id = `r${round}i${i}`;
        const text = `{"event":${numbers.chance(1, 20) ? numbers.pick(oddJson) : JSON.stringify(name)},"data":${input(name)},"id":"${id}"}`;
        if (Buffer.byteLength(text) > limits.payloadBytes) continue;
        asked.set(id, text);
        socket.ws.send(text);
      }
      await socket.caughtUp();
      const codes = (): string[] =>
        socket.frames.all.flatMap(({ error, event, data }) => (error ? [error.code] : event === 'error' ? [data.code] : []));
      await socket.frames.count(
        asked.size,
        ({ reply, event, data }) => (reply !== undefined && asked.has(reply)) || (event === 'error' && data.code === 'malformed'),
      );
      assert.ok(
        !codes().includes('internal'),
        JSON.stringify(socket.frames.all.filter(({ error }) => error?.code === 'internal').map(({ reply }) => asked.get(reply))),
      );
      const replies = socket.frames.all.filter(({ reply }) => asked.has(reply)).map(({ reply }) => reply);
      assert.equal(new Set(replies).size, replies.length);
      await socket.close();
      if (round % 3 === 2) await renew();
    }
  });

  it('P8 R5.4 R5.5 WebSocket: bytes that are no frames, and frames that are broken', async () => {
    const whole = [
      frame(1, Buffer.from('{"event":"ping","id":1}')),
      frame(1, Buffer.from(`{"event":"room.open","data":{"room":"lobby"},"id":2}`)),
      frame(9, Buffer.from('ping')),
      frame(8, Buffer.from([3, 232])),
    ];
    const attack = async (): Promise<void> => {
      const raw = await Raw.webSocket(stage.port, numbers.chance(1, 2) ? person.token : undefined);
      for (let i = numbers.below(4); i >= 0; i--) {
        const bytes = numbers.chance(1, 3) ? numbers.bytes(1 + numbers.below(200)) : Buffer.from(numbers.pick(whole));
        for (let flips = numbers.below(3); flips > 0; flips--) bytes[numbers.below(bytes.length)] = numbers.below(256);
        raw.write(numbers.chance(1, 4) ? bytes.subarray(0, numbers.below(bytes.length)) : bytes);
      }
      if (numbers.chance(1, 2)) raw.socket.resetAndDestroy();
      else raw.socket.end();
      await within('the end', raw.ended);
    };
    for (let i = 0; i < 30 * times; i++) await Promise.all(Array.from({ length: 10 }, attack));
  });

  interface Asked {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }

  /** One request as bytes that `fetch` would mend. @returns the status, 0 when the connection was closed instead */
  const send = ({ method, path, headers = {}, body }: Asked): Promise<{ status: number; text: string }> =>
    within(
      `${method} ${path.slice(0, 200)}`,
      new Promise((resolve, reject) => {
        const asking = request(
          { port: stage.port, host: '127.0.0.1', method, path, headers: { authorization: `Bearer ${person.token}`, ...headers } },
          (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (chunk) => {
              text += chunk;
              // An event stream has no end of its own.
              if (response.headers['content-type']?.startsWith('text/event-stream')) asking.destroy();
            });
            response.on('close', () => resolve({ status: response.statusCode ?? 0, text }));
          },
        );
        asking.on('error', (error: NodeJS.ErrnoException) =>
          ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? resolve({ status: 0, text: '' }) : reject(error),
        );
        asking.end(body);
      }),
    );

  const check = async (asked: Asked): Promise<void> => {
    const { status, text } = await send(asked);
    const shown = `${status} ${text.slice(0, 300)} to ${JSON.stringify(asked).slice(0, 1_000)}`;
    assert.ok(status < 500, shown);
    if (status >= 400 && text !== '') assert.equal(typeof JSON.parse(text).error?.code, 'string', shown);
  };

  const inUrl = (text: string): string => {
    if (numbers.chance(1, 12)) return numbers.pick(['%', '%zz', '%E0%A4%A', '%00', '%2F', '%2e%2e', '..', '', '%C0%80', ';', '//']);
    return encodeURIComponent(text.isWellFormed() ? text : '?');
  };
  const plain = (json: string): string => {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : json.slice(0, 300);
  };

  it('P8 R8.1 R8.2 HTTP: every route, whatever stands in its path, query and body', async () => {
    const attack = (): Promise<void> => {
      const name = numbers.pick(names);
      const { method, path, pathFields } = routeOf(name);
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, of: string) => inUrl(plain(field(of))));
      const inBody = method !== 'GET' && method !== 'DELETE';
      const query = (inBody ? [] : fieldsOf(name).filter((of) => !pathFields.includes(of)))
        .filter(() => numbers.chance(2, 3))
        .map((of) => `${of}${numbers.chance(1, 10) ? '[]' : ''}=${inUrl(plain(field(of)))}`);
      if (numbers.chance(1, 8)) query.push(`${inUrl(numbers.pick(strange))}=${inUrl(numbers.pick(strange))}`);
      const json = input(name);
      const body = numbers.chance(1, 12) ? json.slice(0, numbers.below(json.length)) : json;
      const type = numbers.chance(1, 15)
        ? numbers.pick(['text/plain', 'application/json; charset=utf-16', 'application/jsonx', ''])
        : 'application/json';
      return check({
        method: numbers.chance(1, 20) ? numbers.pick(['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND', 'POST']) : method,
        path: filled + (query.length > 0 ? `?${query.join('&')}` : ''),
        ...(inBody ? { body, headers: { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) } } : {}),
      });
    };
    for (let i = 0; i < 100 * times; i++) {
      await Promise.all(Array.from({ length: 15 }, attack));
      if (i % 20 === 19) await renew();
    }
  });

  it('P8 R6.1 R7.3 cursors of streams and polls, and their other parameters', async () => {
    const cursor = (): string =>
      numbers.pick([
        `${room}:e1:1`,
        `${room}:${numbers.below(100)}:${numbers.below(10)}`,
        `${room}:e1:${'9'.repeat(numbers.below(30))}`,
        `${bystander.room}:e:1`,
        ':'.repeat(numbers.below(5)),
        ','.repeat(numbers.below(5)),
        'e1:1',
        Array.from({ length: 200 }, (_, i) => `r${i}:e:1`).join(','),
        ...strange,
      ]);
    const attack = (): Promise<void> => {
      const rooms = Array.from({ length: numbers.below(4) }, () => `room=${inUrl(plain(field('room')))}`);
      if (numbers.chance(1, 20)) rooms.push(...Array.from({ length: 60 }, (_, i) => `room=r${i}`));
      const poll = numbers.chance(1, 2);
      const query = [...rooms];
      if (numbers.chance(2, 3)) query.push(`cursor=${inUrl(cursor())}`);
      if (poll) query.push(`wait=${numbers.pick(['0', '0', '0', '0.01', '-1', 'x', '', '1e9', 'NaN', 'Infinity', '0x0'])}`);
      if (poll && numbers.chance(1, 3)) query.push(`since=${inUrl(cursor())}`);
      if (poll && numbers.chance(1, 3)) query.push(`events=${numbers.pick(['0', '1', '2', 'true'])}&wait=0`);
      const last = cursor();
      const sendable = [...last].every((sign) => sign >= ' ' && sign <= '\u00ff' && sign !== '\u007f');
      return check({
        method: 'GET',
        path: `/v1/${poll ? 'poll' : 'events'}?${query.join('&')}`,
        headers: !poll && sendable && last.length < 4_000 ? { 'last-event-id': last } : {},
      });
    };
    for (let i = 0; i < 40 * times; i++) await Promise.all(Array.from({ length: 15 }, attack));
  });

  it('P8 R2.2 R2.4 headers: tokens, cookies, origins, hosts, forwarded addresses', async () => {
    const values = [
      '',
      'x',
      'null',
      'Bearer',
      'Bearer  ',
      'Bearer a b',
      'bearer x.y.z',
      'suda=',
      'suda=x',
      'suda',
      ';;;=;',
      'https://',
      'http://[',
      'https://evil.example',
      '::1, 127.0.0.1',
      ',,,',
      '\u00ff\u00fe',
      '%00',
      'x'.repeat(3_000),
      '127.0.0.1',
      'a.b.c.d',
      '..',
      `${person.token}.`,
      person.token.slice(1),
    ];
    const headers = [
      'authorization',
      'cookie',
      'origin',
      'host',
      'x-forwarded-for',
      'x-forwarded-proto',
      'accept',
      'content-type',
      'last-event-id',
      'sec-websocket-protocol',
      'accept-encoding',
      'if-none-match',
      'range',
      'expect',
    ];
    const attack = (): Promise<void> => {
      const some = headers.filter(() => numbers.chance(1, 4)).map((name) => [name, numbers.pick(values)] as const);
      const [method, path] = numbers.pick([
        ['GET', '/v1/rooms'],
        ['GET', '/healthz'],
        ['GET', '/nope'],
        ['POST', '/v1/session'],
        ['DELETE', '/v1/session'],
        ['GET', '/v1/poll?room=lobby&wait=0'],
        ['GET', '/v1/ws'],
        ['GET', '/docs'],
      ] as const);
      const asked = { method, path, headers: Object.fromEntries(some) };
      return send(asked).then(({ status, text }) => assert.ok(status < 500, `${status} ${text.slice(0, 300)} to ${JSON.stringify(asked)}`));
    };
    for (let i = 0; i < 30 * times; i++) await Promise.all(Array.from({ length: 15 }, attack));
  });

  it('P8 bytes that are no HTTP', async () => {
    const attack = async (): Promise<void> => {
      const raw = await Raw.open(stage.port);
      const text = `${numbers.pick(['GET', 'POST', 'PATCH', 'X', ''])} ${numbers.pick(['/', '/v1/rooms', '*', 'http://x/', '//', '\\', '/v1/ws', '/%', ' '])} HTTP/${numbers.pick(['1.1', '1.0', '2.0', '9', ''])}\r\n${numbers.pick(['Host: x', 'Host', ': x', 'Transfer-Encoding: chunked\r\nContent-Length: 3', 'Content-Length: -1', 'Content-Length: 5', `X: ${'y'.repeat(20_000)}`, 'Upgrade: websocket\r\nConnection: Upgrade', 'Upgrade: h2c\r\nConnection: Upgrade'])}\r\n\r\n`;
      const bytes = Buffer.from(numbers.chance(1, 3) ? numbers.bytes(numbers.below(300)) : text);
      for (let flips = numbers.below(3); flips > 0 && bytes.length > 0; flips--) bytes[numbers.below(bytes.length)] = numbers.below(256);
      raw.write(bytes);
      if (numbers.chance(1, 2)) raw.socket.end();
      else raw.socket.resetAndDestroy();
      await within('the end', raw.ended);
      assert.doesNotMatch(raw.bytes.toString('latin1'), /^HTTP\/1.1 5/);
    };
    for (let i = 0; i < 30 * times; i++) await Promise.all(Array.from({ length: 10 }, attack));
  });
});
