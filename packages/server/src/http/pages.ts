import type { SudaError } from '@suda/protocol';

/** Text as HTML text or attribute value. */
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/**
 * A page without script. Its style comes from `/suda-pages.css`, since the content security policy allows no other.
 * @param mount the path that everything is under; empty: none
 */
export const page = (title: string, body: string, mount: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${mount}/suda-pages.css">
</head>
<body>
${body}
</body>
</html>
`;

/** Suda's mark, as in apps/web/public/favicon.svg. */
export const mark =
  '<svg class="mark" viewBox="0 0 64 64" aria-hidden="true"><path class="bubble" d="M32 4c15.500 0 28 11 28 25.500S47.500 55 32 55c-2.300 0-4.500-.2-6.600-.7L13.700 59.700c-1.700.8-3.500-.8-2.900-2.600l2.500-8C7.600 44.500 4 37.500 4 29.500 4 15 16.500 4 32 4Z"/><path class="siot" d="M32 16.500c0 11-4.500 19.500-13.500 24.500M31.400 24.500c1.700 7.300 6.500 13 14.100 16.500"/></svg>';

export const errorPage = (error: SudaError, method: string, path: string, mount: string): string =>
  page(
    `${error.status} · Suda`,
    `<main class="error">${mark}<p class="status">${error.status}</p><h1>${escapeHtml(error.message)}</h1>
${error.message.includes(path) ? '' : `<p><code>${escapeHtml(method)} ${escapeHtml(path)}</code></p>`}<p><a class="button" href="${mount}/">Back to the chat · 채팅으로</a></p></main>`,
    mount,
  );

/** The chat page's colours (apps/web/src/styles/tokens.css) and its measures; a typeface that every machine has, for a page that must work when nothing else does. */
export const stylesheet = `:root{color-scheme:light dark;--paper:#f4f5f0;--surface:#fdfdfa;--sunken:#e8ebe3;--line:#d6dbd1;--ink:#1d2320;--soft:#525a54;--accent:#17695a;--accent-ink:#fbfffc}
@media (prefers-color-scheme:dark){:root{--paper:#131716;--surface:#1b201e;--sunken:#0d100f;--line:#303735;--ink:#e6e9e5;--soft:#aeb6b0;--accent:#7dcfb3;--accent-ink:#06231a}}
@media (prefers-contrast:more){:root{--paper:#fff;--surface:#fff;--line:#6d746f;--ink:#000;--soft:#2a302c;--accent:#00483a;--accent-ink:#fff}}
@media (prefers-contrast:more) and (prefers-color-scheme:dark){:root{--paper:#000;--surface:#050706;--line:#8b958f;--ink:#fff;--soft:#dbe1dc;--accent:#8ff0cf;--accent-ink:#00150e}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.6 Pretendard,"Apple SD Gothic Neo","Segoe UI","Malgun Gothic","Noto Sans KR","Noto Sans CJK KR",system-ui,sans-serif;word-break:keep-all;overflow-wrap:anywhere}
main{max-width:60rem;margin:0 auto;padding:2.5rem 1.25rem 6rem}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
code,pre{font:.9em/1.5 ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"D2Coding","Noto Sans Mono CJK KR",monospace}
code{background:var(--sunken);padding:.1em .4em;border-radius:6px}
h1{font-size:1.75rem;line-height:1.25;letter-spacing:-.02em;margin:.4rem 0;text-wrap:balance}
h2{margin:3rem 0 .9rem;font-size:1.125rem;letter-spacing:-.01em}
.mark{width:44px;height:44px;display:block}.mark .bubble{fill:var(--accent)}.mark .siot{fill:none;stroke:var(--accent-ink);stroke-width:7.5;stroke-linecap:round}
.error{display:flex;flex-direction:column;align-items:flex-start;gap:.75rem;max-width:26rem;min-height:88vh;min-height:88dvh;justify-content:center;padding-block:2rem}
.error .mark{width:60px;height:60px;margin-bottom:.5rem}.error p{margin:0}.error h1{margin:0;font-size:1.375rem}.status{color:var(--soft);font-variant-numeric:tabular-nums}
.button{display:inline-flex;align-items:center;min-height:44px;padding:.3rem 1rem;border-radius:10px;background:var(--accent);color:var(--accent-ink);font-weight:600;text-decoration:none;margin-top:.75rem}
nav ul{columns:14rem;padding:0;margin:0;list-style:none}nav li{padding:.1rem 0}
article{border:1px solid var(--line);border-radius:14px;background:var(--surface);padding:1rem 1.25rem;margin:.9rem 0;overflow-x:auto}
article h3{margin:0;font:600 .9375rem/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
article p{margin:.4rem 0}.verb{color:var(--accent)}.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.6rem 0}td,th{text-align:left;padding:.35rem .8rem .35rem 0;border-top:1px solid var(--line);vertical-align:top}
`;
