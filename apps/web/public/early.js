// Runs before the first paint, so that the page never flashes in the other theme or language.
(() => {
  const root = document.documentElement;
  let theme = null;
  let language = null;
  try {
    theme = localStorage.getItem('suda.theme');
    language = localStorage.getItem('suda.language');
  } catch {}
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
  root.lang = language === 'ko' || language === 'en' ? language : navigator.language.startsWith('ko') ? 'ko' : 'en';
})();
