export { busContract } from './bus.contract.ts';
export { type StoreContractOptions, storeContract } from './store.contract.ts';
export { messageOf, type OpenedStore, type OpenStore, room, user, World } from './store.world.contract.ts';
