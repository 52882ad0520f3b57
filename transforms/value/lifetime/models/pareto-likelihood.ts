import { gaussLegendre } from '../fit/gauss-legendre.ts';
import type { PreparedTriples } from '../fit/prepared-triples.ts';

/** r, alpha, s and beta as they are, not as logarithms; alpha and beta in the time unit of the triples. */
export interface ParetoParameters {
  r: number;
  alpha: number;
  s: number;
  beta: number;
}

const rule = gaussLegendre(24);

/**
 * Of a customer who was alive until the last purchase: with c = r + x,
 *   dead = ∫_{t_x}^{T} s (alpha+τ)^-c (beta+τ)^-(s+1) dτ, relative to alive = (alpha+T)^-c (beta+T)^-s,
 * and the means of ln(alpha+τ), 1/(alpha+τ), ln(beta+τ), 1/(beta+τ) over that integrand.
 */
export interface DeathIntegral {
  /** ln(dead / alive); minus infinity where t_x = T. */
  logOdds: number;
  logAlpha: number;
  inverseAlpha: number;
  logBeta: number;
  inverseBeta: number;
}

/**
 * The integral that Schmittlein, Morrison & Colombo 1987 write as two hypergeometric functions, by 24 nodes in the
 * variable ln(m + τ), m the smaller of alpha and beta. In it the integrand falls like an exponential, so the nodes
 * give 12 digits or more, and its derivatives are the same sum; the hypergeometric functions have neither a stable form
 * for every parameter nor a derivative in closed form. Written to `out`, which is returned.
 */
export function deathIntegral(
  c: number,
  last: number,
  age: number,
  { alpha, s, beta }: ParetoParameters,
  out: DeathIntegral,
): DeathIntegral {
  const smaller = Math.min(alpha, beta);
  const from = Math.log(smaller + last);
  // Beyond exp(-45) of its first value the integrand adds nothing to 16 digits.
  const range = Math.min(
    Math.log((smaller + age) / (smaller + last)),
    45 / decay(c, last, age, alpha, s, beta),
  );
  if (!(range > 0)) {
    out.logOdds = Number.NEGATIVE_INFINITY;
    return out;
  }
  const logAlphaLast = Math.log(alpha + last);
  const logBetaLast = Math.log(beta + last);
  let sum = 0;
  let logAlpha = 0;
  let inverseAlpha = 0;
  let logBeta = 0;
  let inverseBeta = 0;
  for (let node = 0; node < rule.nodes.length; node++) {
    const shifted = Math.exp(from + range * (rule.nodes[node] as number));
    const time = shifted - smaller;
    const alphaLog = Math.log(alpha + time);
    const betaLog = Math.log(beta + time);
    const weight =
      (rule.weights[node] as number) *
      shifted *
      Math.exp(-c * (alphaLog - logAlphaLast) - (s + 1) * (betaLog - logBetaLast));
    sum += weight;
    logAlpha += weight * alphaLog;
    logBeta += weight * betaLog;
    inverseAlpha += weight / (alpha + time);
    inverseBeta += weight / (beta + time);
  }
  out.logOdds =
    Math.log(s * range * sum) -
    c * logAlphaLast -
    (s + 1) * logBetaLast +
    c * Math.log(alpha + age) +
    s * Math.log(beta + age);
  out.logAlpha = logAlpha / sum;
  out.inverseAlpha = inverseAlpha / sum;
  out.logBeta = logBeta / sum;
  out.inverseBeta = inverseBeta / sum;
  return out;
}

/** How fast the logarithm of the integrand falls at least, per unit of ln(m + τ): at its start or at its end. */
function decay(c: number, last: number, age: number, alpha: number, s: number, beta: number): number {
  const smaller = Math.min(alpha, beta);
  const at = (time: number) => (smaller + time) * (c / (alpha + time) + (s + 1) / (beta + time)) - 1;
  return Math.max(Math.min(at(last), at(age)), 1e-3);
}

/**
 * Log-likelihood of Pareto/NBD over grouped triples, and its gradient with respect to the logarithms of
 * (r, alpha, s, beta). One triple, with c = r + x:
 *   ln Γ(c)/Γ(r) + r ln alpha + s ln beta - c ln(alpha+T) - s ln(beta+T) + ln(1 + dead/alive).
 * Schmittlein, Morrison & Colombo 1987; Fader & Hardie 2005, "A note on deriving the Pareto/NBD model".
 */
export function paretoLikelihood(
  data: PreparedTriples,
  parameters: ParetoParameters,
  gradient?: Float64Array,
): number {
  const { r, alpha, s, beta } = parameters;
  const logAgeAlpha = data.age.map((time) => Math.log(alpha + time));
  const logAgeBeta = data.age.map((time) => Math.log(beta + time));
  const rising = risingFactorials(data, r);
  const integral = { logOdds: 0, logAlpha: 0, inverseAlpha: 0, logBeta: 0, inverseBeta: 0 };
  let value = 0;
  let slopeR = 0;
  let slopeAlpha = 0;
  let slopeS = 0;
  let slopeBeta = 0;
  for (let cell = 0; cell < data.weight.length; cell++) {
    const n = data.weight[cell] as number;
    const xi = data.repeatIndex[cell] as number;
    const ti = data.ageIndex[cell] as number;
    const age = data.age[ti] as number;
    const c = r + (data.repeats[xi] as number);
    const { logOdds, logAlpha, inverseAlpha, logBeta, inverseBeta } = deathIntegral(
      c,
      data.last[data.lastIndex[cell] as number] as number,
      age,
      parameters,
      integral,
    );
    const small = Math.exp(-Math.abs(logOdds));
    const dead = logOdds > 0 ? 1 / (1 + small) : small / (1 + small);
    const alive = 1 - dead;
    const ageAlpha = logAgeAlpha[ti] as number;
    const ageBeta = logAgeBeta[ti] as number;
    value +=
      n *
      ((rising.value[xi] as number) - c * ageAlpha - s * ageBeta + Math.max(logOdds, 0) + Math.log1p(small));
    slopeR += n * ((rising.slope[xi] as number) - alive * ageAlpha);
    slopeAlpha -= (n * c * alive) / (alpha + age);
    slopeS -= n * alive * ageBeta;
    slopeBeta -= (n * s * alive) / (beta + age);
    if (dead > 0) {
      slopeR -= n * dead * logAlpha;
      slopeAlpha -= n * dead * c * inverseAlpha;
      slopeS += n * dead * (1 / s - logBeta);
      slopeBeta -= n * dead * (s + 1) * inverseBeta;
    }
  }
  const { customers } = data;
  if (gradient !== undefined) {
    gradient[0] = (slopeR + customers * Math.log(alpha)) * r;
    gradient[1] = slopeAlpha * alpha + customers * r;
    gradient[2] = (slopeS + customers * Math.log(beta)) * s;
    gradient[3] = slopeBeta * beta + customers * s;
  }
  return value + customers * (r * Math.log(alpha) + s * Math.log(beta));
}

/** ln Γ(r+x)/Γ(r) and its derivative by distinct repeats, as products: x is whole. */
function risingFactorials(data: PreparedTriples, r: number): { value: Float64Array; slope: Float64Array } {
  const value = new Float64Array(data.repeats.length);
  const slope = new Float64Array(data.repeats.length);
  const order = Array.from(data.repeats.keys()).sort(
    (left, right) => (data.repeats[left] as number) - (data.repeats[right] as number),
  );
  let count = 0;
  let log = 0;
  let harmonic = 0;
  for (const xi of order) {
    for (; count < (data.repeats[xi] as number); count++) {
      log += Math.log(r + count);
      harmonic += 1 / (r + count);
    }
    value[xi] = log;
    slope[xi] = harmonic;
  }
  return { value, slope };
}
