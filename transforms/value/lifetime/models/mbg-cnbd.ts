import { geometricModel } from './geometric-model.ts';
import type { PurchaseModel } from './purchase-model.ts';

/** MBG/CNBD-k: MBG/NBD with Erlang-k gaps, for customers who purchase regularly (Platzer & Reutterer 2016). */
export function mbgCnbd(k: number): PurchaseModel {
  return geometricModel('mbg_cnbd', `MBG/CNBD-${k}`, { dropout: 'after_any', regularity: k });
}
