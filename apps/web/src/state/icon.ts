/** The number on the icon that the page was installed under, where there is such a thing (W3C Badging API). */
type Badging = Navigator & { readonly setAppBadge?: (count?: number) => Promise<void>; readonly clearAppBadge?: () => Promise<void> };

let shown: boolean | undefined;

/** A dot on the tab's icon while there is something unread, and the count on the installed one. */
export function markIcon(unread: number): void {
  const badging = navigator as Badging;
  const told = unread > 0 ? badging.setAppBadge?.(unread) : badging.clearAppBadge?.();
  // Not installed, or not allowed: then there is no icon to mark.
  told?.catch(() => {});
  if (shown === unread > 0) return;
  shown = unread > 0;
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (link) link.href = link.href.replace(/favicon(-dot)?\.svg/, unread > 0 ? 'favicon-dot.svg' : 'favicon.svg');
}
