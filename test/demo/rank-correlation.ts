/** Spearman's: correlation of the ranks, those of equal values at their mean. */
export function rankCorrelation(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [ranks(left), ranks(right)];
  const middle = (left.length - 1) / 2;
  let [covariance, variance, other] = [0, 0, 0];
  for (const [row, rank] of a.entries()) {
    covariance += (rank - middle) * ((b[row] as number) - middle);
    variance += (rank - middle) ** 2;
    other += ((b[row] as number) - middle) ** 2;
  }
  return covariance / Math.sqrt(variance * other);
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, row) => row).sort((i, j) => (values[i] as number) - (values[j] as number));
  const found = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++;
    for (let place = from; place < to; place++) found[order[place] as number] = (from + to - 1) / 2;
    from = to;
  }
  return found;
}
