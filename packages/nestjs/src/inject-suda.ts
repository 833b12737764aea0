import { Inject } from '@nestjs/common';
import { Suda } from '@suda/server';

/** `constructor(@InjectSuda() private readonly suda: Suda)`. Where decorators carry types, `private readonly suda: Suda` alone does it. */
export const InjectSuda = (): PropertyDecorator & ParameterDecorator => Inject(Suda);
