import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SudaIoAdapter } from '@suda/nestjs/gateways';
import { AppModule } from './app.module.js';

const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['error', 'warn'] });
app.useStaticAssets(join(import.meta.dirname, '../public'));
app.useWebSocketAdapter(new SudaIoAdapter(app));
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3000);
console.log(`http://localhost:${(app.getHttpServer().address() as AddressInfo).port}`);
