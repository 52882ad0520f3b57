/** Union-find over nodes 0 to n - 1 (Tarjan 1975); each set is named for its smallest node. */
export class Connected {
  readonly #parent: Int32Array;

  constructor(nodes: number) {
    this.#parent = Int32Array.from({ length: nodes }, (_, node) => node);
  }

  rootOf(node: number): number {
    const parent = this.#parent;
    let at = node;
    for (;;) {
      const up = parent[at] ?? at;
      if (up === at) return at;
      const next = parent[up] ?? up;
      parent[at] = next;
      at = next;
    }
  }

  connect(one: number, other: number): void {
    const [first, second] = [this.rootOf(one), this.rootOf(other)];
    if (first !== second) this.#parent[Math.max(first, second)] = Math.min(first, second);
  }
}
