import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { manifestOf } from './manifest.ts';
import { escapeHtml, mark, page } from './pages.ts';

export interface ChatPageOptions {
  /** The path that everything is under; empty: none. */
  readonly mount: string;
  /** Folder of the built chat page; undefined: `/` says how to make one; null: there shall be none. */
  readonly pageFolder: string | undefined | null;
  /** Where the page sends whom the host application doesn't know. Null: it asks for a name, and makes them a guest. */
  readonly signIn: string | null;
  /** Whether the page may keep itself in the visitor's browser, by a service worker. */
  readonly worker: boolean;
  /** What the place is called; null: nothing yet. */
  readonly placeName: () => Promise<string | null>;
}

/** Which addresses show which of the built pages. */
const pages: Readonly<Record<string, readonly string[]>> = {
  'index.html': ['/', '/index.html', '/r/:room', '/r/:room/:pos', '/i/:code'],
  'lab.html': ['/lab'],
};

/** The chat page: hashed assets for a year, the page itself always fresh. */
export async function registerChatPage(app: FastifyInstance, options: ChatPageOptions): Promise<void> {
  const { mount, pageFolder: folder } = options;
  if (folder === null) return;
  // A relative address on a page at `/chat` would otherwise lead out of it.
  if (mount !== '') {
    app.route({
      method: 'GET',
      url: '',
      exposeHeadRoute: false,
      handler: async (request, reply) => reply.redirect(`${mount}/${request.url.slice(mount.length)}`, 308),
    });
  }
  const slash = { prefixTrailingSlash: 'slash', method: 'GET' } as const;
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
    const body = `<main class="error">${mark}<h1>The chat page is not built.</h1><p><code>npm run build</code> makes it. The server itself runs: see <a href="${mount}/docs">the reference</a>.</p></main>`;
    const hint = page('Suda', body, mount);
    app.route({ ...slash, url: '/', handler: async (_request, reply) => reply.type('text/html; charset=utf-8').send(hint) });
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    preCompressed: true,
    wildcard: true,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.webmanifest'), 'utf8')) as object;
  app.get('/manifest.webmanifest', async (request, reply) =>
    reply
      .type('application/manifest+json; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('vary', 'accept-language')
      .send(manifestOf(manifest, await options.placeName(), request.headers['accept-language'] ?? '')),
  );
  for (const [file, urls] of Object.entries(pages)) {
    const html = placed(readFileSync(join(folder, file), 'utf8'), options);
    for (const url of urls) {
      app.route({
        ...slash,
        url,
        handler: async (_request, reply) => {
          // This page alone has a `<base>`, and that one is ours.
          const policy = String(reply.getHeader('content-security-policy')).replace("base-uri 'none'", "base-uri 'self'");
          return reply
            .type('text/html; charset=utf-8')
            .header('cache-control', 'no-cache')
            .header('content-security-policy', policy)
            .send(html);
        },
      });
    }
  }
}

/** The built page with what only this server knows: where it is, and whom it lets in. */
function placed(html: string, { mount, signIn, worker }: ChatPageOptions): string {
  const door = signIn === null ? '' : `<meta name="suda-sign-in" content="${escapeHtml(signIn)}" />`;
  const alone = worker ? '' : '<meta name="suda-worker" content="none" />';
  return html.replace(/<base href="[^"]*"\s*\/?>/, () => `<base href="${escapeHtml(mount)}/" />${door}${alone}`);
}
