import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FaultyProxy } from './browser/faulty-proxy.ts';
import { noPython, PythonProgram } from './clients/python.ts';
import { PATIENT, protocolTestServer } from './protocol-test.ts';
import { travels } from './wire/socketio.ts';
import { Stage } from './wire/stage.ts';

const clients = [
  ['socketio.Client', 'talk.py'],
  ['socketio.AsyncClient', 'talk_async.py'],
] as const;

const skip = noPython ?? false;

for (const [client, file] of clients) {
  describe(`python-socketio: ${client}`, { skip }, () => {
    for (const [how, { transports }] of travels) {
      it(`R9.6 P2 P4 ${how}: cut again and again, it misses nothing and says nothing twice`, async (context) => {
        const stage = await Stage.open(context);
        const { room, people } = await stage.room(['Ann', 'Bob']);
        const [ann, bob] = people;
        const proxy = new FaultyProxy(stage.port);
        context.after(() => proxy.close());
        const program = new PythonProgram(file, { url: await proxy.listen(), token: ann.token, room, transports });
        context.after(() => program.kill());
        const { rev: begin } = await program.next('reset');

        for (let round = 0; round < 3; round++) {
          const before = program.lines.all.length;
          proxy.down = true;
          proxy.cut();
          await program.next('disconnected', undefined, before);
          program.tell({ do: 'send', clientId: `while away ${round}`, text: `while away ${round}` });
          for (let i = 0; i < 20; i++) await bob.say(room, `missed ${round}.${i}`);
          proxy.down = false;
          await program.next('sent', ({ clientId }) => clientId === `while away ${round}`, before);
          await bob.say(room, `live ${round}`);
          await program.next('message', ({ text }) => text === `live ${round}`, before);
        }
        // What it says arrives, and the acknowledgement is lost: it says it again.
        const other = await bob.socket();
        await other.ask('room.open', { room });
        proxy.mute = true;
        program.tell({ do: 'send', clientId: 'unanswered', text: 'unanswered' });
        await other.events.first('what was said', ({ data }) => data.text === 'unanswered');
        proxy.cut();
        proxy.mute = false;
        const { answer, tries } = await program.next('sent', ({ clientId }) => clientId === 'unanswered');
        assert.ok(tries > 1);
        const { rev: end } = await bob.say(room, 'the end');
        await program.next('message', ({ rev }) => rev === end);
        assert.equal(program.all('connected').at(-1)?.transport, transports.at(-1));
        program.tell({ do: 'leave' });
        assert.equal(await program.ended(), 0);
        await other.close();

        const { messages } = await bob.ask('message.list', { room, after: begin, limit: 100 });
        assert.deepEqual(
          program.all('message').map(({ rev, text }) => [rev, text]),
          messages.map(({ rev, text }) => [rev, text]),
        );
        assert.equal(messages.filter(({ text }) => text === 'unanswered').length, 1);
        assert.equal(messages.find(({ text }) => text === 'unanswered')?.pos, answer.data.pos);
        assert.equal(program.all('reset').length, 1);
        assert.equal(new Set(program.all('connected').map(({ id }) => id)).size, 5);
        // Threads may overtake one another; one loop may not.
        if (file === 'talk_async.py') assert.deepEqual([...program.all('early'), ...program.all('known')], []);
      });
    }
  });
}

describe('python-socketio, on an application of its own', { skip }, () => {
  for (const [how, { transports }] of travels) {
    it(`R9.1 R9.2 ${how}: namespaces, arguments, bytes, acknowledgements, one that never comes`, async (context) => {
      const server = await protocolTestServer(0, PATIENT);
      context.after(() => server.stop());
      const program = new PythonProgram('arguments.py', { url: `http://localhost:${server.port}`, transports });
      context.after(() => program.kill());
      assert.equal(await program.ended(), 0);
      const auth = { token: '123' };
      assert.deepEqual(
        new Map(program.all('auth').map((line) => [line.namespace, line.auth])),
        new Map([
          ['/', auth],
          ['/custom', auth],
        ]),
      );
      const [text, deep, seven, long] = program.all('back')[0]?.args ?? [];
      assert.deepEqual([text, deep, seven], ['text', { deep: [{ bytes: [1, 2, 3] }] }, 7]);
      assert.ok(long.bytes.length === 70_000 && long.bytes.every((byte: number) => byte === 255));
      assert.deepEqual(program.all('ack')[0]?.args, ['two', { bytes: [4, 5] }]);
      assert.equal(program.all('timeout').length, 1);
      assert.match(program.all('refused')[0]?.why, /\/random/);
    });
  }
});
