import { directPeer, limits, type Reaction, type Sender, type UserId } from '@suda/protocol';
import type { RoomCommandOf } from '../commands.ts';
import type { Decision, Rule } from '../decide.ts';
import type { Effect, MessagePatch } from '../effects.ts';
import type { FactRequest, Facts } from '../facts.ts';
import { firstAddress } from '../first-address.ts';
import { mentionsIn, namesIn } from '../mention-names.ts';
import type { FileRecord, MessageRecord } from '../records.ts';
import { effects, type Inside, inside, isIn, refuse, senderOf } from './decisions.ts';
import { sent } from './gifs.ts';

/**
 * P2: a retry is answered with the first one's place before anything else is asked, except whether the sender may still be
 * here (P7). A reply to a message deleted since, or a whisper in a room left since, is not refused on its second try.
 */
export const send: Rule<RoomCommandOf<'message.send'>> = {
  plan: (command) => {
    const { actor, room, clientId, replyTo, via, attachments } = command;
    const peer = via === undefined ? undefined : directPeer(room, actor);
    return {
      actor,
      room,
      clientId,
      ...(replyTo === undefined ? {} : { pos: replyTo }),
      ...(via === undefined ? {} : { via }),
      ...(peer === undefined ? {} : { target: peer }),
      ...(attachments === undefined ? {} : { files: attachments, gifsOf: attachments }),
      ...askMentions(command),
    };
  },
  decide: (facts, command, now) =>
    inside(facts, ({ room, actor }) => {
      const { duplicate, message, viaMember, viaTarget } = facts;
      if (duplicate !== null) return { status: 'duplicate', message: duplicate };
      const { clientId, text, replyTo = null, via = null } = command;
      if (replyTo !== null) {
        if (message === null) return refuse('no_such_message', 'The message that this answers does not exist.');
        if (message.deleted) return refuse('message_deleted', 'The message that this answers was deleted.');
        if (message.kind !== 'text') return refuse('not_allowed', 'A notice cannot be answered.');
      }
      if (via !== null) {
        if (room.kind !== 'direct') return refuse('not_allowed', 'A whisper is sent to a direct room.');
        if (!isIn(viaMember) || !isIn(viaTarget)) return refuse('not_allowed', 'Both must be in the room in which the whisper is said.');
      }
      const files = attached(facts, command);
      if (files === null) return refuse('no_such_file');
      const mentions = mentioned(facts, command);
      const attachments = files.map((file) => file.attachment);
      return effects(
        {
          type: 'message.append',
          room: room.id,
          message: { kind: 'text', sender: senderOf(actor), clientId, text, at: now, replyTo, via, notice: null, attachments, mentions },
        },
        ...sent(room, facts, files, now),
      );
    }),
};

/**
 * The files that a message is to carry. Null when one is not there, or is someone else's and not everyone's: to attach it would be
 * to read it.
 */
function attached({ files, gifs }: Facts, { actor, attachments = [] }: RoomCommandOf<'message.send'>): FileRecord[] | null {
  const may = files.filter((file) => file.owner === actor || gifs.some((gif) => gif.file === file.id));
  return may.length === attachments.length ? may : null;
}

type Mentioning = Pick<RoomCommandOf<'message.send'>, 'text' | 'mentions'>;

/** Nearly every text has no `@`, and asks for nothing. */
function askMentions({ text, mentions }: Mentioning): Pick<FactRequest, 'mentions'> {
  if (mentions !== undefined) return mentions.length === 0 ? {} : { mentions: { ids: [...new Set(mentions)] } };
  if (!text.includes('@')) return {};
  const names = namesIn(text);
  return names.length === 0 ? {} : { mentions: { names } };
}

const mentioned = (facts: Facts, { text, mentions }: Mentioning): readonly Sender[] =>
  mentions === undefined ? mentionsIn(text, facts.mentioned) : facts.mentioned;

const isSame = (a: readonly Sender[], b: readonly Sender[]): boolean => a.length === b.length && a.every(({ id }, i) => id === b[i]?.id);

/** For what is done to a message that is there: not a notice, not deleted. */
export function toMessage(facts: Facts, then: (message: MessageRecord, it: Inside) => Decision): Decision {
  return inside(facts, (it) => {
    const { message } = facts;
    if (message === null) return refuse('no_such_message');
    if (message.kind === 'notice') return refuse('not_allowed', 'A notice stays as it is.');
    return then(message, it);
  });
}

/** It is so already: answered with where the message stands. */
export const already = (message: MessageRecord): Decision => ({ status: 'duplicate', message });

export function change(message: MessageRecord, patch: MessagePatch): Decision {
  return effects({ type: 'message.change', room: message.room, pos: message.pos, patch });
}

export const edit: Rule<RoomCommandOf<'message.edit'>> = {
  plan: (command) => ({ actor: command.actor, room: command.room, pos: command.pos, ...askMentions(command) }),
  decide: (facts, command, now) =>
    toMessage(facts, (message, { actor }) => {
      if (message.sender?.id !== actor.id) return refuse('not_author');
      if (message.deleted) return refuse('message_deleted');
      const { text } = command;
      if (text === '' && message.attachments.length === 0) return refuse('invalid', 'text: there is nothing in it');
      const mentions = mentioned(facts, command);
      const sameMentions = command.mentions === undefined || isSame(mentions, message.mentions);
      if (message.text === text && sameMentions) return already(message);
      // Whom it mentions beside the text can't be seen: it doesn't say that it was edited.
      const seen = message.text === text ? {} : { text, editedAt: now, ...withoutStale(message, text) };
      return change(message, { ...seen, mentions });
    }),
};

/** A preview goes with the address that it is of. */
function withoutStale({ preview }: MessageRecord, text: string): MessagePatch {
  return preview === null || preview === 'off' || preview.address === firstAddress(text) ? {} : { preview: null };
}

/** The text, the files with the GIFs that it brought into the library, the preview, the mentions, the reactions and the time of an edit go; who, when, pos and clientId stay, so that a late retry still finds it. */
export const remove: Rule<RoomCommandOf<'message.delete'>> = {
  plan: ({ actor, room, pos }) => ({ actor, room, pos }),
  decide: (facts) =>
    toMessage(facts, (message, { actor, member }) => {
      if (message.sender?.id !== actor.id && member.role !== 'owner') return refuse('not_author');
      if (message.deleted) return already(message);
      const { room, pos } = message;
      const patch: MessagePatch = { text: '', editedAt: null, deleted: true, reactions: [], attachments: [], mentions: [], preview: null };
      const gone: Effect[] = message.attachments.length > 0 ? [{ type: 'gif.forget', room, pos }] : [];
      return effects({ type: 'message.change', room, pos, patch }, ...gone);
    }),
};

export const react: Rule<RoomCommandOf<'message.react'>> = {
  plan: ({ actor, room, pos }) => ({ actor, room, pos }),
  decide: (facts, { emoji }) =>
    toMessage(facts, (message, { actor }) => {
      if (message.deleted) return refuse('message_deleted');
      const there = message.reactions.find((reaction) => reaction.emoji === emoji);
      if (there?.users.includes(actor.id)) return already(message);
      if (there === undefined && message.reactions.length >= limits.reactionsPerMessage) return refuse('too_many_reactions');
      if (there !== undefined && there.users.length >= limits.usersPerReaction) return refuse('too_many_reactions');
      return change(message, { reactions: withReaction(message.reactions, emoji, actor.id) });
    }),
};

function withReaction(reactions: readonly Reaction[], emoji: string, user: UserId): readonly Reaction[] {
  if (!reactions.some((reaction) => reaction.emoji === emoji)) return [...reactions, { emoji, users: [user] }];
  return reactions.map((reaction) => (reaction.emoji === emoji ? { emoji, users: [...reaction.users, user] } : reaction));
}

export const unreact: Rule<RoomCommandOf<'message.unreact'>> = {
  plan: ({ actor, room, pos }) => ({ actor, room, pos }),
  decide: (facts, { emoji }) =>
    toMessage(facts, (message, { actor }) => {
      if (message.deleted) return refuse('message_deleted');
      if (!message.reactions.some((reaction) => reaction.emoji === emoji && reaction.users.includes(actor.id))) return already(message);
      const reactions = message.reactions
        .map((reaction) => (reaction.emoji === emoji ? { emoji, users: reaction.users.filter((id) => id !== actor.id) } : reaction))
        .filter((reaction) => reaction.users.length > 0);
      return change(message, { reactions });
    }),
};
