import type { FastifyInstance } from 'fastify';

export interface SafetyOptions {
  /** The path that everything is under; empty: none. */
  readonly mount: string;
  /** Whose pages may show ours in a frame, as the content security policy says it (CSP 3 §6.4.2). */
  readonly frames: readonly string[];
  /** Whether there are other origins whose pages may use this server. */
  readonly shared: boolean;
}

/**
 * The headers that keep browsers from making more of an answer than it is (OWASP Secure Headers; what helmet sets). Made once, not for each
 * request: policies that are put together anew were a twentieth of what a post over HTTP cost.
 *
 * Whether the site is on HTTPS for good (`Strict-Transport-Security`) is for its proxy to say.
 */
export function registerSafety(app: FastifyInstance, { mount, frames, shared }: SafetyOptions): void {
  const ancestors = `frame-ancestors ${frames.length === 0 ? "'none'" : frames.join(' ')}`;
  /** Of what only programs read: nothing in it may run, load or be framed, should a browser show it after all. */
  const forPrograms = {
    'content-security-policy': `default-src 'none';${ancestors}`,
    'cross-origin-resource-policy': shared ? 'cross-origin' : 'same-origin',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
  const forPages = {
    ...forPrograms,
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "media-src 'self' blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "manifest-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      ancestors,
    ].join(';'),
    'cross-origin-opener-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'x-dns-prefetch-control': 'off',
    'x-download-options': 'noopen',
    'x-frame-options': 'SAMEORIGIN',
    'x-permitted-cross-domain-policies': 'none',
    'x-xss-protection': '0',
  };
  const programs = `${mount}/v1/`;
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(request.url.startsWith(programs) ? forPrograms : forPages);
    done();
  });
}
