/**
 * Expected purchases in a time t of a customer who is alive, rate gamma(r + x, alpha + T), drop-out
 * beta(a, b + chances): the form that stays stable where the hypergeometric function of the paper gives NaN.
 *
 * With z = t/(alpha+T+t), L = ln(1-z), e = a-1, C = a+b+chances-1, A = C - (r+x):
 *   E = C (-expm1(e L) / e) - exp(e L) S, the first bracket -L where e = 0,
 *   S = Σ u_n, u_1 = A z, u_{n+1} = u_n (A+n)(a+n-1) z / ((C+n)(n+1)),
 * the Euler transformation of Fader, Hardie & Lee 2005 equation 10 with its term for n = 0 taken out.
 *
 * @param shape r + x
 * @param z t / (alpha + T + t), below 1
 * @param chances x for BG/NBD, x + 1 for MBG/NBD
 */
export function geometricExpectation(
  shape: number,
  z: number,
  a: number,
  b: number,
  chances: number,
): number {
  const logRest = Math.log1p(-z);
  const e = a - 1;
  const c = a + b + chances - 1;
  const difference = c - shape;
  let term = difference * z;
  let sum = term;
  for (let n = 1; n < 100_000; n++) {
    term *= ((difference + n) * (a + n - 1) * z) / ((c + n) * (n + 1));
    sum += term;
    if (term * term <= 1e-32 * sum * sum) break;
  }
  const growth = e === 0 ? -logRest : -Math.expm1(e * logRest) / e;
  return c * growth - Math.exp(e * logRest) * sum;
}
