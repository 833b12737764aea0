import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandName, Message } from '@suda/protocol';
import type { Inbox } from './wire/inbox.ts';
import { until } from './wire/inbox.ts';
import { Numbers } from './wire/numbers.ts';
import { Refusal } from './wire/refusal.ts';
import { SocketIo } from './wire/socketio.ts';
import { type Person, Stage } from './wire/stage.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

/** A room as someone knows it who has heard everything over one transport. */
class Copy {
  readonly messages = new Map<number, Omit<Message, 'rev'> & { rev: number }>();
  /** The name of each event, by rev. Polling has no events. */
  readonly names = new Map<number, string>();
  cursor = -1;

  page({ reset, head, messages, changes }: { reset?: true; head: number; messages?: Message[]; changes?: Message[] }): void {
    if (reset) this.messages.clear();
    for (const message of messages ?? changes ?? []) this.messages.set(message.pos, message);
    this.cursor = head;
  }

  // biome-ignore lint/suspicious/noExplicitAny: what came, as it came
  event(name: string, data: any): void {
    if (name === 'reset') this.page(data);
    if (name !== 'message' && name !== 'message.changed') return;
    if (data.rev <= this.cursor) return;
    const { after = data.rev - 1, ...message } = data;
    assert.ok(after <= this.cursor, `rev ${data.rev} after ${after} came to one who had ${this.cursor}`);
    this.cursor = data.rev;
    this.messages.set(message.pos, message);
    this.names.set(message.rev, name);
  }

  get log(): unknown[] {
    return [...this.messages.values()].sort((a, b) => a.pos - b.pos);
  }
}

type Hearing = Inbox<{ readonly event: string; readonly data: { readonly rev?: number; readonly room?: unknown } }>;

/** Takes each event into the copy, until it has the rev. */
async function hear(copy: Copy, inbox: Hearing, room: string, rev: number): Promise<void> {
  await inbox.first(`rev ${rev}`, ({ event, data }) =>
    event === 'reset'
      ? Number((data as { head?: number }).head) >= rev
      : data.room === room && event.startsWith('message') && Number(data.rev) >= rev,
  );
  for (const { event, data } of inbox.all) if (event === 'reset' || data.room === room) copy.event(event, data);
}

describe(`transports (SEED=${seed})`, () => {
  it('P5 P3 the same scenario gives the same log over each of them', async (context) => {
    const numbers = new Numbers(seed);
    const random = (limit: number): number => numbers.below(limit);
    const stage = await Stage.open(context);
    const { room, people } = await stage.room(['Ann', 'Bob', 'Cem']);
    const [ann, bob, cem] = people;
    const acting = await ann.socket();
    const emitting = await SocketIo.connect(stage.url, { auth: { token: ann.token } });
    context.after(() => emitting.close());
    // Whoever is asked acts over another transport.
    const doers = [
      (name: CommandName, input: never) => acting.ask(name, input),
      (name: CommandName, input: never) => bob.ask(name, input),
      (name: CommandName, input: never) => emitting.ask(name, input),
    ] as const;

    const socket = await cem.socket();
    const [bySocket, byStream, byPoll, byWebSocketIo, byPollingIo] = [new Copy(), new Copy(), new Copy(), new Copy(), new Copy()];
    bySocket.page((await socket.ask('room.open', { room })) as never);
    const stream = await cem.stream(`?room=${room}`);
    const [overWebSocket, overPolls] = [
      await SocketIo.connect(stage.url, { transports: ['websocket'], auth: { token: cem.token } }),
      await SocketIo.connect(stage.url, { transports: ['polling'], auth: { token: cem.token } }),
    ];
    context.after(() => {
      overWebSocket.close();
      overPolls.close();
    });
    byWebSocketIo.page((await overWebSocket.ask('room.open', { room })) as never);
    byPollingIo.page((await overPolls.ask('room.open', { room })) as never);
    let polled = (await cem.poll(`?room=${room}`)).json;
    byPoll.page(polled.rooms[0]);
    let stop = false;
    const polling = (async () => {
      while (!stop) {
        polled = (await cem.poll(`?room=${room}&cursor=${polled.cursor}&wait=1`)).json;
        for (const page of polled.rooms) byPoll.page(page);
      }
    })();

    let last = 0;
    for (let i = 0; i < 250; i++) {
      const pos = 1 + random(Math.max(1, last));
      const base = { room, pos };
      const what = random(10);
      const [name, input] =
        what < 5
          ? ['message.send', { room, clientId: `c${i}`, text: `말 ${i}`, ...(random(4) === 0 ? { replyTo: pos } : {}) }]
          : what < 7
            ? ['message.edit', { ...base, text: `edited ${i}` }]
            : what < 8
              ? ['message.delete', base]
              : [what < 9 ? 'message.react' : 'message.unreact', { ...base, emoji: ['👍', '🎉'][random(2)] }];
      const done = await doers[random(3)]?.(name as CommandName, input as never).catch((error: unknown) => {
        if (!(error instanceof Refusal) || error.code === 'internal' || error.code === 'invalid') throw error;
      });
      if (name === 'message.send' && done) last = (done as { pos: number }).pos;
    }
    const { rev } = await bob.say(room, 'the end');
    await hear(bySocket, socket.events, room, rev);
    await hear(byStream, stream.events, room, rev);
    await hear(byWebSocketIo, overWebSocket.events, room, rev);
    await hear(byPollingIo, overPolls.events, room, rev);
    await until('the end, by polling', () => byPoll.cursor >= rev);
    stop = true;
    await polling;

    const history: Message[] = [];
    for (let after = 0; ; ) {
      const { messages } = await cem.ask('message.list', { room, after, limit: 100 });
      if (messages.length === 0) break;
      history.push(...messages);
      after = messages.at(-1)?.pos ?? after;
    }
    assert.deepEqual(
      history.map(({ pos }) => pos),
      history.map((_, i) => i + 1),
    );
    assert.deepEqual(bySocket.log, history);
    assert.deepEqual(byStream.log, history);
    assert.deepEqual(byPoll.log, history);
    assert.deepEqual(byWebSocketIo.log, history);
    assert.deepEqual(byPollingIo.log, history);
    assert.deepEqual(byWebSocketIo.names, bySocket.names);
    assert.deepEqual(byPollingIo.names, bySocket.names);
    assert.deepEqual(byStream.names, bySocket.names);
    await Promise.all([acting.close(), socket.close(), stream.close()]);
  });

  it('P5 P8 the same command is refused with the same words over WebSocket, Socket.IO and HTTP', async (context) => {
    const stage = await Stage.open(context);
    const { room, people } = await stage.room(['Ann', 'Bob']);
    const { room: secret } = await stage.room(['Owner'], { kind: 'private' });
    const { room: locked } = await stage.room(['Owner'], { password: 'sesame' });
    const { room: full } = await stage.room(['Owner'], { capacity: 1 });
    const [ann, bob] = people;
    await ann.say(room, 'one');
    const deleted = await ann.say(room, 'two');
    await ann.ask('message.delete', { room, pos: deleted.pos });
    const { id: direct } = await ann.ask('direct.open', { user: bob.id });
    const refused: readonly (readonly [CommandName, object])[] = [
      ['room.get', { room: 'nowhere' }],
      ['room.join', { room: secret }],
      ['room.join', { room: locked }],
      ['room.join', { room: locked, password: 'wrong' }],
      ['room.join', { room: full }],
      ['room.leave', { room: direct }],
      ['room.leave', { room: locked }],
      ['room.kick', { room, user: ann.id }],
      ['room.transfer', { room, user: 'unobody' }],
      ['room.update', { room, name: 'x' }],
      ['room.update', { room: direct, name: 'x' }],
      ['room.invite', { room, user: 'unobody' }],
      ['room.members', { room: secret }],
      ['room.open', { room: secret }],
      ['room.read', { room: secret, pos: 1 }],
      ['room.unread', { room: secret, pos: 1 }],
      ['room.create', { name: '', kind: 'public' }],
      ['room.create', { name: 'x', kind: 'direct' }],
      ['direct.open', { user: 'unobody' }],
      ['direct.open', { user: 'NOT AN ID' }],
      ['message.send', { room, clientId: 'c', text: '' }],
      ['message.send', { room, clientId: 'c', text: 'x'.repeat(4_001) }],
      ['message.send', { room, clientId: 'c d', text: 'x' }],
      ['message.send', { room, clientId: 'c', text: 'x', replyTo: 99 }],
      ['message.send', { room, clientId: 'c', text: 'x', replyTo: 1 }],
      ['message.send', { room, clientId: 'c', text: 'x', replyTo: deleted.pos }],
      ['message.send', { room, clientId: 'c', text: 'x', via: room }],
      ['message.send', { room, clientId: 'c', text: 'x', unknown: 1 }],
      ['message.edit', { room, pos: deleted.pos - 1, text: 'x' }],
      ['message.edit', { room, pos: 1, text: 'x' }],
      ['message.delete', { room, pos: deleted.pos - 1 }],
      ['message.delete', { room, pos: 1 }],
      ['message.react', { room, pos: deleted.pos, emoji: 'x' }],
      ['message.react', { room, pos: 1, emoji: 'a b' }],
      ['message.list', { room, before: 1, after: 1 }],
      ['message.list', { room, limit: 1_000 }],
      ['message.search', { q: '   ' }],
      ['user.rename', { name: 'a\u0000b' }],
    ];
    const socket = await bob.socket();
    const emitting = await SocketIo.connect(stage.url, { auth: { token: bob.token } });
    context.after(() => emitting.close());
    const wordsOf = async (asked: Promise<unknown>): Promise<unknown> => {
      const answer = await asked.catch((error: unknown) => error);
      assert.ok(answer instanceof Refusal, JSON.stringify(answer));
      return answer.wire;
    };
    for (const [name, input] of refused) {
      const what = `${name} ${JSON.stringify(input).slice(0, 100)}`;
      const [overHttp, overSocket] = [await wordsOf(bob.ask(name, input as never)), await wordsOf(socket.ask(name, input as never))];
      assert.deepEqual(overSocket, overHttp, what);
      assert.deepEqual(await wordsOf(emitting.ask(name, input as never)), overHttp, what);
    }
    await socket.close();
  });

  it('P2 P5 a message that is sent again over another transport is the same message', async (context) => {
    const stage = await Stage.open(context);
    const { room, people } = await stage.room(['Ann']);
    const ann: Person = people[0];
    const sockets = [await ann.socket(), await ann.socket()] as const;
    const emitting = await SocketIo.connect(stage.url, { auth: { token: ann.token } });
    context.after(() => emitting.close());
    const message = { room, clientId: 'once', text: 'once' };
    const answers = await Promise.all([
      sockets[0].ask('message.send', message),
      ann.ask('message.send', message),
      sockets[1].ask('message.send', message),
      ann.ask('message.send', { ...message, text: 'other words' }),
      sockets[0].ask('message.send', message),
      emitting.ask('message.send', message),
    ]);
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    const { messages } = await ann.ask('message.list', { room });
    assert.deepEqual(messages.filter(({ clientId }) => clientId === 'once').length, 1);
    await Promise.all(sockets.map((socket) => socket.close()));
  });
});
