import { type Chat, toMember } from '@suda/chat';
import {
  type ClientFrame,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type Cursor,
  commands,
  isCommandName,
  limits,
  openCommands,
  type RoomId,
  type RoomSummary,
  SudaError,
  type User,
  type UserId,
} from '@suda/protocol';
import type { Encoded, Realtime, Session } from '@suda/realtime';
import type { z } from 'zod';
import { isHostUser } from './host/host-users.ts';
import { type Arrival, arrive } from './live/arrivals.ts';
import { Changes } from './live/changes.ts';
import { Gate } from './live/gate.ts';
import { Listening } from './live/listening.ts';
import { People } from './live/people.ts';
import { activityTopic, roomTopic } from './live/room-log.ts';
import { Turns } from './live/turns.ts';
import { LOBBY } from './lobby.ts';
import type { Others } from './others.ts';
import { PlaceDesk, type PlaceOptions } from './place.ts';
import { type Rates, rateClassOf } from './rates.ts';
import { Recent } from './recent.ts';
import type { Tokens } from './tokens.ts';

/** Who asks, and over what. */
export interface Asker {
  readonly user: UserId | undefined;
  readonly address: string;
  /** Only where the transport keeps a connection that can go live. */
  readonly session?: Session;
  /** They sit at this machine. */
  readonly here?: boolean;
  /** The host application itself, in someone's name: no rate is kept. */
  readonly trusted?: true;
  /** Runs right before the answer goes; what it throws goes instead. */
  beforeAnswer?: () => void;
  /** Runs when the answer is on its way. */
  afterAnswer?: () => void;
}

/** A provider of GIFs, as the door needs it. */
export interface OutsideGifs {
  find(q: string, page: number): Promise<CommandOutput<'gif.find'>>;
  take(user: UserId, id: string): Promise<CommandOutput<'gif.take'>>;
}

type Answer<N extends CommandName> = CommandOutput<N> | Encoded;
type Handler<N extends CommandName> = (input: CommandInput<N>, asker: Asker, user: UserId) => Answer<N> | Promise<Answer<N>>;

export interface DoorOptions {
  readonly chat: Chat;
  readonly realtime: Realtime;
  readonly tokens: Tokens;
  readonly rates: Rates;
  readonly onError: (error: unknown, where: string) => void;
  /** Whether whoever gives a name may come in as a guest. Default true. */
  readonly guests?: boolean;
  /** Default: a place that nobody can claim. */
  readonly place?: PlaceOptions;
  /** Whether files can be uploaded. Default false. */
  readonly takesFiles?: boolean;
  /** Where GIFs can be looked for outside. Default nowhere. */
  readonly outside?: OutsideGifs | null;
  /** Whose token this is, where someone else's are taken beside ours. @throws SudaError `unauthenticated`, with the reason */
  readonly foreignToken?: (token: string) => Promise<UserId | undefined>;
  readonly others?: Others | undefined;
}

/** Commands that stand in the store's queue by the time their call returns. */
const straight: ReadonlySet<string> = new Set<CommandName>([
  'message.send',
  'message.edit',
  'message.delete',
  'message.react',
  'message.unreact',
  'message.unpreview',
  'room.read',
  'room.notify',
  'room.leave',
  'room.invite',
  'room.kick',
  'room.transfer',
]);

/** Rooms that everyone has left would fill the list for ever. The lobby was never owned; its emptiness is no one's leaving. */
const isWorthListing = ({ role, memberCount, id }: RoomSummary): boolean => role !== null || memberCount > 0 || id === LOBBY;

/** A rate that is kept for people who are not there yet. */
const nobody = 'nobody' as UserId;

const unclaimable: PlaceOptions = { claimKey: null, addresses: () => undefined };

/**
 * Where every command of every transport comes in: named, allowed, within its rate, parsed once, handled. The handlers'
 * table has one entry for each command of the protocol, or this doesn't compile.
 */
export class Door {
  readonly chat: Chat;
  readonly realtime: Realtime;
  readonly people: People;
  readonly listening: Listening;
  readonly rates: Rates;
  readonly place: PlaceDesk;
  /** Whether there are people who only gave a name. */
  readonly guests: boolean;
  readonly #tokens: Tokens;
  readonly #limits: Record<string, number>;
  readonly #foreignToken: DoorOptions['foreignToken'];
  /** Who was found to be there and to be let in. People are never unmade, nor become guests; whether they may do something is asked each time. */
  readonly #admitted = new Recent<UserId, true>(1_000);
  readonly #greetings = new WeakMap<Session, Promise<void>>();
  readonly #turns = new WeakMap<Session, Turns>();
  readonly #outside: OutsideGifs | null;
  readonly #gates = new WeakMap<Session, Gate>();
  readonly #onError: DoorOptions['onError'];
  readonly #others: Others | undefined;
  readonly #handlers: { readonly [N in CommandName]: Handler<N> };

  constructor({
    chat,
    realtime,
    tokens,
    rates,
    onError,
    guests = true,
    takesFiles = false,
    outside = null,
    place = unclaimable,
    foreignToken,
    others,
  }: DoorOptions) {
    this.chat = chat;
    this.realtime = realtime;
    this.rates = rates;
    this.guests = guests;
    this.place = new PlaceDesk(chat, place);
    this.#tokens = tokens;
    this.#limits = takesFiles ? { ...limits } : { ...limits, fileBytes: 0 };
    this.#foreignToken = foreignToken;
    this.#outside = outside;
    this.#onError = onError;
    this.#others = others;
    others?.hear((word) => {
      if (word.type === 'event') realtime.to(word.topic).emit(word.event, word.data);
    });
    const failed = (error: unknown): void => onError(error, 'telling sessions');
    this.people = new People(chat, realtime, failed, others);
    this.listening = new Listening(chat);
    new Changes(chat, realtime, this.people, failed);
    this.#handlers = this.#table();
    realtime.handle((session, frame) => this.#take(session, frame), isCommandName);
  }

  /** A frame of a session, in its order: behind the hello before it, and behind what was asked of the same room before it. */
  #take(session: Session, frame: ClientFrame): Promise<void> {
    // What is sent right behind a hello means the user whom that hello makes.
    const greeting = this.#greetings.get(session);
    const answered = greeting ? greeting.then(() => this.#inTurn(session, frame)) : this.#inTurn(session, frame);
    if (frame.event === 'hello') void this.#greeted(session, answered);
    return answered;
  }

  /** Whoever arrives with rooms to go on with: what they ask meanwhile waits until these have begun. */
  greet(session: Session, user: UserId, rooms: Arrival['rooms']): Promise<void> {
    return this.#greeted(session, arrive(this, session, user, rooms, this.#onError));
  }

  #greeted(session: Session, greeting: Promise<void>): Promise<void> {
    const greeted: Promise<void> = greeting
      .catch(() => {})
      .finally(() => {
        if (this.#greetings.get(session) === greeted) this.#greetings.delete(session);
      });
    this.#greetings.set(session, greeted);
    return greeted;
  }

  #inTurn(session: Session, frame: ClientFrame): Promise<void> {
    const room = (frame.data as { readonly room?: unknown } | null | undefined)?.room;
    if (typeof room !== 'string') return this.#answer(session, frame);
    let turns = this.#turns.get(session);
    if (turns === undefined) {
      turns = new Turns();
      this.#turns.set(session, turns);
    }
    return turns.take(room, !straight.has(frame.event), () => this.#answer(session, frame));
  }

  #answer(session: Session, frame: ClientFrame): Promise<void> {
    if (straight.has(frame.event)) return this.#tellAnswer(session, frame);
    let gate = this.#gates.get(session);
    if (gate === undefined) {
      gate = new Gate();
      this.#gates.set(session, gate);
    }
    return gate.pass(session, () => this.#tellAnswer(session, frame));
  }

  async #tellAnswer(session: Session, frame: ClientFrame): Promise<void> {
    const asker: Asker = { user: this.people.userOf(session), address: session.address, session, here: isHereOf(session) };
    const output = await this.run(frame.event, frame.data, asker);
    asker.beforeAnswer?.();
    if (frame.id !== undefined) session.reply(frame.id, output);
    asker.afterAnswer?.();
  }

  /**
   * Runs one command.
   * @param raw its input as it came
   * @throws SudaError every refusal; `internal` for a mistake of ours, which is logged
   */
  async run(name: string, raw: unknown, asker: Asker): Promise<unknown> {
    if (!isCommandName(name)) throw new SudaError('unknown_command', `There is no command "${name.slice(0, 64)}".`);
    try {
      if (asker.user === undefined && !openCommands.has(name)) throw new SudaError('unauthenticated');
      if (!asker.trusted) this.rates.spend(asker.user ?? asker.address, rateClassOf(name));
      const handler = this.#handlers[name] as (input: unknown, asker: Asker, user: UserId) => unknown;
      return await handler(parse(commands[name].input, raw), asker, asker.user ?? nobody);
    } catch (error) {
      if (error instanceof SudaError) throw error;
      this.#onError(error, name);
      throw new SudaError('internal');
    }
  }

  /** Whose token this is: one of ours, or of whoever else's are taken. @throws SudaError `unauthenticated`, with the reason */
  async userOfToken(token: string): Promise<UserId | undefined> {
    return (await this.userOfOwnToken(token)) ?? (await this.#foreignToken?.(token));
  }

  /** Whose token of ours this is, if they still exist and may still come in. */
  async userOfOwnToken(token: string): Promise<UserId | undefined> {
    const id = this.#tokens.verify(token);
    if (id === undefined || this.#admitted.get(id)) return id;
    const user = await this.chat.user(id);
    if (user === null || (user.guest && !this.guests)) return undefined;
    this.#admitted.set(id, true);
    return id;
  }

  async #hello({ name, token }: CommandInput<'hello'>, asker: Asker): Promise<CommandOutput<'hello'>> {
    const named = token === undefined ? undefined : await this.userOfToken(token);
    // Not a new guest instead: who comes with a token means someone, and would find themselves to be another.
    if (token !== undefined && named === undefined) throw new SudaError('unauthenticated', 'This token is not valid here.');
    const id = named ?? asker.user;
    let user = id === undefined ? null : await this.chat.user(id);
    if (user === null) {
      if (!this.guests) throw new SudaError('unauthenticated', 'There are no guests here: come as a user of the application.');
      if (name === undefined) throw new SudaError('unauthenticated', 'Say hello with a name, or with a valid token.');
      this.rates.spend(asker.address, 'enter');
      user = await this.chat.createUser(name);
    }
    const { id: me } = user;
    let rooms: CommandOutput<'hello'>['rooms'] = [];
    const lookUp = async (): Promise<RoomId[]> => {
      rooms = await this.chat.rooms(me, false);
      return rooms.map((room) => room.id);
    };
    await (asker.session === undefined ? lookUp() : this.people.bind(asker.session, me, lookUp));
    return { user, token: this.#tokenFor(user, token), rooms, limits: this.#limits };
  }

  /**
   * None for whom the host application recognised: they go on as they came, and are nobody when the host says so. A token of ours
   * would outlive that.
   */
  #tokenFor(user: User, token: string | undefined): string {
    const holds = token !== undefined && this.#tokens.verify(token) === user.id;
    return isHostUser(user.id) && !holds ? '' : this.#tokens.issue(user.id);
  }

  #rename(actor: UserId, name: string): Promise<User> {
    if (isHostUser(actor)) throw new SudaError('not_allowed', 'Your name is the one that you have in the application.');
    return this.chat.rename(actor, name);
  }

  /** A password may be mistyped a few times, but not tried by the thousand: not even by many guests of one address. */
  async #join(input: CommandInput<'room.join'>, asker: Asker, actor: UserId): Promise<CommandOutput<'room.join'>> {
    if (input.password === undefined) return this.chat.join(actor, input);
    const tries = `${asker.address} ${input.room}`;
    this.rates.spend(tries, 'guess');
    const room = await this.chat.join(actor, input);
    this.rates.refund(tries, 'guess');
    return room;
  }

  /** Codes can't be guessed, and who tries is slowed down. A key of the claim likewise. */
  async #guessing<T>({ address }: Asker, what: string, look: () => Promise<T>): Promise<T> {
    const tries = `${address} ${what}`;
    this.rates.spend(tries, 'guess');
    const found = await look();
    this.rates.refund(tries, 'guess');
    return found;
  }

  async #open({ room, epoch, rev }: CommandInput<'room.open'>, asker: Asker, user: UserId): Promise<Encoded> {
    const cursor: Cursor | undefined = epoch === undefined || rev === undefined ? undefined : { epoch, rev };
    if (asker.session === undefined) return (await this.listening.read(user, room, cursor)).answer;
    const { opened, stands, goLive } = await this.listening.open(asker.session, user, room, cursor);
    asker.beforeAnswer = stands;
    asker.afterAnswer = goLive;
    return opened.answer;
  }

  async #invitation(code: CommandInput<'invitation.get'>['code']): Promise<CommandOutput<'invitation.get'>> {
    const [view, { name }] = await Promise.all([this.chat.invitation(code), this.place.place()]);
    return { ...view, place: name };
  }

  async #members({ room }: CommandInput<'room.members'>, user: UserId): Promise<CommandOutput<'room.members'>> {
    await this.chat.readable(user, room);
    const members = await this.chat.store.members(room);
    await this.chat.stillInside(user, room);
    return { members: members.map(({ member, user: of }) => toMember(member, of, this.people.isHere(of.id))) };
  }

  async #typing({ room, typing = true }: CommandInput<'room.typing'>, asker: Asker, id: UserId): Promise<Record<string, never>> {
    await this.chat.readable(id, room);
    const user = await this.chat.user(id);
    if (user === null) return {};
    const data = { room, user: { id, name: user.name }, typing };
    this.realtime.to(roomTopic(room)).emit('typing', data, asker.session?.id);
    this.#others?.tell({ type: 'event', topic: roomTopic(room), event: 'typing', data });
    return {};
  }

  #outsideGifs(): OutsideGifs {
    if (this.#outside === null) throw new SudaError('not_allowed', 'This server is set up with no provider of GIFs.');
    return this.#outside;
  }

  #close({ room }: CommandInput<'room.close'>, { session }: Asker): Record<string, never> {
    if (session?.subscriptions.has(roomTopic(room))) {
      session.leave(roomTopic(room));
      session.join(activityTopic(room));
    }
    return {};
  }

  #table(): { readonly [N in CommandName]: Handler<N> } {
    const { chat } = this;
    const did = async (done: Promise<unknown>): Promise<Record<string, never>> => {
      await done;
      return {};
    };
    return {
      hello: (input, asker) => this.#hello(input, asker),
      'user.rename': ({ name }, _, actor) => this.#rename(actor, name),
      'place.get': (_input, { here = false }) => this.place.get(here),
      'place.claim': (input, asker, actor) => this.#guessing(asker, 'place', () => this.place.claim(actor, input, asker.here ?? false)),
      'place.update': (input, _, actor) => this.place.update(actor, input),
      'room.list': async (_input, _, actor) => ({ rooms: (await chat.rooms(actor, true)).filter(isWorthListing) }),
      'room.create': (input, _, actor) => chat.createRoom(actor, input),
      'room.get': ({ room }, _, actor) => chat.room(actor, room),
      'room.update': (input, _, actor) => chat.updateRoom(actor, input),
      'room.join': (input, asker, actor) => this.#join(input, asker, actor),
      'room.leave': ({ room }, _, actor) => did(chat.execute({ type: 'room.leave', actor, room })),
      'room.invite': ({ room, user }, _, actor) => did(chat.execute({ type: 'room.invite', actor, room, user })),
      'room.kick': ({ room, user, ban = false }, _, actor) => did(chat.execute({ type: 'room.kick', actor, room, user, ban })),
      'room.transfer': ({ room, user }, _, actor) => did(chat.execute({ type: 'room.transfer', actor, room, user })),
      'room.members': (input, _, actor) => this.#members(input, actor),
      'invitation.create': (input, _, actor) => chat.createInvitation(actor, input),
      'invitation.list': async ({ room }, _, actor) => ({ invitations: await chat.invitations(actor, room) }),
      'invitation.get': ({ code }, asker) => this.#guessing(asker, 'invitation', () => this.#invitation(code)),
      'invitation.accept': ({ code }, asker, actor) => this.#guessing(asker, 'invitation', () => chat.acceptInvitation(actor, code)),
      'invitation.revoke': ({ code }, _, actor) => did(chat.revokeInvitation(actor, code)),
      'direct.open': ({ user }, _, actor) => chat.openDirect(actor, user),
      'room.open': (input, asker, actor) => this.#open(input, asker, actor),
      'room.close': (input, asker) => this.#close(input, asker),
      'message.send': ({ room, clientId, text, replyTo, via, attachments, mentions }, _, actor) =>
        chat.toMessage({
          type: 'message.send',
          actor,
          room,
          clientId,
          text,
          ...(replyTo === undefined ? {} : { replyTo }),
          ...(via === undefined ? {} : { via }),
          ...(attachments === undefined ? {} : { attachments }),
          ...(mentions === undefined ? {} : { mentions }),
        }),
      'message.edit': ({ room, pos, text, mentions }, _, actor) =>
        chat.toMessage({ type: 'message.edit', actor, room, pos, text, ...(mentions === undefined ? {} : { mentions }) }),
      'message.delete': ({ room, pos }, _, actor) => chat.toMessage({ type: 'message.delete', actor, room, pos }),
      'message.react': ({ room, pos, emoji }, _, actor) => chat.toMessage({ type: 'message.react', actor, room, pos, emoji }),
      'message.unreact': ({ room, pos, emoji }, _, actor) => chat.toMessage({ type: 'message.unreact', actor, room, pos, emoji }),
      'message.unpreview': ({ room, pos }, _, actor) => chat.toMessage({ type: 'message.unpreview', actor, room, pos }),
      'message.list': (input, _, actor) => chat.history(actor, input),
      'message.search': (input, _, actor) => chat.search(actor, input),
      'gif.list': (input) => chat.gifs(input),
      'gif.add': (input, _, actor) => chat.addGif(actor, input),
      'gif.remove': ({ file }, _, actor) => did(chat.execute({ type: 'gif.remove', actor, file })),
      'mention.list': (input, _, actor) => chat.mentions(actor, input),
      'room.notify': (input, _, actor) => chat.notify(actor, input),
      'gif.find': ({ q, page = 0 }) => this.#outsideGifs().find(q, page),
      'gif.take': ({ id }, _, actor) => this.#outsideGifs().take(actor, id),
      'room.read': (input, _, actor) => chat.read(actor, input),
      'room.unread': (input, _, actor) => chat.unread(actor, input),
      'room.typing': (input, asker, actor) => this.#typing(input, asker, actor),
    };
  }
}

/** What the handshake found out of where this session sits. */
const isHereOf = ({ data }: Session): boolean => (data as { readonly here?: boolean } | null | undefined)?.here === true;

/** Parses an input, once. @throws SudaError `invalid`, or `too_long`, with a sentence that names the field */
function parse(schema: z.ZodType, raw: unknown): unknown {
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  if (issue?.code === 'too_big' && field === 'text')
    throw new SudaError('too_long', `The text is longer than ${limits.textLength} characters.`);
  throw new SudaError('invalid', field === '' ? (issue?.message ?? 'Invalid input.') : `${field}: ${issue?.message}`);
}
