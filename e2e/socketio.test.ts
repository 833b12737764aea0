import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from './wire/inbox.ts';
import { refusalOf } from './wire/refusal.ts';
import { SocketIo, travels } from './wire/socketio.ts';
import { type Person, Stage } from './wire/stage.ts';

const auth = (person: Person) => ({ auth: { token: person.token } });

for (const [how, travel] of travels) {
  describe(`Socket.IO ${how}`, () => {
    it('R9.2 R9.3 P5 says and hears as over every other transport', async (context) => {
      const stage = await Stage.open(context);
      const { room, people } = await stage.room(['Ann', 'Bob']);
      const [ann, bob] = people;
      const other = await bob.socket();
      await other.ask('room.open', { room });
      const socket = await SocketIo.connect(stage.url, { ...travel, ...auth(ann) });
      context.after(() => socket.close());
      const opened = await socket.ask('room.open', { room });
      assert.equal(opened.room.id, room);
      const { pos, rev } = await socket.ask('message.send', { room, clientId: 'c1', text: '안녕 👋' });
      await other.ask('message.react', { room, pos, emoji: '👍' });
      await socket.events.first('the reaction', ({ event, data }) => event === 'message.changed' && data.rev === rev + 1);
      await other.events.first('the reaction', ({ event, data }) => event === 'message.changed' && data.rev === rev + 1);
      const ofLog = ({ event, data }: { event: string; data: { room?: string } }): boolean =>
        event.startsWith('message') && data.room === room;
      assert.deepEqual(socket.events.all.filter(ofLog), other.events.all.filter(ofLog));
      const again = { room, clientId: 'c1', text: 'again' };
      assert.deepEqual(await socket.ask('message.send', again), await ann.ask('message.send', again));
      await other.close();
    });

    it('R9.2 P8 refusals are the same words as over a WebSocket', async (context) => {
      const stage = await Stage.open(context);
      const ann = await stage.person('Ann');
      const socket = await SocketIo.connect(stage.url, { ...travel, ...auth(ann) });
      context.after(() => socket.close());
      const other = await ann.socket();
      for (const [name, input] of [
        ['room.open', { room: 'nowhere' }],
        ['message.send', { room: 'lobby', clientId: 'c', text: 'x' }],
        ['message.send', { room: 'lobby', clientId: 'c', text: 'x'.repeat(4_001) }],
        ['message.send', { room: 'lobby', clientId: 'c', text: 'x', more: 1 }],
        ['no.such.command', {}],
      ] as const) {
        const { error } = await socket.client.timeout(5_000).emitWithAck(name, input);
        other.send(name, input, name);
        const frame = await other.frames.first('the reply', ({ reply }) => reply === name, other.frames.all.length);
        assert.deepEqual(error, frame.error);
      }
      socket.client.emit('message.send', { room: 'lobby', clientId: 'c', text: '' });
      const { data } = await socket.events.first('the event error', ({ event }) => event === 'error');
      assert.deepEqual([data.code, data.command], ['invalid', 'message.send']);
      const twice = await socket.client.timeout(5_000).emitWithAck('room.list', {}, {});
      assert.equal(twice.error.code, 'invalid');
      const bytes = await socket.client
        .timeout(5_000)
        .emitWithAck('message.send', { room: 'lobby', clientId: 'c', text: Buffer.from('x') });
      assert.equal(bytes.error.code, 'invalid');
      await other.close();
    });

    it('R9.4 who they are: auth.token, the header, hello; a wrong token is refused', async (context) => {
      const stage = await Stage.open(context);
      const [ann, bob] = [await stage.person('Ann'), await stage.person('Bob')];
      const headers = { authorization: `Bearer ${bob.token}` };
      const who = async (options: object): Promise<string> => {
        const socket = await SocketIo.connect(stage.url, { ...travel, ...options });
        context.after(() => socket.close());
        const { user } = await socket.ask('hello', {});
        return user.id;
      };
      assert.equal(await who(auth(ann)), ann.id);
      assert.equal(await who({ extraHeaders: headers }), bob.id);
      assert.equal(await who({ extraHeaders: { cookie: `suda=${bob.token}` } }), bob.id);
      assert.equal(await who({ ...auth(ann), extraHeaders: headers }), ann.id);
      assert.equal(await refusalOf(who({})), 'unauthenticated');
      const codeOf = async (options: object): Promise<string> => {
        const error = await SocketIo.connect(stage.url, { ...travel, ...options }).then(
          () => undefined,
          (reason) => reason,
        );
        return error?.data?.code;
      };
      assert.equal(await codeOf({ auth: { token: 'wrong' } }), 'unauthenticated');
      assert.equal(await codeOf({ auth: { rooms: [{ room: 'lobby' }] } }), 'unauthenticated');
      assert.equal(await codeOf({ auth: { token: ann.token, rooms: 'lobby' } }), 'invalid');
      const guest = await SocketIo.connect(stage.url, travel);
      const { user } = await guest.ask('hello', { name: 'Cem' });
      assert.equal(user.name, 'Cem');
      guest.close();
    });

    it('R9.6 P4 a connection that breaks goes on from its cursor, through auth alone: nothing missing, nothing twice', async (context) => {
      const stage = await Stage.open(context);
      const { room, people } = await stage.room(['Ann', 'Bob']);
      const [ann, bob] = people;
      const cursor: { epoch?: string; rev?: number } = {};
      const socket = new SocketIo(stage.url, {
        ...travel,
        auth: (give) => give({ token: ann.token, rooms: [{ room, ...cursor }] }),
      });
      context.after(() => socket.close());
      const revs: number[] = [];
      socket.client.on('reset', ({ epoch, head }) => Object.assign(cursor, { epoch, rev: head }));
      const take = ({ rev, after = rev - 1 }: { rev: number; after?: number }): void => {
        assert.ok(cursor.rev !== undefined && after <= cursor.rev && rev > cursor.rev, `${rev} came to one who had ${cursor.rev}`);
        cursor.rev = rev;
        revs.push(rev);
      };
      socket.client.on('message', take);
      socket.client.on('message.changed', take);
      await socket.events.first('the beginning', ({ event }) => event === 'reset');
      const first = await bob.say(room, 'one');
      await socket.events.first('one', ({ data }) => data.text === 'one');
      for (const text of ['two', 'three']) {
        const gone = socket.disconnected();
        socket.client.io.engine.close();
        await gone;
        await bob.say(room, `${text} while away`);
        await socket.connected();
        await bob.say(room, text);
        await socket.events.first(text, ({ data }) => data.text === text);
      }
      assert.deepEqual(
        revs,
        Array.from({ length: 5 }, (_, i) => first.rev + i),
      );
      assert.equal(socket.events.all.filter(({ event }) => event === 'reset').length, 1);
    });

    it('R9.6 rooms that may not be read are refused by name, the others begin, and commands wait for that', async (context) => {
      const stage = await Stage.open(context);
      const { room, people } = await stage.room(['Ann']);
      const { room: secret } = await stage.room(['Owner'], { kind: 'private' });
      const rooms = [{ room: secret }, { room }];
      const socket = new SocketIo(stage.url, { ...travel, auth: { token: people[0].token, rooms } });
      context.after(() => socket.close());
      await socket.ask('message.send', { room, clientId: 'c', text: 'at once' });
      await socket.events.first('its own words', ({ data }) => data.text === 'at once');
      const [refused, begun, said] = socket.events.all.filter(({ event }) => ['error', 'reset', 'message'].includes(event));
      assert.deepEqual([refused?.data.code, refused?.data.room], ['no_such_room', secret]);
      assert.equal(begun?.data.room.id, room);
      assert.equal(said?.event, 'message');
    });

    it('P7 R4.8 after a kick nothing of the room comes', async (context) => {
      const stage = await Stage.open(context);
      const { room, people } = await stage.room(['Owner', 'Goer'], { kind: 'private' });
      const [owner, goer] = people;
      const sockets = [
        await SocketIo.connect(stage.url, { ...travel, ...auth(goer) }),
        await SocketIo.connect(stage.url, { ...travel, auth: { token: goer.token, rooms: [{ room }] } }),
      ];
      context.after(() => {
        for (const socket of sockets) socket.close();
      });
      await sockets[0]?.ask('room.open', { room });
      await owner.say(room, 'before');
      await owner.ask('room.kick', { room, user: goer.id });
      await owner.say(room, 'secret');
      for (const socket of sockets) {
        const { data } = await socket.events.first('the removal', ({ event }) => event === 'room.removed');
        assert.deepEqual(data, { room, reason: 'kicked' });
        await socket.caughtUp();
        assert.ok(!JSON.stringify(socket.events.all).includes('secret'));
        assert.equal(await refusalOf(socket.ask('room.open', { room })), 'no_such_room');
        const again = await SocketIo.connect(stage.url, { ...travel, auth: { token: goer.token, rooms: [{ room }] } });
        await again.events.first('the refusal', ({ event, data: { code } }) => event === 'error' && code === 'no_such_room');
        again.close();
      }
    });

    it('R9.9 a server that stops says when to come back', async (context) => {
      const stage = await Stage.open(undefined);
      const ann = await stage.person('Ann');
      const socket = await SocketIo.connect(stage.url, { ...travel, ...auth(ann) });
      context.after(() => socket.close());
      await until('the upgrade', () => travel.transports.at(-1) === socket.client.io.engine.transport.name);
      await socket.caughtUp();
      const gone = socket.disconnected();
      await stage.server.stop();
      const reason = await gone;
      assert.ok(socket.client.active);
      const drain = socket.events.all.find(({ event }) => event === 'drain');
      // Between two polls there is nobody to say it to.
      if (reason === 'transport error') assert.equal(travel.transports.join(), 'polling');
      else assert.deepEqual([reason, typeof drain?.data.reconnectIn], ['transport close', 'number']);
      socket.close();
    });
  });
}

describe('Socket.IO on the server', () => {
  it('R9.1 the same client id, name and log lines as every session; it ends when the client does', async (context) => {
    const stage = await Stage.open(context);
    const ann = await stage.person('Ann');
    const socket = await SocketIo.connect(stage.url, auth(ann));
    const session = stage.server.realtime.sessions.get(socket.client.id ?? '');
    assert.equal(session?.transport, 'socketio');
    socket.close();
    await until('its end', () => stage.server.realtime.sessions.size === 0);
  });

  it('P6 R9.10 who stops polling is not pushed to beyond the bound, and then misses nothing', async (context) => {
    const stage = await Stage.open(context);
    const { room, people } = await stage.room(['Ann', 'Bob']);
    const [ann, bob] = people;
    const opened = await stage.call('GET', '/socket.io/?EIO=4&transport=polling');
    const path = `/socket.io/?EIO=4&transport=polling&sid=${JSON.parse(opened.text.slice(1)).sid}`;
    const post = (body: string) => stage.call('POST', path, { body, headers: { 'content-type': 'text/plain' } });
    const poll = async (): Promise<string[]> => (await stage.call('GET', path)).text.split('\x1e');
    await post(`40${JSON.stringify({ token: ann.token, rooms: [{ room }] })}`);
    let cursor = -1;
    const texts: string[] = [];
    const take = (packets: readonly string[]): void => {
      for (const packet of packets.filter((text) => text.startsWith('42'))) {
        const [event, data] = JSON.parse(packet.slice(2));
        if (event === 'reset') cursor = data.head;
        if (event !== 'message') continue;
        assert.ok((data.after ?? data.rev - 1) <= cursor && data.rev > cursor, `${data.rev} came to one who had ${cursor}`);
        cursor = data.rev;
        texts.push(data.text);
      }
    };
    while (cursor < 0) take(await poll());
    const session = [...stage.server.realtime.sessions.values()].find(({ transport }) => transport === 'socketio');
    let last = 0;
    for (let i = 0; i < 300; i++) {
      last = (await bob.say(room, `${i} ${'x'.repeat(3_000)}`)).rev;
      assert.ok((session?.buffered ?? 0) < 400_000);
    }
    assert.ok(session?.congested);
    while (cursor < last) take(await poll());
    assert.deepEqual(
      texts.map((text) => Number.parseInt(text, 10)),
      Array.from({ length: 300 }, (_, i) => i),
    );
  });

  it('R9.1 other namespaces are refused', async (context) => {
    const stage = await Stage.open(context);
    await assert.rejects(SocketIo.connect(`${stage.url}/admin`), /Invalid namespace/);
  });

  it('R9.9 a session that is ended for good does not come back', async (context) => {
    const stage = await Stage.open(context);
    const socket = await SocketIo.connect(stage.url);
    context.after(() => socket.close());
    const gone = socket.disconnected();
    stage.server.realtime.sessions.get(socket.client.id ?? '')?.close('sessionEnded');
    assert.equal(await gone, 'io server disconnect');
    assert.equal(socket.client.active, false);
  });

  it('R2.4 R9.4 pages of foreign origins are refused, by request and by handshake; those that were named may read', async (context) => {
    const stage = await Stage.open(context, { origins: ['https://friend.example'] });
    const open = (origin: string) => stage.call('GET', '/socket.io/?EIO=4&transport=polling', { headers: { origin } });
    const refused = await open('https://evil.example');
    assert.deepEqual([refused.status, refused.json.code, refused.json.error.code], [403, 4, 'origin_refused']);
    assert.equal(refused.headers.get('access-control-allow-origin'), null);
    const friend = await open('https://friend.example');
    assert.equal(friend.status, 200);
    assert.equal(friend.headers.get('access-control-allow-origin'), 'https://friend.example');
    const sid = JSON.parse(friend.text.slice(1)).sid;
    const post = await stage.call('POST', `/socket.io/?EIO=4&transport=polling&sid=${sid}`, {
      body: '40',
      headers: { origin: 'https://evil.example' },
    });
    assert.equal(post.status, 403);
    const evil = SocketIo.connect(stage.url, {
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { origin: 'https://evil.example' },
    });
    await assert.rejects(evil);
    const preflight = await stage.call('OPTIONS', '/socket.io/', {
      headers: { origin: 'https://friend.example', 'access-control-request-method': 'POST' },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://friend.example');
  });

  it('R3.7 handshakes are within the rate of their address', async (context) => {
    const stage = await Stage.open(context, { rate: 0.01 });
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) statuses.push((await stage.call('GET', '/socket.io/?EIO=4&transport=polling')).status);
    assert.ok(statuses.includes(200) && statuses.includes(429), String(statuses));
  });

  it('R9.7 what is no request of Engine.IO is refused in its own words, also without the slash', async (context) => {
    const stage = await Stage.open(context);
    for (const path of ['/socket.io/', '/socket.io']) {
      const { status, json } = await stage.call('GET', `${path}?EIO=3&transport=polling`);
      assert.deepEqual([status, json], [400, { code: 5, message: 'Unsupported protocol version' }]);
    }
    const { status } = await stage.call('PUT', '/socket.io/?EIO=4&transport=polling', { body: {} });
    assert.equal(status, 400);
  });
});
