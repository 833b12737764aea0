import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PATIENT, protocolTestServer } from './protocol-test.ts';
import { within } from './wire/inbox.ts';
import { SocketIo, travels } from './wire/socketio.ts';

/** Runs it at the first call; every call gives the same promise. */
function once(run: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= run();
    return done;
  };
}

describe('an unmodified socket.io-client, on an application of its own', () => {
  for (const [how, travel] of travels) {
    it(`R9.1 R9.2 ${how}: namespaces, arguments, bytes, acknowledgements, those that never come`, async (context) => {
      const server = await protocolTestServer(0, PATIENT);
      context.after(() => server.stop());
      const url = `http://localhost:${server.port}`;
      const main = new SocketIo(url, { ...travel, auth: { token: '123' } });
      context.after(() => main.close());
      assert.deepEqual((await main.events.first('auth', ({ event }) => event === 'auth')).data, { token: '123' });
      const custom = main.client.io.socket('/custom', { auth: { of: 'custom' } });
      const greeted = new Promise((resolve) => custom.once('auth', resolve));
      assert.deepEqual(await within('the other namespace', greeted), { of: 'custom' });
      const refused = main.client.io.socket('/random');
      const error = new Promise<Error>((resolve) => refused.once('connect_error', resolve));
      assert.equal((await within('the refusal', error)).message, 'Invalid namespace');

      const bytes = Buffer.from([1, 2, 3]);
      const back = new Promise<unknown[]>((resolve) => main.client.once('message-back', (...args) => resolve(args)));
      main.client.emit('message', 'text', { deep: [bytes] }, 7);
      const [text, { deep }, seven] = (await within('what comes back', back)) as [string, { deep: [Uint8Array] }, number];
      assert.deepEqual([text, [...new Uint8Array(deep[0])], seven], ['text', [1, 2, 3], 7]);
      const acked = await main.client.timeout(5_000).emitWithAck('message-with-ack', bytes);
      assert.deepEqual([...new Uint8Array(acked)], [1, 2, 3]);
      await assert.rejects(main.client.timeout(50).emitWithAck('message', 'is never acknowledged'), /timed out/);

      custom.disconnect();
      assert.equal(await main.client.timeout(5_000).emitWithAck('message-with-ack', 'still here'), 'still here');
    });

    it(`R9.1 ${how}: lives on through many heartbeats, and comes back when the server does`, async (context) => {
      const first = await protocolTestServer(0, PATIENT);
      const stopFirst = once(() => first.stop());
      context.after(stopFirst);
      const main = new SocketIo(`http://localhost:${first.port}`, travel);
      context.after(() => main.close());
      await main.connected();
      const { id } = main.client;
      let pings = 0;
      await within(
        'three heartbeats',
        new Promise<void>((resolve) =>
          main.client.io.on('ping', () => {
            if (++pings === 3) resolve();
          }),
        ),
      );
      assert.equal(main.client.id, id);
      assert.equal(main.client.io.engine.transport.name, travel.transports.at(-1));
      const gone = main.disconnected();
      await stopFirst();
      assert.match(await gone, /^transport (close|error)$/);
      const second = await protocolTestServer(first.port, PATIENT);
      context.after(() => second.stop());
      await main.connected();
      assert.notEqual(main.client.id, id);
    });
  }
});
