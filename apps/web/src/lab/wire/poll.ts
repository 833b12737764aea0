import { bytesOf } from './bytes.ts';
import { type NewFrame, type Part, partsOf } from './frame.ts';

/** One room in a poll's answer (PROTOCOL R7.1). */
export interface PollPage {
  readonly epoch: string;
  readonly head: number;
  readonly changes?: readonly unknown[];
  readonly messages?: readonly unknown[];
}

export interface PollAnswer {
  readonly cursor: string;
  readonly rooms: readonly PollPage[];
}

/** A GET as it leaves. @param bytes of its whole head */
export function pollRequest(target: string, bytes: number, waits: boolean): NewFrame {
  const query = new URLSearchParams(target.split('?', 2)[1] ?? '');
  const parts: Part[] = [{ name: 'method', value: 'GET' }, ...Array.from(query, ([name, value]) => ({ name, value }))];
  return { way: 'up', title: waits ? 'GET, held' : 'GET', raw: `GET ${target} HTTP/1.1`, parts, bytes, idle: true };
}

/** What came back. @param head status line and headers, as text */
export function pollResponse(head: string, body: string, answer: PollAnswer): NewFrame {
  const said = answer.rooms.flatMap((page) => page.changes ?? page.messages ?? []);
  const status = head.slice(0, head.indexOf('\r\n'));
  const parts: Part[] = [
    { name: 'status', value: status },
    { name: 'cursor', value: answer.cursor },
  ];
  for (const [i, message] of said.slice(0, 5).entries()) parts.push(...partsOf(message, said.length > 1 ? `changes[${i}]` : 'change'));
  const title = said.length === 0 ? 'nothing new' : said.length === 1 ? 'one change' : `${said.length} changes`;
  return { way: 'down', title, raw: head + body, gist: body, parts, bytes: bytesOf(head) + bytesOf(body), idle: said.length === 0 };
}
