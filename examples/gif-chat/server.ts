import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Server } from '@suda/realtime';
import express, { type ErrorRequestHandler } from 'express';
import session from 'express-session';

declare module 'express-session' {
  interface SessionData {
    visits: number;
  }
}

// From the environment, or from `.env`: see `.env.example`.
const { PORT = '8005', PUSH_EVERY = '3000', COOKIE_SECRET, TRUST_PROXY } = process.env;
const isProduction = process.env.NODE_ENV === 'production';
if (!COOKIE_SECRET) console.warn('No COOKIE_SECRET in .env: sessions last until this process ends.');

const app = express();
app.set('views', join(import.meta.dirname, 'views'));
app.set('view engine', 'ejs');
// Whose `X-Forwarded-For` is believed: nobody's, or that of the proxies named here. Anyone can send such a header.
app.set('trust proxy', TRUST_PROXY || false);
app.disable('x-powered-by');

app.use(express.static(join(import.meta.dirname, 'public')));
app.use(
  session({
    secret: COOKIE_SECRET || randomBytes(32).toString('hex'),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto' },
  }),
);

app.get('/', (request, response) => {
  request.session.visits = (request.session.visits ?? 0) + 1;
  response.render('main', { visits: request.session.visits, every: Number(PUSH_EVERY) });
});
app.get('/fault', () => {
  throw new Error('일부러 낸 오류입니다. A fault on purpose.');
});

app.use((request, _response, next) => {
  next(Object.assign(new Error(`${request.method} ${request.path}`), { status: 404 }));
});

const showError: ErrorRequestHandler = (error, _request, response, next) => {
  const { status = 500 } = error;
  if (status >= 500) console.error(error);
  if (response.headersSent) next(error);
  else response.status(status).render('error', { status, error, showsDetail: !isProduction });
};
app.use(showError);

const server = createServer(app);
const io = new Server(server, {
  plain: '/',
  // What Express does with each of its requests; the address is then looked for as `trust proxy` says.
  address: (request) => Object.setPrototypeOf(request, app.request).ip,
});

io.on('connection', (socket) => {
  const client = `${socket.handshake.address} ${socket.id}`;
  console.log(`arrived ${client}`);

  let count = 0;
  const timer = setInterval(() => socket.send(`서버에서 클라이언트로 From server to client: ${++count}`), Number(PUSH_EVERY));
  socket.on('message', (text) => console.log(`answered ${client} ${JSON.stringify(text)}`));
  socket.on('disconnect', (reason) => {
    clearInterval(timer);
    console.log(`departed ${client} (${reason})`);
  });
});

server.listen(Number(PORT), () => {
  console.log(`gif-chat is listening: http://localhost:${(server.address() as AddressInfo).port}`);
});
