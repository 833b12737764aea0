// Faye with its in-memory engine, over WebSocket (https://faye.jcoglan.com/node.html): the default settings, but that idle clients are asked
// for a sign of life only once a day. It stores nothing.
import { createServer } from 'node:http';
import faye from 'faye';

const http = createServer();
const bayeux = new faye.NodeAdapter({ mount: '/faye', timeout: 86_400 });
bayeux.attach(http);
http.listen(0, '127.0.0.1', () => console.log(`listening on http://localhost:${http.address().port}`));
process.once('SIGTERM', () => process.exit());
