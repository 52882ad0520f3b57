/** The style of the page: by day, by night and on paper, from a telephone up. */
export const styles = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --card: #f6f8fa; --ink: #1f2a37; --quiet: #566171; --grid: #dfe4ea;
  --gain: #0f766e; --loss: #b42318; --link: #0b5cad;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12171d; --card: #1b222b; --ink: #e6eaf0; --quiet: #a3adba; --grid: #36404c;
    --gain: #3fb8ac; --loss: #f07a6c; --link: #7db7f5;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 54rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif;
}
h1 { margin: 0 0 .25rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 0 0 .5rem; font-size: 1.35rem; }
h3 { margin: 2rem 0 .5rem; font-size: 1.05rem; }
p { margin: .5rem 0; }
a { color: var(--link); }
code { font-size: .85em; color: var(--quiet); overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 1rem 0; padding: 0; list-style: none; }
nav a { display: inline-block; padding: .25rem 0; }
section { margin-top: 3rem; padding-top: 1.5rem; border-top: 1px solid var(--grid); }
.advice { margin-top: 1rem; padding: .75rem 1rem; border-left: 4px solid var(--gain); background: var(--card); }
.key-figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0; }
.key-figures div { padding: .75rem 1rem; background: var(--card); border-radius: .5rem; }
.key-figures dt { color: var(--quiet); font-size: .85rem; }
.key-figures dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
figure { margin: 1.25rem 0; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { color: var(--quiet); font-size: .9rem; }
.narrow { display: none; }
.scroll { margin: 1.25rem 0; overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .9rem; min-width: 60%; }
caption { padding-bottom: .25rem; text-align: left; font-weight: 600; }
th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--grid); text-align: left; vertical-align: top; }
thead th { color: var(--quiet); font-weight: 500; vertical-align: bottom; }
tbody th { font-weight: 500; min-width: 6rem; }
tbody th code { display: block; white-space: nowrap; }
td { white-space: nowrap; }
thead .number { white-space: normal; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--grid); color: var(--quiet); font-size: .9rem; }
@media (max-width: 760px) {
  .wide { display: none; }
  .narrow { display: block; }
}
@media print {
  :root {
    color-scheme: light;
    --ground: #fff; --card: #f3f4f6; --ink: #111; --quiet: #444; --grid: #ccc; --gain: #0f766e; --loss: #b42318; --link: #111;
  }
  @page { margin: 15mm; }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  nav { display: none; }
  .wide { display: block; }
  .narrow { display: none; }
  .scroll { overflow: visible; }
  table { font-size: 8.5pt; }
  p { orphans: 3; widows: 3; }
  figure, .scroll, .advice, .key-figures div { break-inside: avoid; }
  h2, h2 + p, h3, caption, thead { break-after: avoid; }
  .advice { break-before: avoid; }
  section { margin-top: 2rem; }
}
`;
