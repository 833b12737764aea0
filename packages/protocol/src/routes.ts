/**
 * Every command's name and its HTTP route. `{room}` and the like are fields of the command's input;
 * the other fields travel in the query (GET, DELETE) or in the JSON body.
 *
 * Apart from `commands.ts` so that the SDK can use it without carrying the schema library.
 */
export const routes = {
  hello: 'POST /v1/session',
  'user.rename': 'PATCH /v1/me',
  'place.get': 'GET /v1/place',
  'place.claim': 'POST /v1/place/claim',
  'place.update': 'PATCH /v1/place',
  'room.list': 'GET /v1/rooms',
  'room.create': 'POST /v1/rooms',
  'room.get': 'GET /v1/rooms/{room}',
  'room.update': 'PATCH /v1/rooms/{room}',
  'room.join': 'POST /v1/rooms/{room}/join',
  'room.leave': 'POST /v1/rooms/{room}/leave',
  'room.invite': 'POST /v1/rooms/{room}/invite',
  'room.kick': 'POST /v1/rooms/{room}/kick',
  'room.transfer': 'POST /v1/rooms/{room}/transfer',
  'room.members': 'GET /v1/rooms/{room}/members',
  'invitation.create': 'POST /v1/rooms/{room}/invitations',
  'invitation.list': 'GET /v1/rooms/{room}/invitations',
  'invitation.get': 'GET /v1/invitations/{code}',
  'invitation.accept': 'POST /v1/invitations/{code}/accept',
  'invitation.revoke': 'DELETE /v1/invitations/{code}',
  'direct.open': 'POST /v1/directs',
  'room.open': 'GET /v1/rooms/{room}/changes',
  'room.close': 'POST /v1/rooms/{room}/close',
  'message.send': 'POST /v1/rooms/{room}/messages',
  'message.edit': 'PATCH /v1/rooms/{room}/messages/{pos}',
  'message.delete': 'DELETE /v1/rooms/{room}/messages/{pos}',
  'message.react': 'PUT /v1/rooms/{room}/messages/{pos}/reactions/{emoji}',
  'message.unreact': 'DELETE /v1/rooms/{room}/messages/{pos}/reactions/{emoji}',
  'message.unpreview': 'DELETE /v1/rooms/{room}/messages/{pos}/preview',
  'message.list': 'GET /v1/rooms/{room}/messages',
  'message.search': 'GET /v1/search',
  'gif.list': 'GET /v1/gifs',
  'gif.add': 'POST /v1/gifs',
  'gif.remove': 'DELETE /v1/gifs/{file}',
  'mention.list': 'GET /v1/mentions',
  'room.notify': 'PUT /v1/rooms/{room}/notify',
  'gif.find': 'GET /v1/gifs/found',
  'gif.take': 'POST /v1/gifs/found',
  'room.read': 'PUT /v1/rooms/{room}/read',
  'room.unread': 'PUT /v1/rooms/{room}/unread',
  'room.typing': 'POST /v1/rooms/{room}/typing',
} as const;

export type CommandName = keyof typeof routes;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{field}` placeholders. */
  readonly path: string;
  /** The fields that stand in the path. */
  readonly pathFields: readonly string[];
}

/** The route of a command, taken apart. */
export function routeOf(name: CommandName): Route {
  const [method, path] = routes[name].split(' ') as [Route['method'], string];
  return { method, path, pathFields: [...path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1])) };
}

/** Paths that are not commands: the WebSocket, the two receiving transports, uploads. A file is at `files/ID`, a GIF that was found at `gifs/found/ID`. */
export const paths = {
  websocket: '/v1/ws',
  events: '/v1/events',
  poll: '/v1/poll',
  openapi: '/v1/openapi.json',
  files: '/v1/files',
  found: '/v1/gifs/found',
} as const;
