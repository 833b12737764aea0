import { describe } from 'node:test';
import { commitContract } from './store.commits.contract.ts';
import { fileContract } from './store.files.contract.ts';
import { gifContract } from './store.gifs.contract.ts';
import { logContract } from './store.log.contract.ts';
import { mentionContract } from './store.mentions.contract.ts';
import { placeContract } from './store.place.contract.ts';
import { previewContract } from './store.previews.contract.ts';
import { propertyContract } from './store.property.contract.ts';
import { roomContract } from './store.rooms.contract.ts';
import { searchContract } from './store.search.contract.ts';
import type { OpenStore } from './store.world.contract.ts';

export interface StoreContractOptions {
  /** The store executes commands in the order in which it was asked, so that the comparison with the reference may give several at once. */
  readonly inOrder?: boolean;
  /** Random sequences of the comparison; 25 unless told. */
  readonly runs?: number;
}

/**
 * What every store must do: the guarantees of `Store` and the meaning of every effect, as tests.
 * @param name of the implementation
 * @param open makes an empty store; it is called once or more per test
 */
export function storeContract(name: string, open: OpenStore, options: StoreContractOptions = {}): void {
  describe(`${name}: commits`, () => commitContract(open));
  describe(`${name}: the log`, () => logContract(open));
  describe(`${name}: rooms and members`, () => roomContract(open));
  describe(`${name}: files`, () => fileContract(open));
  describe(`${name}: GIFs`, () => gifContract(open));
  describe(`${name}: the place and invitations`, () => placeContract(open));
  describe(`${name}: mentions`, () => mentionContract(open));
  describe(`${name}: previews`, () => previewContract(open));
  describe(`${name}: search`, () => searchContract(open));
  describe(`${name}: compared with the reference`, () => {
    propertyContract(open, 1, options.runs ?? 25);
    if (options.inOrder) propertyContract(open, 12, options.runs ?? 25);
  });
}
