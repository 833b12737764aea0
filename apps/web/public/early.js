// Runs before the first paint, so that the page never flashes in the other theme or language.
(() => {
  const root = document.documentElement;
  let theme = null;
  let language = null;
  let contrast = null;
  let density = null;
  try {
    theme = localStorage.getItem('suda.theme');
    language = localStorage.getItem('suda.language');
    contrast = localStorage.getItem('suda.contrast');
    density = localStorage.getItem('suda.density');
  } catch {}
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
  if (contrast === 'more' || matchMedia('(prefers-contrast: more)').matches) root.dataset.contrast = 'more';
  if (density === 'lines') root.dataset.density = 'lines';
  root.lang = language === 'ko' || language === 'en' ? language : navigator.language.startsWith('ko') ? 'ko' : 'en';
  // The page's words, fetched beside its scripts and not after them.
  const words = document.currentScript.dataset[root.lang];
  if (words) document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: words }));
  // The Hangul that most of a Korean page is written in, fetched before the page's script knows that it is needed.
  const hangul = document.querySelector('link[data-hangul]');
  if (hangul && root.lang === 'ko') hangul.media = 'all';
})();
