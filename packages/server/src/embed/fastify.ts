import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { ConfigError } from '../config.ts';
import type { Suda } from './suda.ts';

/**
 * A Suda as a plugin of the host's Fastify 5. Requests come through routes and not by `attach`: Fastify has one more server of its own
 * for each further address of `localhost`, which nobody else gets to see. (Upgrades at those it passes on itself.) So the host's
 * `onRequest` hooks run before ours, as for any route.
 */
export function asFastifyPlugin(suda: Suda): FastifyPluginAsync {
  return async (app: FastifyInstance) => {
    if (app.prefix !== '')
      throw new ConfigError(`Register suda.fastify without a prefix: its path is the option "path" of createSuda, "${suda.path}" now.`);
    const detach = suda.attach(app.server, 'upgrades');
    for (const url of suda.path === '' ? ['/*'] : [suda.path, `${suda.path}/*`]) {
      app.route({
        method: app.supportedMethods,
        url,
        exposeHeadRoute: false,
        // Before Fastify looks at the body: it is for us to read.
        onRequest: async (request, reply) => {
          reply.hijack();
          if (!suda.handle(request.raw, reply.raw)) reply.raw.writeHead(404).end();
        },
        handler: async () => {},
      });
    }
    // Before Fastify waits for its connections: ours would keep it from closing.
    app.addHook('preClose', async () => {
      await suda.close();
      detach();
    });
  };
}
