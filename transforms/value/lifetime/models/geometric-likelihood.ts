import type { PreparedTriples } from '../fit/prepared-triples.ts';

// Taken once: a test runner's global `Math` is looked up at every call.
const { exp, log, log1p, max } = Math;

/**
 * What tells the models apart that have gamma rates and a geometric drop-out: whether customers drop out at all,
 * whether they can already do so at their first purchase (MBG), and how many ticks of a Poisson clock make one
 * purchase (k: 1 irregular, more is regular).
 */
export interface GeometricShape {
  dropout: 'none' | 'after_repeat' | 'after_any';
  regularity: number;
}

/** r, alpha, a and b as they are, not as logarithms; alpha in the time unit of the triples. */
export interface GeometricParameters {
  r: number;
  alpha: number;
  a: number;
  b: number;
}

/**
 * Log-likelihood of NBD, BG/NBD, MBG/NBD, BG/CNBD-k and MBG/CNBD-k over grouped triples, and its gradient with
 * respect to the logarithms of (r, alpha, a, b), or (r, alpha) without drop-out.
 *
 * One triple, with c = r + k x and u = (T - t_x) / (alpha + T):
 *   ln Γ(c)/Γ(r) + r ln alpha + ln B(a, b+n)/B(a, b) - c ln(alpha+T) + ln poly(u) + ln(1 + exp(d)),
 *   n = x for BG and x + 1 for MBG,
 *   poly(u) = Σ_{j<k} Γ(c+j) / (Γ(c) j!) u^j    the ticks since the last purchase, 1 for k = 1,
 *   d = ln a - ln(b+n-1) + c (ln(alpha+T) - ln(alpha+t_x)) - ln poly(u)    log odds of having dropped out.
 * Fader, Hardie & Lee 2005 equation 6; Batislam, Denizel & Filiztekin 2007; Platzer & Reutterer 2016 equation 8.
 * x is whole, so ratios of gamma functions are products: no digit is lost where b grows without bound.
 *
 * `logGapSum` is Σ ln(gap) over all repeat gaps in the unit of the triples; it only matters to compare different k.
 */
export function geometricLikelihood(
  data: PreparedTriples,
  shape: GeometricShape,
  { r, alpha, a, b }: GeometricParameters,
  logGapSum: number,
  gradient?: Float64Array,
): number {
  const k = shape.regularity;
  const hasDropout = shape.dropout !== 'none';
  const table = repeatTables(data, shape, { r, alpha, a, b });
  const { logAge, inverseAge, logLast, inverseLast } = timeTables(data, alpha);
  const { weight, repeatIndex, lastIndex, ageIndex, age, last } = data;
  const droppedByRepeats = new Float64Array(data.repeats.length);
  const polynomial = new Float64Array(3);

  let value = 0;
  let slopeR = 0;
  let slopeAlpha = 0;
  for (let cell = 0; cell < weight.length; cell++) {
    const n = weight[cell] as number;
    const xi = repeatIndex[cell] as number;
    const ti = ageIndex[cell] as number;
    const li = lastIndex[cell] as number;
    const c = table.ticks[xi] as number;
    const ageLog = logAge[ti] as number;
    let logPoly = 0;
    let polyR = 0;
    let polyAlpha = 0;
    if (k > 1) {
      const inverse = inverseAge[ti] as number;
      const u = ((age[ti] as number) - (last[li] as number)) * inverse;
      ticksSinceLast(c, u, k, polynomial);
      const poly = polynomial[0] as number;
      logPoly = log(poly);
      polyR = (polynomial[1] as number) / poly;
      polyAlpha = (-(polynomial[2] as number) / poly) * u * inverse;
    }
    if (!hasDropout) {
      value += n * (logPoly - c * ageLog);
      slopeR += n * (polyR - ageLog);
      slopeAlpha += n * (polyAlpha - c * (inverseAge[ti] as number));
      continue;
    }
    const odds = (table.oddsByRepeats[xi] as number) + c * (ageLog - (logLast[li] as number)) - logPoly;
    const small = exp(odds > 0 ? -odds : odds);
    const dropped = odds > 0 ? 1 / (1 + small) : small / (1 + small);
    const kept = odds > 0 ? small / (1 + small) : 1 / (1 + small);
    value += n * (logPoly - c * ageLog + max(odds, 0) + log1p(small));
    droppedByRepeats[xi] = (droppedByRepeats[xi] as number) + n * dropped;
    slopeR += n * (kept * (polyR - ageLog) - dropped * (logLast[li] as number));
    slopeAlpha +=
      n * (kept * (polyAlpha - c * (inverseAge[ti] as number)) - dropped * c * (inverseLast[li] as number));
  }

  // r ln alpha is taken in here per customer: -c ln(alpha + T) alone loses digits only where r is in the thousands.
  value += data.customers * r * log(alpha);
  slopeR += data.customers * log(alpha);
  slopeAlpha += (data.customers * r) / alpha;
  let slopeA = 0;
  let slopeB = 0;
  for (let xi = 0; xi < data.repeats.length; xi++) {
    const n = data.customersByRepeats[xi] as number;
    value += n * (table.constant[xi] as number);
    slopeR += n * (table.constantR[xi] as number);
    if (!hasDropout) continue;
    const dropped = droppedByRepeats[xi] as number;
    slopeA += n * (table.constantA[xi] as number) + dropped / a;
    // Nobody who drops out after a repeat only can have dropped out before one: then `dropped` is 0.
    if (dropped > 0) slopeB -= dropped / (b + (table.chances[xi] as number) - 1);
    slopeB += n * (table.constantB[xi] as number);
  }
  if (gradient !== undefined) {
    gradient[0] = slopeR * r;
    gradient[1] = slopeAlpha * alpha;
    if (hasDropout) {
      gradient[2] = slopeA * a;
      gradient[3] = slopeB * b;
    }
  }
  return value + (k - 1) * logGapSum - data.totalRepeats * logFactorial(k - 1);
}

/** poly(u) of the likelihood, its derivatives with respect to r and to u: written to `out`. */
export function ticksSinceLast(c: number, u: number, k: number, out: Float64Array): void {
  let term = 1;
  let poly = 1;
  let slopeR = 0;
  let slopeU = 0;
  let harmonic = 0;
  for (let j = 1; j < k; j++) {
    slopeU += term * (c + j - 1);
    term *= ((c + j - 1) * u) / j;
    harmonic += 1 / (c + j - 1);
    poly += term;
    slopeR += term * harmonic;
  }
  out[0] = poly;
  out[1] = slopeR;
  out[2] = slopeU;
}

/** What depends on the repeats alone. */
interface RepeatTables {
  /** c = r + k x. */
  ticks: Float64Array;
  /** Chances to drop out so far: n of the formula. */
  chances: Float64Array;
  oddsByRepeats: Float64Array;
  constant: Float64Array;
  constantR: Float64Array;
  constantA: Float64Array;
  constantB: Float64Array;
}

function repeatTables(
  data: PreparedTriples,
  shape: GeometricShape,
  { r, a, b }: GeometricParameters,
): RepeatTables {
  const k = shape.regularity;
  const size = data.repeats.length;
  const tables: RepeatTables = {
    ticks: data.repeats.map((x) => r + k * x),
    chances: data.repeats.map((x) => (shape.dropout === 'after_any' ? x + 1 : x)),
    oddsByRepeats: new Float64Array(size),
    constant: new Float64Array(size),
    constantR: new Float64Array(size),
    constantA: new Float64Array(size),
    constantB: new Float64Array(size),
  };
  // Running products over the distinct repeats in ascending order.
  const order = Array.from(data.repeats.keys()).sort(
    (left, right) => (data.repeats[left] as number) - (data.repeats[right] as number),
  );
  let tick = 0;
  let logRising = 0;
  let harmonic = 0;
  let chance = 0;
  let logKept = 0;
  let slopeA = 0;
  let slopeB = 0;
  for (const xi of order) {
    const x = data.repeats[xi] as number;
    for (; tick < k * x; tick++) {
      logRising += log(r + tick);
      harmonic += 1 / (r + tick);
    }
    tables.constant[xi] = logRising;
    tables.constantR[xi] = harmonic;
    if (shape.dropout === 'none') continue;
    const chances = tables.chances[xi] as number;
    for (; chance < chances; chance++) {
      logKept -= log1p(a / (b + chance));
      slopeA -= 1 / (a + b + chance);
      slopeB += a / ((b + chance) * (a + b + chance));
    }
    tables.constant[xi] = logRising + logKept;
    tables.constantA[xi] = slopeA;
    tables.constantB[xi] = slopeB;
    tables.oddsByRepeats[xi] = chances === 0 ? Number.NEGATIVE_INFINITY : log(a) - log(b + chances - 1);
  }
  return tables;
}

function timeTables(data: PreparedTriples, alpha: number) {
  return {
    logAge: data.age.map((time) => log(alpha + time)),
    inverseAge: data.age.map((time) => 1 / (alpha + time)),
    logLast: data.last.map((time) => log(alpha + time)),
    inverseLast: data.last.map((time) => 1 / (alpha + time)),
  };
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += log(i);
  return sum;
}
