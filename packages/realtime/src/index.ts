import type { Server as HttpServer } from 'node:http';
import * as all from './exports.ts';

/** The same as `new Server(where, options)`: what `require('socket.io')` gave to programs of an older style. */
const serve = (where?: HttpServer | number | all.ServerOptions, options?: all.ServerOptions): all.Server => new all.Server(where, options);

const callable = Object.assign(serve, all);

export * from './exports.ts';
export default callable;
// What `require` gives: a function with everything else on it.
export { callable as 'module.exports' };
