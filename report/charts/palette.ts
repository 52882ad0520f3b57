/** The colours of a chart, as CSS. */
export interface Palette {
  ground: string;
  ink: string;
  quiet: string;
  grid: string;
  gain: string;
  loss: string;
}

/** For a picture that stands alone. */
export const paperPalette: Palette = {
  ground: 'white',
  ink: '#1f2a37',
  quiet: '#8a94a3',
  grid: '#e6e9ee',
  gain: '#0f766e',
  loss: '#b42318',
};

/** For a chart within a page, whose style says what the names mean by day, by night and on paper. */
export const pagePalette: Palette = {
  ground: 'transparent',
  ink: 'var(--ink)',
  quiet: 'var(--quiet)',
  grid: 'var(--grid)',
  gain: 'var(--gain)',
  loss: 'var(--loss)',
};
