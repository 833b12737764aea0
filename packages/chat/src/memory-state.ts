import type { Epoch, FileId, InvitationCode, Pos, RoomId, Sender, UserId } from '@suda/protocol';
import { concernedBy } from './concerns.ts';
import type { Change, Effect } from './effects.ts';
import type { FactRequest, Facts } from './facts.ts';
import {
  type FileRecord,
  filesOf,
  type GifRecord,
  type InvitationRecord,
  type MemberRecord,
  type MessageRecord,
  type PlaceRecord,
  type RoomRecord,
  type UserRecord,
} from './records.ts';

/** One effect as the disk keeps it. `epoch`: what a room that it makes is given. */
export interface LogEntry {
  readonly effect: Effect;
  readonly epoch: Epoch;
}

/** A room with everything in it. */
export interface MemoryRoom {
  record: RoomRecord;
  readonly members: Map<UserId, MemberRecord>;
  /** The message of pos n stands at n - 1. */
  readonly messages: MessageRecord[];
}

export const isMember = (member: MemberRecord): boolean => member.role !== 'banned';

/** In the order of joining, ties by user id. */
export const byJoining = (a: MemberRecord, b: MemberRecord): number => a.joinedAt - b.joinedAt || (a.user < b.user ? -1 : 1);

/** Everything there is, and what each effect makes of it. The same entries in the same order always give the same state. */
export class MemoryState {
  readonly users = new Map<UserId, UserRecord>();
  readonly rooms = new Map<RoomId, MemoryRoom>();
  readonly files = new Map<FileId, FileRecord>();
  /** By the hash of their bytes. */
  readonly gifs = new Map<string, GifRecord>();
  readonly invitations = new Map<InvitationCode, InvitationRecord>();
  place: PlaceRecord = { name: null, keeper: null };

  constructor(log: readonly LogEntry[] = []) {
    for (const entry of log) this.apply(entry);
  }

  member(room: RoomId | undefined, user: UserId | undefined): MemberRecord | null {
    return room === undefined || user === undefined ? null : (this.rooms.get(room)?.members.get(user) ?? null);
  }

  /** Members of a room, bans excluded, in the order of joining. */
  membersOf(room: MemoryRoom): MemberRecord[] {
    return [...room.members.values()].filter(isMember).sort(byJoining);
  }

  /** The rooms that a user is a member of. */
  roomsOf(user: UserId): MemoryRoom[] {
    return [...this.rooms.values()].filter((room) => {
      const member = room.members.get(user);
      return member !== undefined && isMember(member);
    });
  }

  /** In the order in which they were made. */
  invitationsOf(room: RoomId): InvitationRecord[] {
    return [...this.invitations.values()]
      .filter((invitation) => invitation.room === room)
      .sort((a, b) => a.createdAt - b.createdAt || (a.code < b.code ? -1 : 1));
  }

  /** The rooms in which a message carries this file, once for each message. */
  usesOf(file: FileId): MemoryRoom[] {
    const carries = (message: MessageRecord) => filesOf(message).some(({ id }) => id === file);
    return [...this.rooms.values()].flatMap((room) => room.messages.filter(carries).map(() => room));
  }

  /** Whether everyone may take this file. */
  isGif(file: FileId): boolean {
    return [...this.gifs.values()].some((gif) => gif.file === file);
  }

  /** Whom a message concerns. */
  concernedBy(room: MemoryRoom, message: MessageRecord): UserId[] {
    return concernedBy(message, message.replyTo === null ? null : (room.messages[message.replyTo - 1]?.sender ?? null));
  }

  #mentioned(room: MemoryRoom, asked: NonNullable<FactRequest['mentions']>): Sender[] {
    const people = this.membersOf(room).flatMap(({ user }): Sender[] => {
      const name = this.users.get(user)?.name;
      return name === undefined ? [] : [{ id: user, name }];
    });
    if ('ids' in asked) return asked.ids.flatMap((id) => people.find((person) => person.id === id) ?? []);
    people.sort((a, b) => (a.id < b.id ? -1 : 1));
    return asked.names.flatMap((name) => people.filter((person) => person.name === name));
  }

  facts(request: FactRequest): Facts {
    const room = request.room === undefined ? undefined : this.rooms.get(request.room);
    const heir = request.successor && room ? this.membersOf(room).find((member) => member.user !== request.actor) : undefined;
    const said = (message: MessageRecord) => message.clientId === request.clientId && message.sender?.id === request.actor;
    return {
      actor: this.users.get(request.actor) ?? null,
      room: room?.record ?? null,
      member: this.member(request.room, request.actor),
      target: this.member(request.room, request.target),
      targetUser: (request.target && this.users.get(request.target)) ?? null,
      message: (request.pos !== undefined && room?.messages[request.pos - 1]) || null,
      duplicate: (request.clientId !== undefined && room?.messages.find(said)) || null,
      viaMember: this.member(request.via, request.actor),
      viaTarget: this.member(request.via, request.target),
      successor: heir?.user ?? null,
      successorMember: heir ?? null,
      successorUser: (heir && this.users.get(heir.user)) ?? null,
      actorRooms: request.roomCounts ? this.roomsOf(request.actor).length : 0,
      targetRooms: request.roomCounts && request.target ? this.roomsOf(request.target).length : 0,
      place: request.place ? this.place : null,
      invitation: (request.invitation !== undefined && this.invitations.get(request.invitation)) || null,
      invitations: request.invitations && request.room !== undefined ? this.invitationsOf(request.room) : [],
      files: (request.files ?? []).flatMap((id) => this.files.get(id) ?? []),
      gifs: [...new Set((request.gifsOf ?? []).flatMap((id) => this.gifs.get(this.files.get(id)?.hash ?? '') ?? []))],
      fileBytes: request.fileBytes ? this.#bytesOf(request.actor) : 0,
      fileUses: request.fileUses === undefined ? 0 : this.usesOf(request.fileUses).length,
      mentioned: room !== undefined && request.mentions !== undefined ? this.#mentioned(room, request.mentions) : [],
    };
  }

  /** Carries out one effect. @returns what became true; null when nothing did. @throws Error if the effect is about something that isn't there */
  apply({ effect, epoch }: LogEntry): Change | null {
    switch (effect.type) {
      case 'user.put':
        this.users.set(effect.user.id, effect.user);
        return { type: 'user', user: effect.user };
      case 'room.put': {
        const there = this.rooms.get(effect.room.id);
        const before = there?.record.kind ?? null;
        const counters = there?.record ?? { epoch, head: 0, pos: 0, memberCount: 0 };
        const record = { ...effect.room, epoch: counters.epoch, head: counters.head, pos: counters.pos, memberCount: counters.memberCount };
        if (there) there.record = record;
        else this.rooms.set(record.id, { record, members: new Map(), messages: [] });
        return { type: 'room', room: record, before };
      }
      case 'room.drop': {
        const room = this.rooms.get(effect.room);
        if (!room) return null;
        this.rooms.delete(effect.room);
        this.#forgetGifs(effect.room, null);
        for (const { code } of this.invitationsOf(effect.room)) this.invitations.delete(code);
        const members = this.membersOf(room).map((member) => member.user);
        return { type: 'room.dropped', room: effect.room, kind: room.record.kind, members };
      }
      case 'member.put': {
        const room = this.#room(effect.member.room);
        const user = this.users.get(effect.member.user);
        if (!user) throw new Error(`There is no user ${effect.member.user}.`);
        const before = room.members.get(user.id)?.role ?? null;
        room.members.set(user.id, effect.member);
        this.#count(room);
        return { type: 'member', member: effect.member, user, before };
      }
      case 'member.drop': {
        const room = this.#room(effect.room);
        const before = room.members.get(effect.user)?.role;
        if (before === undefined) return null;
        room.members.delete(effect.user);
        this.#count(room);
        return { type: 'member.dropped', room: effect.room, user: effect.user, before };
      }
      case 'message.append': {
        const room = this.#room(effect.room);
        const rev = room.record.head + 1;
        const pos = room.record.pos + 1;
        const message: MessageRecord = {
          ...effect.message,
          room: effect.room,
          pos,
          rev,
          firstRev: rev,
          editedAt: null,
          deleted: false,
          reactions: [],
          preview: null,
        };
        room.messages.push(message);
        room.record = { ...room.record, head: rev, pos };
        if (message.sender !== null) this.#read(room, message.sender.id, pos);
        return told(message, this.concernedBy(room, message));
      }
      case 'message.change': {
        const room = this.#room(effect.room);
        const before = room.messages[effect.pos - 1];
        if (!before) throw new Error(`There is no message ${effect.pos} in ${effect.room}.`);
        const rev = room.record.head + 1;
        const message: MessageRecord = { ...before, ...effect.patch, rev };
        room.messages[effect.pos - 1] = message;
        room.record = { ...room.record, head: rev };
        if (effect.patch.mentions === undefined) return { type: 'message', message };
        return told(message, [...this.concernedBy(room, before), ...this.concernedBy(room, message)]);
      }
      case 'gif.put':
        this.gifs.set(effect.gif.hash, effect.gif);
        return null;
      case 'gif.drop':
        for (const gif of this.gifs.values()) if (gif.file === effect.file) this.gifs.delete(gif.hash);
        return null;
      case 'gif.forget':
        this.#forgetGifs(effect.room, effect.pos);
        return null;
      case 'file.put':
        this.files.set(effect.file.id, effect.file);
        return null;
      case 'file.drop':
        this.files.delete(effect.file);
        return null;
      case 'place.put':
        this.place = effect.place;
        return { type: 'place', place: effect.place };
      case 'invitation.put':
        this.#room(effect.invitation.room);
        this.invitations.set(effect.invitation.code, effect.invitation);
        return null;
      case 'invitation.drop':
        this.invitations.delete(effect.code);
        return null;
      case 'notify.put': {
        const { members } = this.#room(effect.room);
        const member = members.get(effect.user);
        if (!member) throw new Error(`${effect.user} is no member of ${effect.room}.`);
        const { notify, muted } = effect;
        members.set(effect.user, { ...member, notify, muted });
        return { type: 'notify', room: effect.room, user: effect.user, notify, muted };
      }
      case 'read.put':
        return this.#read(this.#room(effect.room), effect.user, effect.pos, effect.back) ? { ...effect, type: 'read' } : null;
    }
  }

  #room(id: RoomId): MemoryRoom {
    const room = this.rooms.get(id);
    if (!room) throw new Error(`There is no room ${id}.`);
    return room;
  }

  #forgetGifs(room: RoomId, pos: Pos | null): void {
    for (const { from, hash } of this.gifs.values()) if (from?.room === room && (pos === null || from.pos === pos)) this.gifs.delete(hash);
  }

  #bytesOf(owner: UserId): number {
    return [...this.files.values()].reduce((sum, file) => sum + (file.owner === owner ? file.attachment.size : 0), 0);
  }

  #count(room: MemoryRoom): void {
    room.record = { ...room.record, memberCount: [...room.members.values()].filter(isMember).length };
  }

  #read(room: MemoryRoom, user: UserId, pos: number, back = false): boolean {
    const member = room.members.get(user);
    if (!member || !isMember(member) || (back ? member.readPos <= pos : member.readPos >= pos)) return false;
    room.members.set(user, { ...member, readPos: pos });
    return true;
  }
}

function told(message: MessageRecord, concerned: readonly UserId[]): Change {
  return concerned.length === 0 ? { type: 'message', message } : { type: 'message', message, concerns: [...new Set(concerned)] };
}
