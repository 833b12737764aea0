import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { MessageModule } from '../../examples/client-module/message-module.ts';
import { overSocketIo } from '../../examples/client-module/over-socket-io.ts';
import { overSuda } from '../../examples/client-module/over-suda.ts';
import { ServerProcess } from '../server-process.ts';
import { Inbox, within } from '../wire/inbox.ts';
import { Example } from './example.ts';

async function suda(context: TestContext): Promise<string> {
  const server = await ServerProcess.start();
  context.after(() => server.remove());
  return server.url;
}

const ways: [string, (context: TestContext) => Promise<string>, (url: string) => Promise<MessageModule>][] = [
  ['socket.io-client', async (context) => (await Example.start(context, 'client-module')).url, overSocketIo],
  ['@suda/client', suda, overSuda],
];

describe('examples/client-module', () => {
  for (const [over, begin, connect] of ways) {
    it(`over ${over}: subscribing twice and unsubscribing once leaves one; after off nothing arrives`, async (context) => {
      const url = await begin(context);
      const open = async (): Promise<MessageModule> => {
        const client = await within('a connection', connect(url));
        context.after(() => client.close());
        return client;
      };
      const [mina, jihun] = [await open(), await open()];
      const [twice, another, witness, far] = [new Inbox<string>(), new Inbox<string>(), new Inbox<string>(), new Inbox<string>()];
      const listener = (text: string): void => twice.push(text);
      const other = (text: string): void => another.push(text);
      mina.onMessageEvent(listener);
      mina.onMessageEvent(listener);
      mina.onMessageEvent(other);
      // Subscribed last: when it has heard, the others have.
      mina.onMessageEvent((text) => witness.push(text));
      jihun.onMessageEvent((text) => far.push(text));
      const say = async (by: MessageModule, text: string): Promise<void> => {
        by.messageSend(text);
        for (const inbox of [witness, far]) await inbox.first('message', (heard) => heard === text);
      };

      await say(jihun, '하나');
      assert.deepEqual([twice.all, another.all], [['하나', '하나'], ['하나']]);
      mina.offMessageEvent(listener);
      await say(mina, 'two');
      assert.deepEqual([twice.all.slice(2), another.all.slice(1)], [['two'], ['two']], 'one of the two is left; another’s is not touched');
      mina.offMessageEvent(listener);
      mina.offMessageEvent(listener);
      await say(jihun, 'three');
      assert.deepEqual([twice.all.length, another.all.at(-1)], [3, 'three'], 'nothing arrives after off');
      mina.offMessageEvent(other);
      await say(mina, 'four');
      assert.deepEqual([twice.all.length, another.all.length], [3, 3]);
      mina.onMessageEvent(listener);
      await say(jihun, 'five');
      assert.equal(twice.all.at(-1), 'five');
      assert.deepEqual(far.all, ['하나', 'two', 'three', 'four', 'five'], 'everything once, in order');
    });
  }

  it('the demonstration: 1, 2, 1, 0, over both', async (context) => {
    for (const env of [{}, { SUDA_URL: await suda(context) }]) {
      const demo = new Example('client-module', { program: 'demo.ts', env });
      context.after(() => demo.end());
      await within('its end', demo.gone);
      const counts = demo.lines.all.flatMap((line) => /heard (\d) times/.exec(line)?.[1] ?? []);
      assert.deepEqual(counts, ['1', '2', '1', '0']);
    }
  });
});
