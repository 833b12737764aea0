import { busContract } from './bus.contract.ts';
import { InProcessBus } from './bus.ts';

busContract('InProcessBus', async (processes) => {
  const bus = new InProcessBus();
  return Array.from({ length: processes }, () => bus);
});
