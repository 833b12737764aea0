import type { Member } from '@suda/protocol';

/** Up to so many people one knows who they are: beyond it a number beside every message tells nothing, and read events fade out at a hundred. */
export const fewPeople = 30;

/**
 * Counts, for a message, the members who have not read it: not its sender, and not the reader, who sees it. Those who came later
 * have read what was said before, as their readPos says.
 * @returns null where no count is shown: alone, or among too many
 */
export function unreadCounter(members: readonly Member[], me: string): ((pos: number, sender: string) => number) | null {
  if (members.length < 2 || members.length > fewPeople) return null;
  const others = members.filter(({ user }) => user.id !== me);
  return (pos, sender) => others.reduce((sum, { user, readPos }) => (readPos < pos && user.id !== sender ? sum + 1 : sum), 0);
}
