import { Attachment, type CommandName, commands, commonErrors, errors, events, filePaths, jsonSchema, paths, routes } from '@suda/protocol';
import type { z } from 'zod';
import { escapeHtml, mark, page } from './pages.ts';

type Schema = Record<string, unknown> & { properties?: Record<string, Schema>; required?: string[] };

/** A schema in a few words. */
function words(schema: Schema): string {
  const {
    type,
    enum: values,
    const: constant,
    anyOf,
    oneOf,
    items,
    pattern,
    minLength,
    maxLength,
    minimum,
    maximum,
  } = schema as Record<string, unknown>;
  const choices = (anyOf ?? oneOf) as Schema[] | undefined;
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (choices) return choices.map(words).join(' | ');
  if (type === 'array') return `[${words(items as Schema)}]`;
  if (type === 'object') return `{${Object.keys(schema.properties ?? {}).join(', ')}}`;
  const bounds = [
    minLength !== undefined || maxLength !== undefined ? `${minLength ?? 0}–${maxLength ?? '∞'} characters` : '',
    pattern === undefined ? '' : `/${String(pattern)}/`,
    minimum !== undefined && Number(minimum) > Number.MIN_SAFE_INTEGER ? `≥ ${String(minimum)}` : '',
    maximum !== undefined && Number(maximum) < Number.MAX_SAFE_INTEGER ? `≤ ${String(maximum)}` : '',
  ].filter((part) => part !== '');
  return [Array.isArray(type) ? type.join(' | ') : String(type ?? 'any'), ...bounds].join(', ');
}

function table(schema: Schema): string {
  const options = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (options && !schema.properties) return options.map(table).join('<p class="soft">or</p>');
  const rows = Object.entries(schema.properties ?? {});
  if (rows.length === 0) return '<p class="soft">nothing</p>';
  const required = new Set(schema.required ?? []);
  return `<table>${rows
    .map(
      ([field, of]) =>
        `<tr><td><code>${escapeHtml(field)}</code>${required.has(field) ? '' : ' <span class="soft">optional</span>'}</td><td>${escapeHtml(words(of))}${
          of.description ? `<br><span class="soft">${escapeHtml(String(of.description))}</span>` : ''
        }</td></tr>`,
    )
    .join('')}</table>`;
}

function commandArticle(name: CommandName, mount: string): string {
  const { summary, input, output, errors: own } = commands[name];
  const [verb = '', path = ''] = routes[name].split(' ');
  return `<article id="${name}"><h3>${name} <span class="soft">·</span> <span class="verb">${verb}</span> ${escapeHtml(mount + path)}</h3><p>${escapeHtml(summary)}</p>
<p class="soft">Input</p>${table(jsonSchema(input as z.ZodType, 'input') as Schema)}
<p class="soft">Output</p>${table(jsonSchema(output as z.ZodType, 'output') as Schema)}
${own.length > 0 ? `<p class="soft">Refusals: ${own.map((code) => `<code>${code}</code>`).join(' ')}</p>` : ''}</article>`;
}

/** Uploads and downloads are no commands: bytes are no JSON. */
function fileArticles(mount: string): string {
  const operations = Object.entries(filePaths(() => ({}))).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, FileOperation>).map(([method, operation]) => ({ path, method, ...operation })),
  );
  const article = ({ path, method, operationId, summary, parameters }: (typeof operations)[number]): string => {
    const properties = Object.fromEntries(parameters.map(({ name, description, schema }) => [name, { ...schema, description }]));
    const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
    return `<article id="${operationId}"><h3>${operationId} <span class="soft">·</span> <span class="verb">${method.toUpperCase()}</span> ${escapeHtml(mount + path)}</h3><p>${escapeHtml(summary)}</p>
<p class="soft">Path, query, header</p>${table({ properties, required })}${method === 'post' ? `<p class="soft">Output</p>${table(jsonSchema(Attachment, 'output') as Schema)}` : ''}</article>`;
  };
  return `<h2 id="files">Files</h2><p>Over HTTP only. A file goes up, then a message carries it: <code>attachments</code> of <a href="#message.send">message.send</a>.</p>${operations.map(article).join('')}`;
}

interface FileOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly description?: string;
    readonly schema: Schema;
  }[];
}

/** The reference of every command and event, made from the protocol's definitions. @param mount the path that everything is under */
export function docsPage(version: string, mount: string): string {
  const commandNames = Object.keys(commands) as CommandName[];
  const eventNames = Object.keys(events) as (keyof typeof events)[];
  const link = (id: string, name = id): string => `<li><a href="#${id}">${name}</a></li>`;
  return page(
    'Suda · reference',
    `<main><a href="${mount}/" aria-label="Suda">${mark}</a><h1>Suda ${escapeHtml(version)}: what may be said</h1>
<p>Every command below is a REST route, a WebSocket frame <code>{"event", "data", "id"}</code> at <code>${mount}${paths.websocket}</code>, and a method of the SDK.
Event streams are at <code>${mount}${paths.events}</code>, long polling at <code>${mount}${paths.poll}</code>. For machines: <a href="${mount}${paths.openapi}">openapi.json</a>.</p>
<nav><h2>Commands</h2><ul>${commandNames.map((name) => link(name)).join('')}</ul><h2><a href="#files">Files</a></h2><h2>Events</h2><ul>${eventNames.map((name) => link(`event-${name}`, name)).join('')}</ul></nav>
<h2>Commands</h2>${commandNames.map((name) => commandArticle(name, mount)).join('')}
${fileArticles(mount)}
<h2>Events</h2>${eventNames
      .map((name) => {
        const schema = jsonSchema(events[name], 'output') as Schema;
        return `<article id="event-${name}"><h3>${name}</h3><p>${escapeHtml(String(schema.description ?? ''))}</p>${table(schema)}</article>`;
      })
      .join('')}
<h2>Errors</h2><p>Any command may be refused with ${commonErrors.map((code) => `<code>${code}</code>`).join(' ')}.</p>
<table>${Object.entries(errors)
      .map(
        ([code, { status, retry, text }]) =>
          `<tr><td><code>${code}</code></td><td>${status}</td><td>${retry ? 'retry helps' : ''}</td><td>${escapeHtml(text)}</td></tr>`,
      )
      .join('')}</table></main>`,
    mount,
  );
}
