import { createSuda } from '../suda.ts';
import type { RoomState, SudaOptions } from '../types.ts';
import { FakeChat, type FakeRoom, userOf } from './fake-chat.ts';
import { FakeClock, seeded } from './fake-clock.ts';
import { FakeNetwork } from './fake-network.ts';

export const mina = userOf('Mina');
export const jun = userOf('Jun');

/** A server with one room, a network, and clients of Mina. */
export function world(options: Partial<SudaOptions> = {}) {
  const clock = new FakeClock();
  const chat = new FakeChat();
  chat.users.set('token-Mina', mina);
  chat.users.set('token-Jun', jun);
  const room: FakeRoom = chat.room('hall');
  room.join(mina);
  room.join(jun);
  const network = new FakeNetwork(chat, clock);
  const client = (more: Partial<SudaOptions> = {}) =>
    createSuda({ url: 'http://suda.test', token: 'token-Mina', clock, random: seeded(7), dial: network.dialers, ...options, ...more });
  return { clock, chat, room, network, client };
}

export const texts = (state: RoomState): string[] => state.messages.map(({ text }) => text);
