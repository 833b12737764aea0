/** Where the page is: the server says so in `<base>`, and in `<meta>` whom it lets in. */
const whole = new URL('.', document.baseURI);
const signIn = document.querySelector<HTMLMetaElement>('meta[name="suda-sign-in"]')?.content;

export const place = {
  /** Without a slash at its end: what the SDK is given, and what links to rooms begin with. */
  url: whole.href.replace(/\/$/, ''),
  /** The path that the page is under, with a slash at its end. */
  path: whole.pathname,
  /** Only users of the application that the chat is part of may come in; then, where they sign in, if it said so. */
  signIn: signIn === undefined ? null : { href: signIn },
};
