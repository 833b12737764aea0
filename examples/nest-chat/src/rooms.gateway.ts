import { UseFilters } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import { type Happenings, OnSuda, Suda } from '@suda/nestjs';
import { Server, Socket, SudaErrorFilter } from '@suda/nestjs/gateways';
import { PeopleGateway } from './people.gateway.js';

/** How far a page has read in a room. It has none when it enters for the first time. */
interface Cursor {
  room: string;
  epoch?: string;
  rev?: number;
}

/** Rooms. What is said in them is kept by Suda; who is told at once is Socket.IO's `to(room)`. */
@WebSocketGateway()
@UseFilters(SudaErrorFilter)
export class RoomsGateway {
  @WebSocketServer()
  private readonly server!: Server;

  constructor(
    private readonly suda: Suda,
    private readonly people: PeopleGateway,
  ) {}

  @SubscribeMessage('rooms')
  async list(@ConnectedSocket() client: Socket) {
    const { person } = client.data;
    const { rooms } = await this.suda.command('room.list', {}, { as: person });
    return { me: this.suda.idOf(person.id), rooms: rooms.map(({ id, name }) => ({ id, name })) };
  }

  /** A room that is there already is not made twice: a client that asks again gets the same one. */
  @SubscribeMessage('create')
  async create(@MessageBody() name: string, @ConnectedSocket() client: Socket) {
    const { rooms } = await this.list(client);
    const known = rooms.find((room) => room.name === String(name).trim());
    return known ?? this.suda.createRoom({ name, kind: 'public' }, { as: client.data.person });
  }

  /** Listens first and looks second, so that nothing falls between: the answer is what came since the cursor, and no more. */
  @SubscribeMessage('enter')
  async enter(@MessageBody() cursor: Cursor, @ConnectedSocket() client: Socket) {
    const as = { as: client.data.person };
    const { id } = await this.suda.command('room.join', { room: cursor.room }, as);
    for (const other of client.rooms) if (other !== client.id && other !== id) client.leave(other);
    client.join(id);
    return this.suda.command('room.open', cursor, as);
  }

  /** Answered when it is on disk. Said again under the same `clientId`, it is still one message. */
  @SubscribeMessage('message')
  message(@MessageBody() { room, text, clientId }: { room: string; text: string; clientId: string }, @ConnectedSocket() client: Socket) {
    return this.suda.post(room, text, { as: client.data.person, clientId });
  }

  @OnSuda('message')
  @OnSuda('message.changed')
  onMessage({ room, message }: Happenings['message']) {
    this.server.to(room).emit('message', message);
  }

  @OnSuda('room.created')
  onRoom({ room: { id, name } }: Happenings['room.created']) {
    this.server.emit('room', { id, name });
  }

  /** Owners come in when they make the room. */
  @OnSuda('member.joined')
  async onJoined({ room, user }: Happenings['member.joined']) {
    const { name, owner } = await this.suda.command('room.get', { room }, { as: user });
    this.people.notice({ is: owner === user.id ? 'created' : 'entered', name: user.name, room: name });
  }
}
