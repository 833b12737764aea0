import type { RoomCommandOf } from '../commands.ts';
import type { Rule } from '../decide.ts';
import { effects, nothing, refuse } from './decisions.ts';

/** Somebody becomes the keeper. Of two who come at the same moment, one does. */
export const claim: Rule<RoomCommandOf<'place.claim'>> = {
  plan: ({ actor }) => ({ actor, place: true }),
  decide: ({ actor, place }, { name }) => {
    if (actor === null) return refuse('unauthenticated');
    const { keeper = null, name: called = null } = place ?? {};
    if (keeper !== null && keeper !== actor.id) return refuse('not_keeper', 'This place has a keeper already.');
    if (keeper === actor.id && (name === undefined || name === called)) return nothing;
    return effects({ type: 'place.put', place: { name: name ?? called, keeper: actor.id } });
  },
};

export const update: Rule<RoomCommandOf<'place.update'>> = {
  plan: ({ actor }) => ({ actor, place: true }),
  decide: ({ actor, place }, { name }) => {
    if (actor === null) return refuse('unauthenticated');
    if (place?.keeper !== actor.id) return refuse('not_keeper');
    return place.name === name ? nothing : effects({ type: 'place.put', place: { ...place, name } });
  },
};

/** Nobody keeps it any more; its name stays. */
export const release: Rule<RoomCommandOf<'place.release'>> = {
  plan: ({ actor }) => ({ actor, place: true }),
  decide: ({ place }) =>
    place === null || place.keeper === null ? nothing : effects({ type: 'place.put', place: { ...place, keeper: null } }),
};
