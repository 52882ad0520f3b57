import { geometricModel } from './geometric-model.ts';
import type { PurchaseModel } from './purchase-model.ts';

/** BG/CNBD-k: BG/NBD with Erlang-k gaps, for customers who purchase regularly (Platzer & Reutterer 2016). */
export function bgCnbd(k: number): PurchaseModel {
  return geometricModel('bg_cnbd', `BG/CNBD-${k}`, { dropout: 'after_repeat', regularity: k });
}
