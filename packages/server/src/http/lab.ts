import { SudaError, type UserId } from '@suda/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Others } from '../others.ts';
import { firstAndLast, type Handshake, type Handshakes } from './handshakes.ts';
import type { RouteOptions } from './routes.ts';

/** Where the transport lab asks for what began under a nonce (GET), and breaks it (DELETE): PROTOCOL §13. */
export const HANDSHAKES = '/v1/lab/handshakes';

/** The transport lab's two routes, and its eye on the requests that carry a nonce. */
export function registerLab(
  app: FastifyInstance,
  { door, identify, origins }: RouteOptions,
  handshakes: Handshakes,
  others?: Others,
): void {
  const asker = async (request: FastifyRequest): Promise<{ user: UserId; nonce: string }> => {
    const user = await identify(request.raw);
    if (user === undefined) throw new SudaError('unauthenticated');
    door.rates.spend(user, 'read');
    return { user, nonce: (request.params as { nonce: string }).nonce };
  };

  app.addHook('onRequest', async (request, reply) => handshakes.watch(request.raw, reply.raw));

  app.get(`${HANDSHAKES}/:nonce`, { exposeHeadRoute: false }, async (request, reply) => {
    const { user, nonce } = await asker(request);
    const own = handshakes.of(user, nonce);
    const theirs = others?.askedOfAll(request.raw);
    // A client's requests come to any process. Who asks for another one puts together what all have.
    if (others !== undefined && theirs === undefined) return { handshakes: own };
    const all = [own, ...((await theirs) ?? []).map((answer) => (answer as { handshakes: Handshake[] }).handshakes)];
    const told = firstAndLast(all.flat()).map(({ at: _, ...handshake }) => handshake);
    return reply.header('cache-control', 'no-store').send({ handshakes: told });
  });

  app.delete(`${HANDSHAKES}/:nonce`, async (request) => {
    origins.check(request.raw);
    const { user, nonce } = await asker(request);
    const cut = handshakes.cut(user, nonce);
    const theirs = (await others?.askedOfAll(request.raw)) ?? [];
    return { cut: cut || theirs.some((answer) => (answer as { cut: boolean }).cut) };
  });
}
