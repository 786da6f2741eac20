import { html, trusted } from '../../core/html.ts';
import { liveScript } from './page-script.ts';
import { pageStyles } from './styles.ts';

/** Renders the page that is shown until the run has a folder. */
export function waitingPage(): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>evopatch: starting a run</title>
<style>${trusted(pageStyles())}</style>
</head>
<body>
<main id="main"><header><h1>Starting the run</h1><p class="lead">Loading the data. This page updates itself.</p></header></main>
<script>${trusted(liveScript())}</script>
</body>
</html>
`.text;
}
