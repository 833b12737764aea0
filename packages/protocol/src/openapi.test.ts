import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CommandName, commands, commonErrors, errors, events, openApi, routeOf, routes } from './index.ts';

type Json = Record<string, unknown>;
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: Json }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: { readonly properties: Json } } } };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Json }>>;
}

const document = openApi('1.2.3');
const paths = document.paths as Record<string, Record<string, Operation>>;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

function* everyObject(value: unknown, at = '#'): Generator<readonly [string, Json]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Json];
  for (const [key, of] of Object.entries(value)) yield* everyObject(of, `${at}/${key}`);
}

describe('the OpenAPI document', () => {
  it('R8.1 is of version 3.1 and plain JSON', () => {
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
    const { title, version } = document.info as Json;
    assert.deepEqual([title, version], ['Suda', '1.2.3']);
  });

  it('R8.1 has every command at its route, once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const name of Object.keys(routes) as CommandName[]) {
      const { method, path } = routeOf(name);
      assert.equal(paths[path]?.[method.toLowerCase()]?.operationId, name);
    }
    assert.deepEqual(ids.filter((id) => !Object.hasOwn(routes, id)).sort(), [
      'events',
      'file.get',
      'file.upload',
      'gif.preview',
      'poll',
      'session.forget',
    ]);
  });

  it('R8.1 asks for every field of a command exactly once: in the path, the query or the body', () => {
    for (const { method, path, operation } of operations) {
      if (!Object.hasOwn(commands, operation.operationId)) continue;
      const name = operation.operationId as CommandName;
      const named = (operation.parameters ?? []).map((parameter) => parameter.name);
      const inBody = Object.keys(operation.requestBody?.content['application/json'].schema.properties ?? {});
      assert.deepEqual([...named, ...inBody].sort(), Object.keys(commands[name].input.shape).sort(), name);
      assert.deepEqual(
        (operation.parameters ?? [])
          .filter((parameter) => parameter.in === 'path')
          .map((parameter) => parameter.name)
          .sort(),
        [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort(),
      );
      if (method === 'get' || method === 'delete') assert.equal(operation.requestBody, undefined);
    }
  });

  it('R8.2 names every refusal under its status', () => {
    for (const name of Object.keys(commands) as CommandName[]) {
      const { method, path } = routeOf(name);
      const responses = paths[path]?.[method.toLowerCase()]?.responses ?? {};
      for (const code of [...commands[name].errors, ...commonErrors]) {
        assert.match(responses[errors[code].status]?.description ?? '', new RegExp(`\`${code}\``), name);
      }
    }
  });

  it('R8.1 says something of every field: no schema is empty, none points nowhere', () => {
    for (const [at, object] of everyObject(document)) {
      if (typeof object.$ref === 'string') {
        let target: unknown = document;
        for (const step of object.$ref.replace(/^#\//, '').split('/')) target = (target as Json | undefined)?.[step];
        assert.ok(target !== undefined, `${at} points to ${object.$ref}`);
      }
      // The poll's own events are of every kind: their data is the one thing that has no schema.
      if (/\/properties\/[^/]+$/.test(at) && !at.endsWith('events/items/properties/data')) {
        assert.ok(
          ['type', 'anyOf', 'oneOf', 'allOf', 'const', 'enum', '$ref'].some((key) => key in object),
          `${at} is ${JSON.stringify(object)}`,
        );
      }
      assert.ok(!('$schema' in object), at);
    }
  });

  it('R4.1 describes every event', () => {
    const { schemas } = document.components as { schemas: Json };
    for (const name of Object.keys(events)) assert.ok((schemas[`event.${name}`] as Json | undefined)?.description, name);
  });
});
