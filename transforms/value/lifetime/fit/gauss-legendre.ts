/** Nodes and weights on [0, 1]. */
export interface Quadrature {
  nodes: Float64Array;
  weights: Float64Array;
}

/** Gauss-Legendre rule with `size` nodes on [0, 1], by Newton's method on the polynomial (Press et al., 4.6). */
export function gaussLegendre(size: number): Quadrature {
  const nodes = new Float64Array(size);
  const weights = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (size + 0.5));
    let slope = 1;
    for (let step = 0; step < 20; step++) {
      let current = 1;
      let before = 0;
      for (let n = 1; n <= size; n++) {
        [before, current] = [current, ((2 * n - 1) * x * current - (n - 1) * before) / n];
      }
      slope = (size * (x * current - before)) / (x * x - 1);
      const move = current / slope;
      x -= move;
      if (Math.abs(move) < 1e-15) break;
    }
    nodes[i] = (1 - x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}
