import type { z } from 'zod';
import { commands, commonErrors, openCommands } from './commands.ts';
import { type ErrorCode, errors } from './errors.ts';
import { events } from './events.ts';
import { limits } from './limits.ts';
import { filePaths } from './openapi-files.ts';
import { type CommandName, paths, routeOf, routes } from './routes.ts';
import { WIRE_VERSION } from './version.ts';
import { jsonSchema } from './wire.ts';

type Json = Record<string, unknown>;

const errorBody: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'retry'],
      properties: {
        code: { type: 'string', enum: Object.keys(errors) },
        message: { type: 'string' },
        retry: { type: 'boolean', description: 'Whether the same request may succeed later.' },
        retryAfter: { type: 'integer', description: 'Milliseconds to wait.' },
      },
    },
  },
};

function refusals(codes: readonly ErrorCode[]): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) byStatus.set(errors[code].status, [...(byStatus.get(errors[code].status) ?? []), code]);
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, of]) => [
        String(status),
        {
          description: of.map((code) => `\`${code}\`: ${errors[code].text}`).join('\n\n'),
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      ]),
  );
}

function operation(name: CommandName): Json {
  const { summary, input, output, errors: own } = commands[name];
  const { method, pathFields } = routeOf(name);
  const inBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const schema = jsonSchema(input as z.ZodType, 'input') as { properties?: Record<string, Json>; required?: string[] };
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {});
  const parameters = fields
    .filter(([field]) => pathFields.includes(field) || !inBody)
    .map(([field, of]) => ({
      name: field,
      in: pathFields.includes(field) ? 'path' : 'query',
      required: pathFields.includes(field) || required.has(field),
      schema: of,
    }));
  const body = fields.filter(([field]) => inBody && !pathFields.includes(field));
  const bodyRequired = body.map(([field]) => field).filter((field) => required.has(field));
  return {
    operationId: name,
    summary,
    tags: [name.split('.')[0]],
    ...(openCommands.has(name) ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(inBody
      ? {
          requestBody: {
            required: bodyRequired.length > 0,
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: Object.fromEntries(body),
                  ...(bodyRequired.length > 0 ? { required: bodyRequired } : {}),
                  additionalProperties: false,
                },
              },
            },
          },
        }
      : {}),
    responses: {
      200: {
        description: 'Done, and on disk (P1).',
        content: { 'application/json': { schema: jsonSchema(output as z.ZodType, 'output') } },
      },
      ...refusals([...own, ...commonErrors]),
    },
  };
}

const streamParameters = [
  {
    name: 'room',
    in: 'query',
    required: true,
    description: `A room to listen to; up to ${limits.roomsPerStream} times.`,
    schema: { type: 'array', items: { type: 'string' } },
    style: 'form',
    explode: true,
  },
  {
    name: 'cursor',
    in: 'query',
    required: false,
    description: 'Where each room’s stream goes on: `room:epoch:rev`, comma between.',
    schema: { type: 'string' },
  },
];

/**
 * The OpenAPI 3.1 description of every HTTP door, made from the command definitions.
 * @param version the server's version
 * @param mount the path that the server's addresses are under; empty: none
 */
export function openApi(version: string, mount = ''): Json {
  const byPath: Record<string, Json> = {};
  for (const name of Object.keys(routes) as CommandName[]) {
    const { method, path } = routeOf(name);
    byPath[path] = { ...byPath[path], [method.toLowerCase()]: operation(name) };
  }
  byPath['/v1/session'] = {
    ...byPath['/v1/session'],
    delete: {
      operationId: 'session.forget',
      summary: 'Forget the cookie.',
      tags: ['hello'],
      security: [],
      responses: { 200: { description: 'Done.' } },
    },
  };
  Object.assign(byPath, filePaths(refusals));
  byPath[paths.events] = {
    get: {
      operationId: 'events',
      summary: 'Server-sent events of one or more rooms. Each `id:` carries the cursors, so EventSource resumes by itself.',
      tags: ['streams'],
      parameters: [...streamParameters, { name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'string' } }],
      responses: {
        200: { description: 'A stream without end.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
        ...refusals(['invalid', 'unauthenticated', 'no_such_room', 'not_member', 'banned', 'rate_limited']),
      },
    },
  };
  byPath[paths.poll] = {
    get: {
      operationId: 'poll',
      summary: 'Long polling: answers at once if a room has anything after the cursor, otherwise waits.',
      tags: ['streams'],
      parameters: [
        ...streamParameters,
        {
          name: 'since',
          in: 'query',
          required: false,
          description: 'With a single room: its cursor, `epoch:rev`.',
          schema: { type: 'string' },
        },
        {
          name: 'wait',
          in: 'query',
          required: false,
          description: 'Seconds; 0 is plain polling.',
          schema: { type: 'number', minimum: 0, maximum: limits.pollWaitSeconds, default: 25 },
        },
        {
          name: 'events',
          in: 'query',
          required: false,
          description: '1: also answer with ephemeral and personal events that happen during the wait.',
          schema: { type: 'string', enum: ['0', '1'] },
        },
      ],
      responses: {
        200: {
          description: 'What each room has for you, and the cursor for the next poll.',
          content: { 'application/json': { schema: pollAnswer() } },
        },
        ...refusals(['invalid', 'unauthenticated', 'no_such_room', 'not_member', 'banned', 'rate_limited', 'unavailable']),
      },
    },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Suda',
      version,
      description: `Real-time chat that loses nothing. Wire version ${WIRE_VERSION}. Times are milliseconds since 1970.`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    ...(mount === '' ? {} : { servers: [{ url: mount }] }),
    security: [{ bearer: [] }, { cookie: [] }],
    paths: byPath,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The `token` that hello gave.' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'suda' },
      },
      schemas: {
        Error: errorBody,
        ...Object.fromEntries(Object.entries(events).map(([name, schema]) => [`event.${name}`, jsonSchema(schema, 'output')])),
      },
    },
  };
}

function pollAnswer(): Json {
  const page = jsonSchema(commands['room.open'].output, 'output');
  return {
    type: 'object',
    required: ['cursor', 'rooms'],
    properties: {
      cursor: { type: 'string', description: 'Give it back as `cursor` with the next poll.' },
      rooms: { type: 'array', description: 'Only rooms that have something.', items: page },
      events: { type: 'array', items: { type: 'object', properties: { event: { type: 'string' }, data: {} } } },
      removed: { type: 'array', items: { type: 'string' }, description: 'Rooms that you may no longer read.' },
    },
  };
}
