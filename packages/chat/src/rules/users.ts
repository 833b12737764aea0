import type { RoomCommandOf } from '../commands.ts';
import type { Rule } from '../decide.ts';
import { effects, nothing, refuse } from './decisions.ts';

/** A new person. Doing it again changes nothing: the id was made by the caller, once. */
export const create: Rule<RoomCommandOf<'user.create'>> = {
  plan: ({ actor }) => ({ actor }),
  decide: ({ actor }, command, now) =>
    actor === null
      ? effects({ type: 'user.put', user: { id: command.actor, name: command.name, guest: command.guest, createdAt: now } })
      : nothing,
};

export const rename: Rule<RoomCommandOf<'user.rename'>> = {
  plan: ({ actor }) => ({ actor }),
  decide: ({ actor }, { name }) => {
    if (actor === null) return refuse('unauthenticated');
    return actor.name === name ? nothing : effects({ type: 'user.put', user: { ...actor, name } });
  },
};
