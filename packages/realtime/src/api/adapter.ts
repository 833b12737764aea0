import { EventEmitter } from 'node:events';
import type { Room } from './room.ts';

/**
 * Who is where in a namespace: the part of Socket.IO's adapter that programs look at. The maps are those that are used, so they are up to date, and
 * for reading. Says `create-room`, `join-room`, `leave-room` and `delete-room`.
 */
export class Adapter extends EventEmitter {
  /** Ids of the sockets in each room; a socket's own room among them. */
  readonly rooms = new Map<Room, Set<string>>();
  /** The rooms of each socket. */
  readonly sids = new Map<string, Set<Room>>();

  /** Ids of those who are in any of these rooms; without any, of all. */
  async sockets(rooms: ReadonlySet<Room> = new Set()): Promise<Set<string>> {
    if (rooms.size === 0) return new Set(this.sids.keys());
    return new Set([...rooms].flatMap((room) => [...(this.rooms.get(room) ?? [])]));
  }

  socketRooms(id: string): Set<Room> | undefined {
    return this.sids.get(id);
  }

  /** @returns whether it was not there before */
  enter(id: string, room: Room): boolean {
    let rooms = this.sids.get(id);
    if (rooms === undefined) {
      rooms = new Set();
      this.sids.set(id, rooms);
    }
    if (rooms.has(room)) return false;
    rooms.add(room);
    const members = this.rooms.get(room);
    if (members) members.add(id);
    else {
      this.rooms.set(room, new Set([id]));
      this.emit('create-room', room);
    }
    this.emit('join-room', room, id);
    return true;
  }

  /** @returns whether it was there */
  leave(id: string, room: Room): boolean {
    if (!this.sids.get(id)?.delete(room)) return false;
    const members = this.rooms.get(room);
    members?.delete(id);
    this.emit('leave-room', room, id);
    if (members?.size === 0) {
      this.rooms.delete(room);
      this.emit('delete-room', room);
    }
    return true;
  }

  /** Somebody is gone. */
  forget(id: string): void {
    for (const room of [...(this.sids.get(id) ?? [])]) this.leave(id, room);
    this.sids.delete(id);
  }
}
