/** The names of an installed application, where nobody has named the place. */
const names = { ko: { name: '수다', lobby: '로비' }, en: { name: 'Suda', lobby: 'Lobby' } } as const;

/**
 * The web application manifest (W3C Application Manifest) as it was built, in the name of this place.
 * @param built what the build has left: icons, colours and addresses relative to it
 * @param called what the place is called; null: nothing yet
 * @param languages the request's `Accept-Language`
 */
export function manifestOf(built: object, called: string | null, languages: string): string {
  const lang = /^ko\b/i.test(languages) ? 'ko' : 'en';
  const { name, lobby } = names[lang];
  return JSON.stringify({
    ...built,
    lang,
    name: called ?? name,
    short_name: called ?? name,
    shortcuts: [{ name: lobby, url: './r/lobby', icons: [{ src: 'icon-192.png', sizes: '192x192', type: 'image/png' }] }],
  });
}
