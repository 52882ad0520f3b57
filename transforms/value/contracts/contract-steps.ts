import type { ContractSettings } from '../../../config/contract-settings.ts';
import type { LifetimeConfig } from '../../../config/lifetime-settings.ts';
import type { Step } from '../../step.ts';
import { contractFitStep } from './contract-fit-step.ts';
import { contractScoresStep } from './contract-scores-step.ts';
import { contractsStep } from './contracts-step.ts';
import { withContractsStep } from './with-contracts-step.ts';

/** The steps from invoices of contracts to what they will bring, and to the future value of their customers. */
export function contractSteps(contracts: ContractSettings, lifetime: LifetimeConfig): Step[] {
  return [
    contractFitStep(contracts),
    contractScoresStep(contracts, lifetime),
    contractsStep(lifetime),
    withContractsStep(lifetime),
  ];
}
