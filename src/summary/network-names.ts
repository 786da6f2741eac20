/** What the networks that a run trains in full are called, wherever they stand side by side. */
export const NETWORK_NAMES = {
  baseline: 'full-face baseline',
  evolved: 'evolved patches',
  control: 'whole face, same budget',
} as const;
