import { type CommandName, type CommandOutput, commands, jsonSchema, paths, routeOf, routes, SudaError } from '@suda/protocol';
import { jsonOf } from '@suda/realtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type Addresses, isHere } from '../addresses.ts';
import type { Asker, Door } from '../door.ts';
import { COOKIE, type Identify, type Origins } from '../identity.ts';

export interface RouteOptions {
  readonly door: Door;
  readonly identify: Identify;
  readonly origins: Origins;
  readonly addresses: Addresses;
  /** The path that everything is under, such as `/chat`; empty: none. */
  readonly mount: string;
}

const YEAR = 365 * 24 * 3600;
const names = Object.keys(routes) as CommandName[];

/** What kind of value each field of a command's input is, so that path and query text can be read as that. */
function fieldKinds(name: CommandName): ReadonlyMap<string, 'number' | 'boolean' | 'text'> {
  const { properties = {} } = jsonSchema(commands[name].input as z.ZodType, 'input') as { properties?: Record<string, { type?: string }> };
  return new Map(
    Object.entries(properties).map(([field, { type }]) => [
      field,
      type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'text',
    ]),
  );
}

/** Text that is no number or truth value stays text, and the schema refuses it with a sentence. */
function fromText(value: unknown, kind: 'number' | 'boolean' | 'text' | undefined): unknown {
  if (typeof value !== 'string') return value;
  if (kind === 'number') return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (kind === 'boolean') return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value;
  return value;
}

/** Every command as a REST route (PROTOCOL §8), from its one definition. */
export function registerCommands(app: FastifyInstance, { door, identify, origins, addresses, mount }: RouteOptions): void {
  // Two chats on one server don't see each other's cookies.
  const cookiePath = mount === '' ? '/' : mount;
  for (const name of names) {
    const { method, path, pathFields } = routeOf(name);
    const kinds = fieldKinds(name);
    app.route({
      method,
      url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: async (request, reply) => {
        if (method !== 'GET') origins.check(request.raw);
        const asker: Asker = { user: await identify(request.raw), address: addresses.of(request.raw), here: isHere(request.raw) };
        const output = await door.run(name, inputOf(request, pathFields, kinds), asker);
        if (name === 'hello') {
          const { user, token } = output as CommandOutput<'hello'>;
          if (identify.keeps(user)) {
            reply.setCookie(COOKIE, token, {
              httpOnly: true,
              sameSite: 'lax',
              path: cookiePath,
              maxAge: YEAR,
              secure: addresses.isSecure(request.raw),
            });
          }
        }
        return reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(jsonOf(output));
      },
    });
  }
  app.delete('/v1/session', async (request, reply) => {
    origins.check(request.raw);
    return reply.clearCookie(COOKIE, { path: cookiePath }).send({});
  });
}

function inputOf(
  request: FastifyRequest,
  pathFields: readonly string[],
  kinds: ReadonlyMap<string, 'number' | 'boolean' | 'text'>,
): unknown {
  const { body } = request;
  if (body !== undefined && body !== null && (typeof body !== 'object' || Array.isArray(body)))
    throw new SudaError('invalid', 'The body must be a JSON object.');
  const query = Object.entries(request.query as Record<string, unknown>);
  // Fields are put where there is no prototype, so that `__proto__` is one like any other: an unknown one. A body has it as its own.
  const input: Record<string, unknown> =
    body && query.length === 0 ? (body as Record<string, unknown>) : Object.assign(Object.create(null), body);
  for (const [field, value] of query) {
    if (pathFields.includes(field) || Object.hasOwn(input, field)) throw new SudaError('invalid', `${field}: given twice`);
    input[field] = fromText(value, kinds.get(field));
  }
  const params = request.params as Record<string, string>;
  for (const field of pathFields) {
    if (params[field] === '') throw new SudaError('not_found');
    if (Object.hasOwn(input, field)) throw new SudaError('invalid', `${field}: given in the path and in the body`);
    input[field] = fromText(params[field], kinds.get(field));
  }
  return input;
}

const patterns = [
  ...names.map((name) => {
    const { method, path } = routeOf(name);
    return { method: method as string, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) };
  }),
  ...[paths.events, paths.poll, paths.openapi, '/healthz', '/docs'].map((path) => ({
    method: 'GET',
    pattern: new RegExp(`^${path.replaceAll('.', '\\.')}$`),
  })),
  { method: 'DELETE', pattern: /^\/v1\/session$/ },
  { method: 'POST', pattern: /^\/v1\/files$/ },
  { method: 'GET', pattern: /^\/v1\/files\/[^/]+$/ },
  { method: 'GET', pattern: /^\/v1\/gifs\/found\/[^/]+$/ },
  ...['GET', 'DELETE'].map((method) => ({ method, pattern: /^\/v1\/lab\/handshakes\/[^/]+$/ })),
];

/** The methods that a path knows; none when there is no such path. */
export function allowedMethods(path: string): string[] {
  return [...new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
}
