import type { RoomId } from '@suda/protocol';

/** The room that is always there, and belongs to nobody. */
export const LOBBY = 'lobby' as RoomId;
