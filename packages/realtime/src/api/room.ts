/** The name of a room: a text. Programs use numbers as well, and find them again as numbers. */
export type Room = string;
/** A room's name, or several. */
export type Rooms = Room | readonly Room[];

/** The topic of a room, below that of its namespace. No name can be made to mean another one. */
export const topicOfRoom = (namespace: string, room: unknown): string =>
  typeof room === 'string' ? `${namespace}:${room}` : `${namespace}#${typeof room}:${String(room)}`;

export const roomsOf = (rooms: Rooms): readonly Room[] => (Array.isArray(rooms) ? rooms : [rooms as Room]);
