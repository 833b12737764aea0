export { busContract } from './bus.contract.ts';
export { commitContract } from './store.commits.contract.ts';
export { type StoreContractOptions, storeContract } from './store.contract.ts';
export { propertyContract } from './store.property.contract.ts';
export { messageOf, type OpenedStore, type OpenStore, room, user, World } from './store.world.contract.ts';
