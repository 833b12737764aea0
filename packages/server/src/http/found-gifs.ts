import { FoundGif, paths, SudaError } from '@suda/protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Outside } from '../gifs/outside.ts';
import { POLICY } from './files.ts';
import type { RouteOptions } from './routes.ts';

const Params = z.object({ id: FoundGif.shape.id });
const Query = z.object({ still: z.literal('1').optional() });

/** Pictures of what a provider has, to choose from: whoever looks at them doesn't meet the provider. */
export function registerFoundGifs(app: FastifyInstance, { door, identify }: RouteOptions, outside: Outside | null): void {
  app.get(`${paths.found}/:id`, async (request, reply) => {
    const user = await identify(request.raw);
    if (user === undefined) throw new SudaError('unauthenticated');
    door.rates.spend(user, 'light');
    const params = Params.safeParse(request.params);
    const query = Query.safeParse(request.query);
    if (!params.success || outside === null) throw new SudaError('no_such_file');
    if (!query.success) throw new SudaError('invalid', 'still: 1');
    const { bytes, type } = await outside.preview(params.data.id, query.data.still === '1');
    return reply.headers({ 'content-type': type, 'content-security-policy': POLICY, 'cache-control': 'private, max-age=3600' }).send(bytes);
  });
}
