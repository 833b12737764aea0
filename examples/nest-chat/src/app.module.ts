import { Module } from '@nestjs/common';
import { SudaModule } from '@suda/nestjs';
import { PeopleGateway } from './people.gateway.js';
import { RoomsGateway } from './rooms.gateway.js';

@Module({
  imports: [
    SudaModule.forRoot({
      // Rooms and messages: on disk before anyone is told of them.
      data: process.env.SUDA_DATA ?? './data',
      page: false,
      // Nobody comes in past the gateways.
      identity: () => undefined,
    }),
  ],
  providers: [PeopleGateway, RoomsGateway],
})
export class AppModule {}
