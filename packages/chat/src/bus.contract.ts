import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bus } from './bus.ts';
import type { Change } from './effects.ts';
import { room, user } from './store.world.contract.ts';

const read = (pos: number): Change => ({ type: 'read', room: room('r1'), user: user('ann'), pos });

/** Waits for the thing itself: until the list has this many. */
async function arrived(list: readonly unknown[], count: number): Promise<void> {
  while (list.length < count) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * What every bus must do when nothing goes wrong; that hints get lost, doubled or late is for its listeners to bear.
 * @param open makes the buses of as many processes, connected with each other
 */
export function busContract(name: string, open: (processes: number) => Promise<readonly Bus[]>): void {
  describe(name, () => {
    const opened = async (processes: number) => {
      const buses = await open(processes);
      return { buses, close: () => Promise.all(buses.map((bus) => bus.close())) };
    };

    it('what is published reaches every listener of every process, the publisher’s too, in its order', async () => {
      for (const processes of [1, 2]) {
        const { buses, close } = await opened(processes);
        const heard: Change[][] = [];
        const ends = buses.flatMap((bus) =>
          [0, 1].map(() => {
            const list: Change[] = [];
            heard.push(list);
            return bus.subscribe((changes) => list.push(...changes));
          }),
        );
        buses[0]?.publish([read(1), read(2)]);
        buses[0]?.publish([read(3)]);
        for (const list of heard) {
          await arrived(list, 3);
          assert.deepEqual(list, [read(1), read(2), read(3)]);
        }
        for (const end of ends) end();
        await close();
      }
    });

    it('within one process, hints arrive before publish returns', async () => {
      const { buses, close } = await opened(1);
      const heard: Change[] = [];
      buses[0]?.subscribe((changes) => heard.push(...changes));
      buses[0]?.publish([read(1)]);
      assert.deepEqual(heard, [read(1)]);
      await close();
    });

    it('a subscription that ended hears nothing more; the others go on', async () => {
      const { buses, close } = await opened(1);
      const [one, two]: [Change[], Change[]] = [[], []];
      const end = buses[0]?.subscribe((changes) => one.push(...changes));
      buses[0]?.subscribe((changes) => two.push(...changes));
      buses[0]?.publish([read(1)]);
      end?.();
      end?.();
      buses[0]?.publish([read(2)]);
      await arrived(two, 2);
      assert.deepEqual([one, two], [[read(1)], [read(1), read(2)]]);
      await close();
    });

    it('a closed bus says nothing', async () => {
      const { buses, close } = await opened(1);
      const heard: Change[] = [];
      buses[0]?.subscribe((changes) => heard.push(...changes));
      await close();
      buses[0]?.publish([read(1)]);
      assert.deepEqual(heard, []);
    });
  });
}
