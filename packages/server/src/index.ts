export { type Config, ConfigError, readConfig } from './config.ts';
export { type Asker, Door, type DoorOptions } from './door.ts';
export { LOBBY } from './lobby.ts';
export { scryptPasswords } from './passwords.ts';
export { Rates } from './rates.ts';
export { createServer, type Server, type ServerOptions } from './server.ts';
export { Tokens } from './tokens.ts';
export { VERSION } from './version.ts';
