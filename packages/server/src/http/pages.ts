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

export const errorPage = (error: SudaError, method: string, path: string, mount: string): string =>
  page(
    `${error.status} · Suda`,
    `<main class="error"><p class="status">${error.status}</p><h1>${escapeHtml(error.message)}</h1>
<p><code>${escapeHtml(method)} ${escapeHtml(path)}</code></p><p><a href="${mount}/">Back to the chat · 채팅으로</a></p></main>`,
    mount,
  );

export const stylesheet = `:root{color-scheme:light dark;--ink:#1d1d28;--soft:#62627a;--line:#dcdce8;--paper:#fff;--tint:#f4f4fa;--mark:#4a3fd0}
@media (prefers-color-scheme:dark){:root{--ink:#ececf4;--soft:#a3a3b8;--line:#34344a;--paper:#14141d;--tint:#1e1e2b;--mark:#a9a1ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,"Apple SD Gothic Neo","Noto Sans KR",sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 6rem}
a{color:var(--mark)}
code,pre{font:14px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
code{background:var(--tint);padding:.1em .35em;border-radius:.3em}
.error{text-align:center;padding-top:18vh}.status{font-size:4rem;margin:0;color:var(--mark);font-weight:700;line-height:1}
h1{font-size:1.5rem;line-height:1.3}h2{margin:3rem 0 1rem;font-size:1.2rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
nav ul{columns:18rem;padding-left:1.1rem}
article{border:1px solid var(--line);border-radius:.75rem;padding:1rem 1.25rem;margin:1rem 0;overflow-x:auto}
article h3{margin:0;font:600 15px/1.5 ui-monospace,Menlo,Consolas,monospace}
article p{margin:.4rem 0}.verb{color:var(--mark)}.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.6rem 0}td,th{text-align:left;padding:.3rem .8rem .3rem 0;border-top:1px solid var(--line);vertical-align:top}
`;
