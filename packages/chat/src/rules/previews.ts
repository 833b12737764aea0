import type { RoomCommandOf } from '../commands.ts';
import type { Rule } from '../decide.ts';
import { firstAddress } from '../first-address.ts';
import { effects, nothing, refuse } from './decisions.ts';
import { already, change, toMessage } from './messages.ts';

/** It comes some time after the message: by then that may be deleted, say something else, or be wanted without. */
export const put: Rule<RoomCommandOf<'message.preview'>> = {
  plan: ({ actor, room, pos }) => ({ actor, room, pos }),
  decide: ({ message }, { preview, file }) => {
    if (message === null || message.deleted || message.preview !== null || firstAddress(message.text) !== preview.address) return nothing;
    const { room, pos } = message;
    const changed = { type: 'message.change', room, pos, patch: { preview } } as const;
    return file === null ? effects(changed) : effects({ type: 'file.put', file }, changed);
  },
};

/** Also before it has come, so that it never does. */
export const takeOff: Rule<RoomCommandOf<'message.unpreview'>> = {
  plan: ({ actor, room, pos }) => ({ actor, room, pos }),
  decide: (facts) =>
    toMessage(facts, (message, { actor }) => {
      if (message.sender?.id !== actor.id) return refuse('not_author');
      if (message.deleted) return refuse('message_deleted');
      return message.preview === 'off' ? already(message) : change(message, { preview: 'off' });
    }),
};
