import {
  type Change,
  concernedBy,
  type Effect,
  type FactRequest,
  type Facts,
  filesOf,
  type GifRecord,
  type MessageRecord,
  wordsOf,
} from '@suda/chat';
import type { Epoch, RoomId, Sender, UserId } from '@suda/protocol';
import type { CachedMember, CachedRoom, WriterTables } from './writer-tables.ts';

/** What a rule asks to know, as it is at this moment of the transaction. */
export function factsOf(tables: WriterTables, request: FactRequest): Facts {
  const { actor, target, pos, clientId, via } = request;
  const room = request.room === undefined ? null : tables.room(request.room);
  const viaRoom = via === undefined ? null : tables.room(via);
  const place = (where: CachedRoom | null, user: UserId | undefined) =>
    where === null || user === undefined ? null : (tables.member(where, user)?.record ?? null);
  const successor = request.successor && room ? tables.successor(room, actor) : null;
  return {
    actor: tables.user(actor),
    room: room?.record ?? null,
    member: place(room, actor),
    target: place(room, target),
    targetUser: target === undefined ? null : tables.user(target),
    message: room === null || pos === undefined ? null : tables.message(room, pos),
    duplicate: room === null || clientId === undefined ? null : tables.said(room, actor, clientId),
    viaMember: place(viaRoom, actor),
    viaTarget: place(viaRoom, target),
    successor,
    successorMember: successor === null ? null : place(room, successor),
    successorUser: successor === null ? null : tables.user(successor),
    actorRooms: request.roomCounts ? tables.roomCount(actor) : 0,
    targetRooms: request.roomCounts && target !== undefined ? tables.roomCount(target) : 0,
    place: request.place ? tables.place.place() : null,
    invitation: request.invitation === undefined ? null : tables.place.invitation(request.invitation),
    invitations: request.invitations && room ? tables.place.invitations(room.key) : [],
    files: (request.files ?? []).flatMap((id) => tables.files.file(id) ?? []),
    gifs: gifsOf(tables, request.gifsOf ?? []),
    fileBytes: request.fileBytes ? tables.files.bytesOf(actor) : 0,
    fileUses: request.fileUses === undefined ? 0 : tables.files.uses(request.fileUses),
    mentioned: room === null || request.mentions === undefined ? [] : mentioned(tables, room, request.mentions),
  };
}

function gifsOf(tables: WriterTables, files: NonNullable<FactRequest['gifsOf']>): GifRecord[] {
  const found = files.flatMap((file) => tables.gifs.ofFile(file) ?? []);
  return found.filter((gif, i) => found.findIndex(({ hash }) => hash === gif.hash) === i);
}

function mentioned(tables: WriterTables, room: CachedRoom, asked: NonNullable<FactRequest['mentions']>): Sender[] {
  const isIn = (id: UserId) => counts(tables.member(room, id)?.record.role) === 1;
  const ids = 'ids' in asked ? asked.ids.filter(isIn) : asked.names.flatMap((name) => tables.named(room, name));
  return ids.flatMap((id): Sender[] => {
    const user = tables.user(id);
    return user === null ? [] : [{ id, name: user.name }];
  });
}

const counts = (role: string | undefined): number => (role === undefined || role === 'banned' ? 0 : 1);

/** Carries out effects inside the transaction. */
export class Applier {
  readonly #tables: WriterTables;
  readonly #newEpoch: () => Epoch;

  constructor(tables: WriterTables, newEpoch: () => Epoch) {
    this.#tables = tables;
    this.#newEpoch = newEpoch;
  }

  /** @returns what became true; null when nothing did. @throws Error if the effect is about something that isn't there */
  apply(effect: Effect): Change | null {
    const tables = this.#tables;
    switch (effect.type) {
      case 'user.put':
        tables.putUser(effect.user);
        return { type: 'user', user: effect.user };
      case 'room.put': {
        const there = tables.room(effect.room.id);
        if (there === null) return { type: 'room', room: tables.insertRoom(effect.room, this.#newEpoch()).record, before: null };
        const before = there.record.kind;
        tables.updateRoom(there, effect.room);
        return { type: 'room', room: there.record, before };
      }
      case 'room.drop': {
        const room = tables.room(effect.room);
        if (room === null) return null;
        const members = tables.memberIds(room);
        tables.dropRoom(room);
        return { type: 'room.dropped', room: effect.room, kind: room.record.kind, members };
      }
      case 'member.put': {
        const { member } = effect;
        const room = this.#room(member.room);
        const user = tables.user(member.user);
        if (user === null) throw new Error(`There is no user ${member.user}.`);
        const before = tables.member(room, member.user)?.record.role;
        tables.putMember(room, member);
        this.#count(room, counts(member.role) - counts(before));
        return { type: 'member', member, user, before: before ?? null };
      }
      case 'member.drop': {
        const room = this.#room(effect.room);
        const before = tables.member(room, effect.user)?.record.role;
        if (before === undefined) return null;
        tables.dropMember(room, effect.user);
        this.#count(room, -counts(before));
        return { type: 'member.dropped', room: effect.room, user: effect.user, before };
      }
      case 'message.append':
        return this.#append(effect);
      case 'message.change':
        return this.#change(effect);
      case 'gif.put':
        tables.gifs.put(effect.gif);
        return null;
      case 'gif.drop':
        tables.gifs.drop(effect.file);
        return null;
      case 'gif.forget':
        tables.gifs.forget(effect.room, effect.pos);
        return null;
      case 'file.put':
        tables.files.put(effect.file);
        return null;
      case 'file.drop':
        tables.files.drop(effect.file);
        return null;
      case 'place.put':
        tables.place.putPlace(effect.place);
        return { type: 'place', place: effect.place };
      case 'invitation.put':
        tables.place.putInvitation(this.#room(effect.invitation.room).key, effect.invitation);
        return null;
      case 'invitation.drop':
        tables.place.dropInvitation(effect.code);
        return null;
      case 'notify.put': {
        const { notify, muted } = effect;
        const room = this.#room(effect.room);
        const member = tables.member(room, effect.user);
        if (member === null) throw new Error(`${effect.user} is no member of ${effect.room}.`);
        tables.putMember(room, { ...member.record, notify, muted });
        return { type: 'notify', room: effect.room, user: effect.user, notify, muted };
      }
      case 'read.put': {
        const room = this.#room(effect.room);
        const moved = this.#read(room, tables.member(room, effect.user), effect.pos, effect.back);
        return moved ? { ...effect, type: 'read' } : null;
      }
    }
  }

  #append({ room: id, message: said }: Effect & { type: 'message.append' }): Change {
    const room = this.#room(id);
    const pos = room.record.pos + 1;
    const rev = room.record.head + 1;
    const { kind, sender, clientId, text, at, replyTo, via, notice, attachments, mentions } = said;
    const message: MessageRecord = {
      room: id,
      pos,
      rev,
      firstRev: rev,
      kind,
      sender,
      clientId,
      text,
      at,
      editedAt: null,
      deleted: false,
      replyTo,
      via,
      notice,
      reactions: [],
      attachments,
      mentions,
      preview: null,
    };
    this.#tables.insertMessage(room, message);
    if (attachments.length > 0) this.#tables.files.attach(room.key, pos, attachments);
    if (kind === 'text') this.#tables.index.put(room.key, pos, wordsOf(message));
    room.record = { ...room.record, head: rev, pos };
    room.slip = pos === 1 ? 0 : Math.max(room.slip, room.newestAt - at);
    room.newestAt = pos === 1 ? at : Math.max(room.newestAt, at);
    this.#tables.touch(room);
    if (sender !== null) this.#read(room, this.#tables.member(room, sender.id), pos);
    const concerned = this.#concernedBy(room, message);
    if (concerned.length === 0) return { type: 'message', message };
    this.#tables.mentions.put(room.key, pos, at, concerned);
    return { type: 'message', message, concerns: concerned };
  }

  #concernedBy(room: CachedRoom, message: MessageRecord): readonly UserId[] {
    const { replyTo, mentions } = message;
    // Nearly every message: nothing to look up.
    if (replyTo === null && mentions.length === 0) return [];
    return concernedBy(message, replyTo === null ? null : (this.#tables.message(room, replyTo)?.sender ?? null));
  }

  #change({ room: id, pos, patch }: Effect & { type: 'message.change' }): Change {
    const room = this.#room(id);
    const before = this.#tables.message(room, pos);
    if (before === null) throw new Error(`There is no message ${pos} in ${id}.`);
    const rev = room.record.head + 1;
    const message: MessageRecord = { ...before, ...patch, rev };
    this.#tables.updateMessage(room, message);
    if (message.kind === 'text' && (wordsOf(message) !== wordsOf(before) || message.deleted !== before.deleted)) {
      this.#tables.index.remove(room.key, pos);
      if (!message.deleted) this.#tables.index.put(room.key, pos, wordsOf(message));
    }
    const files = filesOf(message);
    if ((patch.attachments !== undefined || patch.preview !== undefined) && files.length + filesOf(before).length > 0) {
      this.#tables.files.detach(room.key, pos);
      this.#tables.files.attach(room.key, pos, files);
    }
    room.record = { ...room.record, head: rev };
    this.#tables.touch(room);
    if (patch.mentions === undefined) return { type: 'message', message };
    const [were, are] = [this.#concernedBy(room, before), this.#concernedBy(room, message)];
    this.#tables.mentions.put(room.key, pos, message.at, are, were);
    const concerns = [...new Set([...were, ...are])];
    return concerns.length === 0 ? { type: 'message', message } : { type: 'message', message, concerns };
  }

  #read(room: CachedRoom, member: CachedMember | null, pos: number, back = false): boolean {
    if (member === null || member.record.role === 'banned' || (back ? member.record.readPos <= pos : member.record.readPos >= pos))
      return false;
    this.#tables.setReadPos(room, member, pos);
    return true;
  }

  #count(room: CachedRoom, more: number): void {
    if (more === 0) return;
    room.record = { ...room.record, memberCount: room.record.memberCount + more };
    this.#tables.touch(room);
  }

  #room(id: RoomId): CachedRoom {
    const room = this.#tables.room(id);
    if (room === null) throw new Error(`There is no room ${id}.`);
    return room;
  }
}
