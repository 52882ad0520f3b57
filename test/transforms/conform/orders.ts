/** A table of orders in a shop, whose key and columns are called otherwise than those of the entity. */
export const orders = {
  entity: 'purchases',
  columns: ['order_no', 'customer_no', 'ordered', 'amount'],
  config: {
    key: 'order_no',
    map: {
      purchase_ref: 'order_no',
      account_ref: 'customer_no',
      ordered_at: 'ordered',
      net_amount: 'amount',
    },
  },
} as const;
