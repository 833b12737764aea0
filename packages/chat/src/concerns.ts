import type { Sender, UserId } from '@suda/protocol';
import type { MessageRecord } from './records.ts';

/**
 * Whom a message concerns: those it mentions and the one it answers, but not who said it. Nobody once it is deleted.
 * @param answered who said what this message answers; null when it answers nothing
 * @returns each once
 */
export function concernedBy(
  { sender, mentions, deleted }: Pick<MessageRecord, 'sender' | 'mentions' | 'deleted'>,
  answered: Sender | null,
): UserId[] {
  if (deleted || (mentions.length === 0 && answered === null)) return [];
  const ids = new Set(mentions.map(({ id }) => id));
  if (answered !== null) ids.add(answered.id);
  if (sender !== null) ids.delete(sender.id);
  return [...ids];
}
