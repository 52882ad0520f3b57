import type { PurchaseModelName } from '../settings.ts';
import { bgCnbd } from './bg-cnbd.ts';
import { bgNbd } from './bg-nbd.ts';
import { mbgCnbd } from './mbg-cnbd.ts';
import { mbgNbd } from './mbg-nbd.ts';
import { nbd } from './nbd.ts';
import { paretoNbd } from './pareto-nbd.ts';
import type { PurchaseModel } from './purchase-model.ts';

/**
 * The models to fit beside NBD, in the order of the settings.
 *
 * @param regularity k of Wheat-Morrison rounded to a whole number, 1 where customers are not regular: then the
 *   regular models are the irregular ones and are left out, whether the settings name them or not
 */
export function candidateModels(names: readonly PurchaseModelName[], regularity: number): PurchaseModel[] {
  const models: PurchaseModel[] = [];
  for (const name of names) {
    if (name === 'bg_nbd') models.push(bgNbd);
    if (name === 'mbg_nbd') models.push(mbgNbd);
    if (name === 'pareto_nbd') models.push(paretoNbd);
  }
  if (regularity > 1) models.push(bgCnbd(regularity), mbgCnbd(regularity));
  return models;
}

/** The model that a fit of another night was made with. */
export function modelByName(name: string, regularity: number): PurchaseModel | undefined {
  const models = [nbd, bgNbd, mbgNbd, paretoNbd, bgCnbd(regularity), mbgCnbd(regularity)];
  return models.find((model) => model.name === name && model.regularity === regularity);
}
