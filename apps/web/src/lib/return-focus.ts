/**
 * Remembers where the focus is, to bring it back there when what had it goes away. If that is no longer there, or can't be focused any more,
 * it goes to the nearest thing around it that can be; it is never nowhere.
 */
export function returnFocus(): () => void {
  const around: HTMLElement[] = [];
  for (let one = document.activeElement; one instanceof HTMLElement && one !== document.body; one = one.parentElement) around.push(one);
  return () => {
    if (isSomewhere()) return;
    for (const one of around) {
      if (one.isConnected) one.focus({ preventScroll: true });
      if (isSomewhere()) return;
    }
    document.querySelector<HTMLElement>('[data-testid=composer]')?.focus({ preventScroll: true });
  };
}

const isSomewhere = (): boolean => document.activeElement !== null && document.activeElement !== document.body;
