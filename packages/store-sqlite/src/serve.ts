import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import type { Answers, Requests } from './messages.ts';

/**
 * The loop of a worker: answers requests in their order until it is told to end.
 *
 * Before each round it takes everything that has arrived. So while one commit runs, the main thread never has to wait or to be
 * awake for the next one to be ready: that is what makes the group commit grow by itself under load.
 * @param limit the most requests of one round
 * @param handle answers one round; it must not throw
 * @param end after the last round
 */
export function serve(limit: number, handle: (requests: readonly unknown[]) => Answers, end: () => void): void {
  const port = parentPort;
  if (port === null) throw new Error('This file runs as a worker.');
  let waiting: unknown[] = [];
  let ending = false;
  const take = (message: string) => {
    const requests = JSON.parse(message) as Requests;
    if (requests === null) ending = true;
    else if (waiting.length === 0) waiting = requests;
    else for (const request of requests) waiting.push(request);
  };
  const takeAll = () => {
    for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port)) take(more.message as string);
  };
  port.on('message', (message: string) => {
    take(message);
    takeAll();
    while (waiting.length > 0) {
      const round = waiting.length <= limit ? waiting : waiting.slice(0, limit);
      waiting = waiting.length <= limit ? [] : waiting.slice(limit);
      port.postMessage(JSON.stringify(handle(round)));
      takeAll();
    }
    if (ending) {
      end();
      port.close();
    }
  });
  port.postMessage('[]');
}
