import { z } from 'zod';
import { closeCodes } from './close-codes.ts';
import { commands } from './commands.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { routes } from './routes.ts';
import { SUBPROTOCOL, WIRE_VERSION } from './version.ts';

/** JSON Schema (2020-12) of one schema of the wire, as input or as output. Throws for what JSON Schema has no words for. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io }) as Record<string, unknown>;
  return rest;
}

/** Everything the wire may say, as plain data: what `WIRE_HASH` is the hash of. */
export function describeWire(): Record<string, unknown> {
  const describe = <T extends object, R>(table: T, of: (entry: T[keyof T]) => R) =>
    Object.fromEntries(
      Object.entries(table)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, entry]) => [name, of(entry as T[keyof T])]),
    );
  return {
    version: WIRE_VERSION,
    subprotocol: SUBPROTOCOL,
    routes,
    commands: describe(commands, (c) => ({
      input: jsonSchema(c.input, 'input'),
      output: jsonSchema(c.output, 'output'),
      errors: [...c.errors].sort(),
    })),
    events: describe(events, (schema) => jsonSchema(schema, 'output')),
    errors: describe(errors, ({ status, retry }) => ({ status, retry })),
    closeCodes: describe(closeCodes, ({ code, reconnect }) => ({ code, reconnect })),
  };
}
