/** A table of schema `raw`, as the engine stores it. */
export interface RawTable {
  /** Quoted, with its schema. */
  name: string;
  /** `shop.orders.csv`, for messages. */
  label: string;
  /** Name and type of the stored columns, as the engine says. */
  types: ReadonlyMap<string, string>;
}
