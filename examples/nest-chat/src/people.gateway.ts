import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import { Server, Socket } from '@suda/nestjs/gateways';

/** Something that everyone is told, wherever they are. The page says it in words. */
type Notice = { is: 'created' | 'entered'; name: string; room: string } | { is: 'renamed'; from: string; name: string };

const nicknameOf = (said: unknown): string => (typeof said === 'string' ? said.trim().slice(0, 20) : '');

/** Who is here, under which nickname, and what everyone is told. */
@WebSocketGateway()
export class PeopleGateway implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect {
  @WebSocketServer()
  private readonly server!: Server;

  /** Whoever comes says who they are: `me`, a secret that their browser made and keeps, and a nickname. */
  afterInit(server: Server) {
    server.use((client, next) => {
      // A plain WebSocket has no `auth` to say it in: /v1/ws?me=…&nickname=…
      const { me, nickname } = { ...client.handshake.query, ...client.handshake.auth };
      const name = nicknameOf(nickname);
      if (typeof me !== 'string' || me.length < 16 || name === '') return next(new Error('nickname'));
      client.data.person = { id: me, name };
      next();
    });
  }

  handleConnection() {
    this.tellWhoIsHere();
  }

  handleDisconnect() {
    this.tellWhoIsHere();
  }

  @SubscribeMessage('nickname')
  rename(@MessageBody() nickname: string, @ConnectedSocket() client: Socket) {
    const { person } = client.data;
    const name = nicknameOf(nickname);
    if (name === '') return { error: { code: 'invalid', message: 'nickname' } };
    client.data.person = { ...person, name };
    this.notice({ is: 'renamed', from: person.name, name });
    this.tellWhoIsHere();
    return { name };
  }

  notice(notice: Notice) {
    this.server.emit('notice', notice);
  }

  private tellWhoIsHere() {
    const people = [...this.server.sockets.sockets.values()].map((client) => client.data.person);
    // Two windows of one person are one person.
    this.server.emit('people', [...new Map(people.map(({ id, name }) => [id, name])).values()]);
  }
}
