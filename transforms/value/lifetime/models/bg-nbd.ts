import { geometricModel } from './geometric-model.ts';

/** BG/NBD: a customer may drop out after each repeat (Fader, Hardie & Lee 2005). One-time buyers count as alive. */
export const bgNbd = geometricModel('bg_nbd', 'BG/NBD', { dropout: 'after_repeat', regularity: 1 });
