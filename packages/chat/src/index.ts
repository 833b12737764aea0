export { type Bus, InProcessBus } from './bus.ts';
export { Chat, type ChatOptions, type Passwords } from './chat.ts';
export type { RoomCommand, RoomCommandOf, RoomCommandType } from './commands.ts';
export { concernedBy } from './concerns.ts';
export { type Decision, decide, plan } from './decide.ts';
export type { Change, Effect, MessagePatch, NewMessage } from './effects.ts';
export type { FactRequest, Facts } from './facts.ts';
export { firstAddress } from './first-address.ts';
export * from './memory-store.ts';
export { Presence } from './presence.ts';
export {
  type FileRecord,
  filesOf,
  type GifRecord,
  type InvitationRecord,
  type MemberRecord,
  type MessageRecord,
  type PlaceRecord,
  type RoomFields,
  type RoomRecord,
  type UserRecord,
} from './records.ts';
export * from './search-grams.ts';
export type { GifRequest, LogPage, MemberView, MessagePlace, Outcome, PageRequest, RoomView, SearchRequest, Store } from './store.ts';
export { defaultNotify, mayKnow, toMember, toMessage, toRoom, toSummary, toUser } from './views.ts';
