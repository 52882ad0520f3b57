/**
 * Expectations for single customers that were published, or computed by other programs, at parameters of the CDNOW
 * sample (weeks): the Python library lifetimes, penalizer 0. Horizon 39 weeks.
 */
export const publishedParameters = {
  bg_nbd: [0.2425945434210672, 4.41360271607737, 0.7929218333477835, 2.4259057287213945],
  mbg_nbd: [0.5248429031495917, 6.183081764399231, 0.8913595172712111, 1.61400293119831],
  pareto_nbd: [0.5532770410745704, 10.577683202606824, 0.6062399513535889, 11.668734269983343],
} as const;

/** Model, repeats, t_x and T in days, probability of being alive, expected purchases in 39 weeks. */
export const publishedCustomers = [
  ['bg_nbd', 0, 0, 189, 1, 0.258978988609],
  ['bg_nbd', 2, 88, 195, 0.506008473544, 1.09046267857],
  ['bg_nbd', 3, 164, 226, 0.695059504705, 1.91320485167],
  ['bg_nbd', 6, 262, 268, 0.891911547424, 4.06190403239],
  ['bg_nbd', 29, 264, 266, 0.969221274605, 20.0552501508],
  ['mbg_nbd', 0, 0, 189, 0.428462108088, 0.220623469231],
  ['mbg_nbd', 2, 88, 195, 0.4737099678, 1.06475289889],
  ['mbg_nbd', 3, 164, 226, 0.672986603387, 1.88023775432],
  ['mbg_nbd', 6, 262, 268, 0.882674174227, 3.95352551925],
  ['mbg_nbd', 29, 264, 266, 0.965938078061, 18.9518723995],
  ['pareto_nbd', 0, 0, 189, 0.383738517674, 0.17534740505],
  ['pareto_nbd', 2, 88, 195, 0.579098927541, 1.19852742525],
  ['pareto_nbd', 3, 164, 226, 0.813810079147, 2.13980562933],
  ['pareto_nbd', 6, 262, 268, 0.988938964781, 4.29214716552],
  ['pareto_nbd', 29, 264, 266, 0.996186944043, 19.5958495136],
] as const;
