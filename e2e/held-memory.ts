import { once } from 'node:events';
import { WebSocket } from 'ws';

/**
 * What a Node process holds on to, in bytes: objects and buffers that are left when all garbage is collected. Unlike the resident memory
 * it doesn't depend on when it was collected last.
 * @param port of its inspector, as in `--inspect=127.0.0.1:PORT`
 */
export async function heldMemory(port: number): Promise<number> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { webSocketDebuggerUrl: string }[];
  if (target === undefined) throw new Error('There is nothing to inspect.');
  const inspector = new WebSocket(target.webSocketDebuggerUrl);
  await once(inspector, 'open');
  const ask = async (method: string, params: object = {}): Promise<{ result?: { value?: number } }> => {
    inspector.send(JSON.stringify({ id: 1, method, params }));
    const [answer] = (await once(inspector, 'message')) as [Buffer];
    return (JSON.parse(String(answer)) as { result: { result?: { value?: number } } }).result;
  };
  await ask('HeapProfiler.collectGarbage');
  const expression = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())';
  const { result } = await ask('Runtime.evaluate', { expression });
  inspector.close();
  if (result?.value === undefined) throw new Error('The process did not say what it holds.');
  return result.value;
}
