import type { OutgoingHttpHeaders } from 'node:http';
import { limits, RoomId, SudaError, type UserId } from '@suda/protocol';
import { bundleOf, type Connect, type EngineServer, SOCKET_IO_PATH, serveBundle } from '@suda/realtime';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Door } from '../door.ts';
import type { Arrival } from '../live/arrivals.ts';
import type { Others } from '../others.ts';

/** With and without the slash at its end. @param mount the path that everything is under; empty: none */
export const socketIoPaths = (mount = ''): readonly string[] => [mount + SOCKET_IO_PATH, mount + SOCKET_IO_PATH.slice(0, -1)];

/** What a client may send along with CONNECT (PROTOCOL R9.4, R9.6). Fields of an application's own are none of our business. */
const Auth = z.object({
  token: z.string().max(limits.tokenLength).optional(),
  rooms: z
    .array(z.object({ room: RoomId, epoch: z.string().max(64).optional(), rev: z.number().int().min(0).optional() }))
    .max(limits.roomsPerStream, `at most ${limits.roomsPerStream} rooms`)
    .default([]),
});

/**
 * Who comes into the namespace, and which rooms they go on with. The token of `auth` beats what the handshake carried.
 * @throws SudaError `invalid`; `unauthenticated` for a token that is not valid, or rooms without a user
 */
export async function arrivalOf(door: Door, { auth, admission }: Connect): Promise<Arrival> {
  const parsed = Auth.safeParse(auth);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new SudaError('invalid', `auth.${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { token, rooms } = parsed.data;
  const known = admission.data as { readonly user: UserId } | undefined;
  door.rates.spend(known?.user ?? admission.address, 'read');
  const user = token === undefined ? known?.user : await door.userOfToken(token);
  if (user === undefined && (token !== undefined || rooms.length > 0)) throw new SudaError('unauthenticated');
  const cursors = rooms.map(
    ({ room, epoch, rev }) => [room, epoch === undefined || rev === undefined ? undefined : { epoch, rev }] as const,
  );
  return { user, rooms: new Map(cursors) };
}

/** Socket.IO's requests (PROTOCOL §9). The transport answers them itself; what Fastify's plugins say of origins and safety goes along. */
export function registerSocketIo(app: FastifyInstance, engines: EngineServer, others?: Others): void {
  // The browser's own client, as Socket.IO's server gives it.
  app.get(`${SOCKET_IO_PATH}:file`, async (request, reply) => {
    const name = bundleOf(SOCKET_IO_PATH + (request.params as { file: string }).file, SOCKET_IO_PATH);
    if (name === undefined) throw new SudaError('not_found');
    reply.hijack();
    await serveBundle(name, request.raw, reply.raw, reply.getHeaders() as OutgoingHttpHeaders);
  });
  for (const url of socketIoPaths()) {
    app.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url,
      exposeHeadRoute: false,
      // Before Fastify looks at the body, which is not JSON.
      onRequest: async (request, reply) => {
        reply.hijack();
        if (!others?.passRequest(request.raw, reply.raw))
          engines.request(request.raw, reply.raw, reply.getHeaders() as OutgoingHttpHeaders);
      },
      handler: async () => {},
    });
  }
}
