import { geometricModel } from './geometric-model.ts';

/** NBD: gamma rates, nobody drops out (Ehrenberg 1959). The ground that every other model must beat. */
export const nbd = geometricModel('nbd', 'NBD', { dropout: 'none', regularity: 1 });
