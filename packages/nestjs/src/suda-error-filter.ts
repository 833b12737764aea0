import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { SudaError } from '@suda/protocol';
import type { Socket } from '@suda/realtime';

/**
 * Tells a gateway's client what the chat refused: as its acknowledgement `{error: {code, message, retry}}`, or as the event `exception`.
 * @example
 * @UseFilters(SudaErrorFilter)
 */
export class SudaErrorFilter implements ExceptionFilter<SudaError> {
  catch(error: SudaError, host: ArgumentsHost): void {
    const acknowledge = host.getArgs().find((argument) => typeof argument === 'function');
    if (acknowledge !== undefined) acknowledge({ error: error.toWire() });
    else
      host
        .switchToWs()
        .getClient<Socket>()
        .emit('exception', { status: 'error', ...error.toWire() });
  }
}

Catch(SudaError)(SudaErrorFilter);
