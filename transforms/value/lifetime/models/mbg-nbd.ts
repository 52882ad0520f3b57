import { geometricModel } from './geometric-model.ts';

/** MBG/NBD: a customer may drop out after every purchase, the first too (Batislam, Denizel & Filiztekin 2007). */
export const mbgNbd = geometricModel('mbg_nbd', 'MBG/NBD', { dropout: 'after_any', regularity: 1 });
