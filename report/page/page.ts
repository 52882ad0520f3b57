import { type Html, html, trusted } from './html.ts';
import type { Section } from './section.ts';
import { styles } from './styles.ts';

/** The document: it holds all it shows, asks the network for nothing, and its policy lets no script run. */
export function page(title: string, head: Html, sections: readonly Section[], foot: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(styles)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${head}</header>
<nav aria-label="Parts of the report"><ul>
${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
</ul></nav>
<main>
${sections.map(sectionOf)}</main>
<footer>
${foot}</footer>
</body>
</html>
`.html;
}

function sectionOf({ id, title, meaning, body, advice }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
<p>${meaning}</p>
${body}
<p class="advice"><strong>What to do:</strong> ${advice}</p>
</section>
`;
}
