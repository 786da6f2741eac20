/** How a run chooses among the networks that hold: by pixels × parameters, by pixels, or by accuracy alone. */
export const PREFERENCES = ['smallest', 'pixels', 'accurate'] as const;
export type Preference = (typeof PREFERENCES)[number];
